"""The join finds every pair that brute force finds, whatever is held in memory at a time, and says what it did not ask."""

from __future__ import annotations

from itertools import combinations, permutations
from math import ceil

import numpy as np
import pytest
from dedup.config import Config
from dedup.io.store import BlockStore
from dedup.kernels.prefix import SET, put_buckets
from dedup.neardup import buckets, candidates, lookalikes, match, tokens, verify
from dedup.neardup import join as joining
from dedup.neardup.buckets import rough_words, sieve_of
from dedup.neardup.join import join
from dedup.neardup.lookalikes import look_alikes
from dedup.neardup.sets import Sets, Spans
from dedup.neardup.tokens import Block, Tokens
from dedup.room import Room
from hypothesis import given, settings
from hypothesis import strategies as st

WORDS = [f"كلمة{k}" for k in range(40)]


def laid_out(texts: list[str], folder, limit: int) -> tuple[Spans, BlockStore]:
    """Two texts a block."""
    store = BlockStore(limit, folder)
    block, start, end = [], [], []
    for at in range(0, len(texts), 2):
        raw = [text.encode() for text in texts[at : at + 2]]
        ends = np.cumsum([len(each) for each in raw])
        block += [store.add(b"".join(raw))] * len(raw)
        start += [0, *ends[:-1].tolist()]
        end += ends.tolist()
    keys = np.arange(len(texts), dtype=np.uint64)
    return Spans(np.array(block, np.int32), np.array(start, np.int64), np.array(end, np.int64), keys), store


@st.composite
def corpora(draw):
    """Paragraphs, among them copies with a word changed and longer versions. Of few words, each stands in a paragraph many times."""
    known = WORDS[: draw(st.sampled_from([2, 4, 40]))]
    texts = draw(st.lists(st.lists(st.sampled_from(known), min_size=1, max_size=40), min_size=2, max_size=12))
    chance = draw(st.randoms(use_true_random=False))
    texts += [chance.choices(known, k=length) for length in draw(st.lists(st.integers(120, 400), max_size=2))]
    for source in draw(st.lists(st.integers(0, len(texts) - 1), max_size=12)):
        words = list(texts[source])
        words[draw(st.integers(0, len(words) - 1))] = draw(st.sampled_from(known))
        texts.append(words + draw(st.lists(st.sampled_from(known), max_size=10)))
    return [" ".join(words) for words in texts]


def sets_of(spans: Spans, store: BlockStore) -> list[set[int]]:
    """The sets of word pairs as Python's sets."""
    sets = Sets(spans, store, np.arange(len(spans)), "words", Room())
    return [set(sets.pool[sets.bounds[k] : sets.bounds[k + 1]].tolist()) for k in range(len(spans))]


def by_force(sets: list[set[int]], share: float, queries: list[int] | None = None) -> dict[tuple[int, int], int]:
    """Pairs with what they share; with `queries`, of which one of these has the share in the other."""
    if queries is None:
        pairs = [(a, b) if len(sets[a]) <= len(sets[b]) else (b, a) for a, b in combinations(range(len(sets)), 2)]
    else:
        pairs = [(a, b) for a, b in permutations(range(len(sets)), 2) if a in queries]
    return {
        (min(a, b), max(a, b)): len(sets[a] & sets[b])
        for a, b in pairs
        if sets[a] and len(sets[a] & sets[b]) >= ceil(share * len(sets[a]) - 1e-9)
    }


def found_by(joined: joining.Joined) -> dict[tuple[int, int], int]:
    return {(int(pair) >> 32, int(pair) & 0xFFFFFFFF): int(common) for pair, common in zip(joined.pairs, joined.common, strict=True)}


@given(corpora(), st.sampled_from([0.4, 0.65, 0.85, 1.0]), st.sampled_from([1, 2]), st.booleans(), st.data())
@settings(max_examples=150, deadline=None)
def test_the_join_finds_what_brute_force_finds(tmp_path_factory, texts, share, threads, small, data):
    spans, store = laid_out(texts, tmp_path_factory.mktemp("join"), 0 if small else 1 << 30)
    sets = sets_of(spans, store)
    asked = data.draw(st.none() | st.lists(st.integers(0, len(texts) - 1), max_size=4))
    queries = None if asked is None else np.isin(np.arange(len(texts)), asked)
    with pytest.MonkeyPatch.context() as patch:
        if small:
            patch.setattr(tokens, "HELD_MOST", 0)
            patch.setattr(joining, "AT_ONCE", 30)
            patch.setattr(joining, "bucket_bits", lambda _: 9)
            patch.setattr(buckets, "MOST_BITS", 7)
            patch.setattr(joining, "AT_ONCE_LEAST", 1)
            patch.setattr(candidates, "ROOM_MET", 1025)
            patch.setattr(candidates, "WAITING", 3)
            patch.setattr(verify, "PAIRS", 2)
        made = Tokens(spans, store, Config(), threads)
        joined = join(made, share, Config(), queries)
        made.close()
    store.close()
    assert made.sizes.tolist() == [len(each) for each in sets]
    assert not joined.partial.any()
    assert found_by(joined) == by_force(sets, share, asked)


@given(corpora(), st.integers(1, 3))
@settings(max_examples=80, deadline=None)
def test_a_pair_that_the_join_did_not_ask_for_is_among_the_look_alikes(tmp_path_factory, texts, most):
    spans, store = laid_out(texts, tmp_path_factory.mktemp("heavy"), 1 << 30)
    sets = sets_of(spans, store)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(joining, "WORK", 0)
        patch.setattr(joining, "LIGHT", most)  # holders of a token have so many bits: more are not asked
        made = Tokens(spans, store, Config(), 1)
        joined = join(made, 0.65, Config())
        exact = join(Tokens(spans, store, Config(), 1), 0.65, Config(exact=True))
    everything, found = by_force(sets, 0.65), found_by(joined)
    assert found.items() <= everything.items()
    assert found_by(exact) == everything
    alike, room = np.zeros(len(texts), np.bool_), Room()
    for number in range(len(made) if joined.partial.any() else 0):  # else the blocks are gone
        block = made.block(number, room)
        rough = rough_words(joined.skipped)
        alike[block.posts(joined.bits, joined.skipped, block.numbers, rough, room) & SET] = True
    missed = everything.keys() - found.keys()
    assert all(alike[a] and alike[b] for a, b in missed)
    assert all(joined.partial[a] or joined.partial[b] for a, b in missed)
    banded, _ = look_alikes(made, spans, joined, Config()) if missed else (np.zeros(0, np.uint64), 0)
    same = {pair for pair in missed if sets[pair[0]] == sets[pair[1]]}
    assert same <= {(int(pair) >> 32, int(pair) & 0xFFFFFFFF) for pair in banded}


@given(corpora(), st.sampled_from([1, 2]), st.booleans())
@settings(max_examples=60, deadline=None)
def test_files_and_pieces_give_the_graph_that_memory_gives(tmp_path_factory, texts, threads, heavy):
    folder = tmp_path_factory.mktemp("spill")
    spans, store = laid_out(texts, folder, 1 << 30)
    with pytest.MonkeyPatch.context() as patch:
        if heavy:
            patch.setattr(joining, "WORK", 0)
            patch.setattr(joining, "LIGHT", 1)
        whole = match.build_graph(spans, store, Config(), threads)
        spans, on_disk = laid_out(texts, folder, 0)
        patch.setattr(tokens, "HELD_MOST", 0)
        patch.setattr(verify, "PAIRS", 1)
        pieces = match.build_graph(spans, on_disk, Config(), threads)
    store.close()
    on_disk.close()

    def edges(graph: match.Graph) -> list[tuple]:
        columns = (graph.removed, graph.kept, graph.similarity, graph.jaccard, graph.by_characters)
        return sorted(zip(*(column.tolist() for column in columns), strict=True))

    assert edges(pieces) == edges(whole)
    assert (pieces.candidates, pieces.large_groups) == (whole.candidates, whole.large_groups)
    assert pieces.fullness.tolist() == whole.fullness.tolist()


@given(corpora(), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_of_look_alikes_does_not_matter(tmp_path_factory, texts, random):
    texts = sorted(set(texts))
    keys = {text: number * 2**50 for number, text in enumerate(texts, 1)}
    shuffled = random.sample(texts, len(texts))
    found = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(joining, "WORK", 0)
        patch.setattr(joining, "LIGHT", 1)
        patch.setattr(lookalikes, "GROUP_LIMIT", 3)
        patch.setattr(lookalikes, "GROUP_WINDOW", 1)
        for order in (texts, shuffled):
            spans, store = laid_out(order, tmp_path_factory.mktemp("order"), 1 << 30)
            spans = Spans(spans.block, spans.start, spans.end, np.array([keys[text] for text in order], np.uint64))
            graph = match.build_graph(spans, store, Config(), 1)
            found.append(sorted((order[a], order[b]) for a, b in zip(graph.removed, graph.kept, strict=True)))
    assert found[0] == found[1]


def test_of_no_paragraphs_there_are_no_pairs(tmp_path):
    spans, store = laid_out([], tmp_path, 1 << 30)
    assert not len(join(Tokens(spans, store, Config(), 2), 0.65, Config()).pairs)


def test_of_two_of_one_length_the_one_with_more_numbers_stays(tmp_path):
    plain = " ".join(a + b for a in "بتجدرز" for b in "لمنه")
    texts = [f"{plain} 1444 12", f"{plain} 1444 ab"]  # as many letters; the numbers of the second stand in the first
    for order in (texts, texts[::-1]):
        for key in ((1, 2), (2, 1)):
            spans, store = laid_out(order, tmp_path, 1 << 30)
            graph = match.build_graph(Spans(spans.block, spans.start, spans.end, np.array(key, np.uint64)), store, Config(), 1)
            assert [(order[a], order[b]) for a, b in zip(graph.removed, graph.kept, strict=True)] == [(texts[1], texts[0])]


@pytest.mark.parametrize("bits", [22, 24, 29, 32])
@pytest.mark.parametrize("places", [20, 22, 24, 27, 29])
@pytest.mark.parametrize("few", [True, False])
def test_what_is_held_is_the_same_whether_or_not_a_shorter_bitmap_is_asked_first(bits, places, few):
    generator = np.random.default_rng(bits)
    tokens = generator.integers(1, 1 << 32, 3000, np.uint32)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(buckets, "MOST_BITS", places)
        wanted = sieve_of(1 << 25, bits)
    chosen = tokens[::3] >> (32 - bits)
    put_buckets(chosen.astype(np.uint64) << np.uint64(64 - bits), bits, wanted)
    if not few:
        wanted.words[:-1] |= generator.integers(0, 1 << 63, len(wanted.words) - 1, np.uint64)
    bounds = np.arange(0, 3001, 30)
    slots = Block(0, bounds, tokens, np.full(3000, 7, np.uint32), np.array([int(tokens[0]) << 32 | 5, 9 << 32 | 6], np.uint64))
    rough = rough_words(wanted)
    assert bool(len(rough)) == (few and min(bits, places) > 23)
    posts = slots.posts(bits, wanted, slots.numbers, rough, Room())
    assert posts.tolist() == slots.posts(bits, wanted, slots.numbers, rough[:0], Room()).tolist()
    held = {(int(token) >> (32 - bits), k // 30) for k, token in enumerate(tokens.tolist()) if k % 3 == 0}
    found = {(int(post) >> 32, int(post) & 0xFFFFFFFF) for post in posts.tolist()}
    assert held <= found
    assert not few or places < 22 or len(found) < len(held) + 300


@pytest.mark.parametrize(("sets", "bits"), [(1, 32), ((1 << 28) - 1, 32), (1 << 28, 31), ((1 << 31) - 1, 29)])
def test_a_record_has_room_for_the_rank_of_every_set(sets, bits):
    assert buckets.bucket_bits(sets) == bits
