"""Signatures are datasketch's, and banding recalls what the formula says."""

from __future__ import annotations

import numpy as np
import pytest
from datasketch import MinHash
from dedup.neardup.minhash import band_recall, containment_jaccard, signatures, to_datasketch
from hypothesis import example, given, settings
from hypothesis import strategies as st

hash_sets = st.lists(st.lists(st.integers(0, 2**32 - 1), max_size=40), max_size=5)


def sketch(hashes: list[int], num_perm: int, seed: int) -> MinHash:
    made = MinHash(num_perm=num_perm, seed=seed, scheme="affine32", hashfunc=int)
    for value in hashes:
        made.update(value)
    return made


def arrays(sets: list[list[int]]) -> list[np.ndarray]:
    return [np.array(each, np.uint32) for each in sets]


@given(hash_sets, st.sampled_from([1, 2, 7, 64, 128, 256]), st.integers(0, 2**32 - 1))
@example([[], [0], [2**32 - 1] * 3, list(range(9))], 128, 1)
@settings(max_examples=150)
def test_signatures_are_bit_for_bit_those_of_datasketch(sets, num_perm, seed):
    mine = signatures(arrays(sets), num_perm, seed)
    assert mine.shape == (len(sets), num_perm)
    for row, hashes in zip(mine, sets, strict=True):
        assert row.tolist() == sketch(hashes, num_perm, seed).hashvalues.tolist()


@given(st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_a_signature_knows_neither_order_nor_repeats(hashes, random):
    shuffled = [*hashes, *hashes[::2]]
    random.shuffle(shuffled)
    one, other = signatures(arrays([hashes, shuffled]))
    assert one.tolist() == other.tolist()


@given(hash_sets.filter(lambda sets: len(sets) > 1))
@settings(max_examples=50)
def test_a_signature_is_handed_on_to_datasketch_as_it_is(sets):
    mine = [to_datasketch(row) for row in signatures(arrays(sets))]
    theirs = [sketch(hashes, 128, 1) for hashes in sets]
    assert mine == theirs
    assert mine[0].jaccard(theirs[1]) == theirs[0].jaccard(mine[1])
    mine[0].merge(theirs[1])
    assert mine[0].jaccard(sketch(sets[0] + sets[1], 128, 1)) == 1.0


@given(st.lists(st.floats(0, 1), min_size=1), st.integers(1, 64), st.integers(1, 16))
def test_recall_of_banding_is_the_closed_formula(jaccards, bands, rows):
    expected = [1 - (1 - jaccard**rows) ** bands for jaccard in jaccards]
    assert band_recall(np.array(jaccards), bands, rows).tolist() == pytest.approx(expected)


@pytest.mark.parametrize(
    ("jaccard", "recall"), [(0.2, 0.006), (0.3, 0.047), (0.4, 0.186), (0.5, 0.470), (0.6, 0.802), (0.7, 0.975), (0.8, 0.9996)]
)
def test_recall_of_twenty_bands_of_five_rows_is_what_the_textbook_prints(jaccard, recall):
    assert band_recall(np.array([jaccard]), 20, 5)[0] == pytest.approx(recall, abs=6e-4)


def test_recall_is_certain_for_equal_sets_and_nil_for_disjoint_ones():
    assert band_recall(np.array([0.0, 1.0]), 42, 3).tolist() == [0.0, 1.0]


@given(st.sets(st.integers(0, 50), min_size=1), st.sets(st.integers(0, 50), min_size=1))
def test_jaccard_follows_from_containment_and_the_ratio_of_sizes(part, whole):
    contained = len(part & whole) / len(part)
    assert containment_jaccard(contained, len(whole) / len(part)) == pytest.approx(len(part & whole) / len(part | whole))
