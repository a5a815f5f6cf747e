"""Candidate pairs, comparison and components, against brute force."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from dedup.kernels.pairs import compare_pairs, components, group_pairs
from hypothesis import example, given
from hypothesis import strategies as st
from tests import oracles

groups = st.lists(st.integers(0, 5), max_size=30)


def pairs_of(keys: list[int], limit: int, window: int, asked: set[int] | None = None) -> tuple[list[tuple[int, int]], int]:
    """Pairs among items 0, 1, ... with these keys, as the kernel lists them, and the number of large groups."""
    wanted = np.array([asked is None or item in asked for item in range(len(keys))], np.bool_)
    order = np.argsort(np.array(keys, np.uint64), kind="stable")
    column = np.array(keys, np.uint64)[order]
    count, large = group_pairs(column, order, wanted, limit, window, np.zeros(0, np.uint64))
    packed = np.zeros(count, np.uint64)
    if count:
        assert group_pairs(column, order, wanted, limit, window, packed) == (count, large)
    return [(int(value) >> 32, int(value) & 0xFFFFFFFF) for value in packed], large


def members_of(keys: list[int]) -> list[list[int]]:
    return [[item for item, other in enumerate(keys) if other == key] for key in sorted(set(keys))]


@given(groups)
def test_every_pair_of_a_small_group_is_a_candidate_once(keys):
    found, large = pairs_of(keys, limit=64, window=8)
    assert sorted(found) == sorted(pair for members in members_of(keys) for pair in combinations(members, 2))
    assert large == 0


@given(groups, st.sets(st.integers(0, 29)), st.sampled_from([3, 64]))
def test_pairs_without_one_that_is_wanted_are_left_out(keys, asked, limit):
    every, _ = pairs_of(keys, limit, 2)
    assert pairs_of(keys, limit, 2, asked)[0] == [pair for pair in every if asked & {*pair}]


@given(groups, st.integers(1, 10), st.integers(1, 4))
@example([0] * 20, 5, 2)
def test_a_large_group_is_compared_through_representatives_and_neighbours(keys, limit, window):
    found, large = pairs_of(keys, limit, window)
    expected = [
        (members[i], members[j])
        for members in members_of(keys)
        for i, j in combinations(range(len(members)), 2)
        if len(members) <= limit or i < window or j - i <= window
    ]
    assert sorted(found) == sorted(expected)
    assert large == sum(len(members) > limit for members in members_of(keys))


def test_pairs_of_a_large_group_grow_with_its_size_and_not_with_its_square():
    assert len(pairs_of([7] * 2000, limit=64, window=8)[0]) < 2000 * 2 * 8


@given(st.lists(st.sets(st.integers(0, 2**64 - 1), max_size=12) | st.sets(st.integers(0, 9)), min_size=1, max_size=6))
def test_the_size_of_an_intersection_is_that_of_pythons_sets(sets):
    pool = np.array([value for each in sets for value in sorted(each)], np.uint64)
    bounds = np.cumsum([0, *map(len, sets)]).astype(np.int64)
    left, right = (side.ravel().astype(np.int64) for side in np.indices((len(sets), len(sets))))
    out = np.empty(len(left), np.int32)
    compare_pairs(left, right, pool, bounds, out)
    assert out.tolist() == [len(sets[a] & sets[b]) for a, b in zip(left, right, strict=True)]


@given(
    st.integers(1, 25).flatmap(lambda count: st.tuples(st.just(count), st.lists(st.tuples(*[st.integers(0, count - 1)] * 2), max_size=40)))
)
def test_a_component_is_known_by_its_smallest_node(graph):
    count, edges = graph
    left, right = (np.array(side, np.int64) for side in (zip(*edges, strict=True) if edges else ((), ())))
    assert components(count, left, right).tolist() == oracles.components(count, edges)


@pytest.mark.parametrize("reverse", [False, True])
def test_a_long_chain_is_one_component(reverse):
    chain = np.arange(5000)
    left, right = (chain[1:], chain[:-1]) if reverse else (chain[:-1], chain[1:])
    assert not components(5000, left, right).any()
