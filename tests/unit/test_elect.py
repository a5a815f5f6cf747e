"""Election: who goes names one that stays, directly, and nothing that stays could still go."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from dedup.io.store import BlockStore
from dedup.neardup import elect as elections
from dedup.neardup.elect import Election, hold_election, rank_documents
from dedup.neardup.match import Graph
from hypothesis import example, given, settings
from hypothesis import strategies as st


def graph_of(letters: list[int], edges: list[tuple[int, int]]) -> Graph:
    removed, kept = (np.array([edge[side] for edge in edges], np.int64) for side in (0, 1))
    similarity = np.array([0.8 + (7 * a + b) % 100 / 1000 for a, b in edges])
    fullness = np.empty(len(letters), np.int64)
    fullness[np.lexsort((np.arange(len(letters)), letters))] = np.arange(len(letters))  # no two alike, as verification ranks them
    return Graph(removed, kept, similarity, similarity, np.zeros(len(edges), np.bool_), fullness, len(edges), 0)


@st.composite
def graphs(draw, equal_sizes=False):
    """Letters of each node, and edges as verification gives them: the shorter for the longer, or both ways."""
    count = draw(st.integers(1, 9))
    size = st.integers(0, 4)
    letters = draw(st.lists(size, min_size=count, max_size=count)) if not equal_sizes else [3] * count
    edges: set[tuple[int, int]] = set()
    for a in range(count):
        for b in range(a):
            kind = draw(st.sampled_from(["none", "none", "up", "both"]))
            small, large = (a, b) if letters[a] < letters[b] else (b, a)
            if kind == "both" or (kind == "up" and letters[a] == letters[b] and not equal_sizes):
                edges |= {(a, b), (b, a)}
            elif kind == "up":
                edges.add((small, large))
    return letters, sorted(edges), draw(st.permutations(range(count)))


def elected(letters, edges, rank) -> Election:
    count = len(letters)
    return held(np.arange(count), count, rank, graph_of(letters, edges))


def held(class_of: np.ndarray, classes: int, rank: list[int], graph: Graph) -> Election:
    """An election in which all take part; held in stretches, it is the same."""
    ranks, stays, store = np.array(rank, np.int64), np.ones(len(rank), np.bool_), BlockStore(1 << 40, Path())
    election = hold_election(class_of, classes, ranks.__getitem__, stays, graph, store, 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(elections, "STRETCH", 2)
        again = hold_election(class_of, classes, ranks.__getitem__, stays, graph, store, 1)
    assert (again.canonical.tolist(), again.similarity.tolist()) == (election.canonical.tolist(), election.similarity.tolist())
    return election


def check(letters, edges, rank) -> None:
    leader = elected(letters, edges, rank).canonical.tolist()
    stays = {node for node in range(len(letters)) if leader[node] == node}
    for node in range(len(letters)):
        assert leader[node] in stays
        assert node in stays or (node, leader[node]) in edges
    assert [(a, b) for a, b in edges if a in stays and b in stays] == []


@given(graphs())
@settings(max_examples=400)
@example(([1, 2, 3], [(0, 1), (1, 2)], [0, 1, 2]))
@example(([1, 2, 3, 2], [(0, 1), (1, 2), (3, 1), (1, 3)], [1, 0, 3, 2]))
def test_who_goes_names_one_that_stays_and_none_that_stays_could_go(graph):
    check(*graph)


@given(graphs(), st.randoms(use_true_random=False))
@settings(max_examples=200)
def test_the_outcome_does_not_depend_on_how_nodes_and_edges_are_numbered(graph, random):
    letters, edges, rank = graph
    letters = [size * len(letters) + node for node, size in enumerate(letters)]  # no two alike: a tie is broken by number
    number = list(range(len(letters)))
    random.shuffle(number)
    old = sorted(number, key=number.__getitem__)
    renamed_edges = [(number[a], number[b]) for a, b in edges]
    random.shuffle(renamed_edges)
    renamed = elected([letters[node] for node in old], renamed_edges, [rank[node] for node in old])
    first = elected(letters, edges, rank)
    assert [number[leader] for leader in first.canonical.tolist()] == renamed.canonical[number].tolist()
    assert first.rewalked == renamed.rewalked


@given(graphs())
@settings(max_examples=300)
def test_the_similarity_is_that_of_the_edge_to_the_one_that_stays(graph):
    letters, edges, rank = graph
    election = elected(letters, edges, rank)
    similarity = dict(zip(edges, graph_of(letters, edges).similarity.tolist(), strict=True))
    for node, leader in enumerate(election.canonical.tolist()):
        assert election.similarity[node] == (1.0 if node == leader else similarity[node, leader])


@given(graphs())
@settings(max_examples=300)
def test_holding_the_election_among_those_that_stayed_changes_nothing(graph):
    letters, edges, rank = graph
    leader = elected(letters, edges, rank).canonical.tolist()
    stays = [node for node in range(len(letters)) if leader[node] == node]
    inner = [(stays.index(a), stays.index(b)) for a, b in edges if a in stays and b in stays]
    again = elected([letters[node] for node in stays], inner, [rank[node] for node in stays])
    assert again.canonical.tolist() == list(range(len(stays)))


@given(graphs(equal_sizes=True).filter(lambda graph: is_acyclic(len(graph[0]), [(a, b) for a, b in graph[1] if (b, a) not in graph[1]])))
@settings(max_examples=400)
def test_paragraphs_of_equal_length_are_elected_like_all_others(graph):
    check(*graph)


def is_acyclic(count: int, edges: list[tuple[int, int]]) -> bool:
    left = set(range(count))
    while left:
        ends = {node for node in left if not any(a == node and b in left for a, b in edges)}
        if not ends:
            return False
        left -= ends
    return True


def test_equal_paragraphs_go_for_the_one_in_the_best_document():
    election = held(np.array([0, 0, 1, 0]), 2, [5, 2, 0, 2], graph_of([9, 9], []))
    assert election.canonical.tolist() == [1, 1, 2, 1]
    assert election.similarity.tolist() == [1.0] * 4


def test_members_of_a_class_that_goes_go_where_it_goes():
    election = held(np.array([0, 1, 0]), 2, [0, 1, 2], graph_of([5, 9], [(0, 1)]))
    assert election.canonical.tolist() == [1, 1, 1]


def test_of_two_that_contain_each_other_the_one_in_the_better_document_stays():
    for rank, stays in (([0, 1], 0), ([1, 0], 1)):
        assert elected([4, 4], [(0, 1), (1, 0)], rank).canonical.tolist() == [stays, stays]


def test_a_fuller_one_that_comes_later_still_takes_the_place():
    assert elected([1, 2], [(0, 1)], [0, 1]).canonical.tolist() == [1, 1]


def test_nothing_goes_through_a_chain():
    leader = elected([1, 2, 3], [(0, 1), (1, 2)], [0, 1, 2]).canonical.tolist()
    assert leader == [0, 2, 2]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2)), min_size=1, max_size=12))
def test_documents_rank_by_preference_then_length_then_id(rows):
    characters, preference = (np.array(side, np.int64) for side in zip(*rows, strict=True))
    tie = np.arange(len(rows))[::-1].copy()
    for wanted, key in ((None, lambda k: (-rows[k][0], tie[k])), (preference, lambda k: (rows[k][1], -rows[k][0], tie[k]))):
        rank = rank_documents(characters, tie, wanted)
        assert sorted(range(len(rows)), key=lambda k, rank=rank: rank[k]) == sorted(range(len(rows)), key=key)
