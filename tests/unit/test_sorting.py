"""Words in order, against plain Python."""

from __future__ import annotations

import numpy as np
from dedup.kernels.sorting import keep_first, sort_words
from dedup.text.groups import among, ascending, deal, in_order, order_of
from hypothesis import example, given
from hypothesis import strategies as st

WORDS = st.integers(0, 2**64 - 1) | st.integers(0, 300) | st.integers(0, 9).map(lambda k: k << 56)
LISTS = st.lists(WORDS, max_size=80)


def column(drawn: list[int]) -> np.ndarray:
    return np.array(drawn, np.uint64)


@given(LISTS)
@example([])
@example([5])
@example([7] * 40)
@example([k << 8 * digit for digit in range(8) for k in (255, 0, 1)])
def test_words_are_sorted_where_they_stand(drawn):
    words = column(drawn)
    sort_words(words, np.empty_like(words))
    assert words.tolist() == sorted(drawn)
    assert in_order(column(drawn)).tolist() == sorted(drawn)


@given(LISTS)
@example([3, 1, 3, 1])
def test_the_order_of_words_is_that_of_a_stable_sort(drawn):
    words = column(drawn)
    assert order_of(words).tolist() == sorted(range(len(drawn)), key=drawn.__getitem__)
    assert words.tolist() == drawn


@given(LISTS)
@example([])
def test_distinct_values_come_in_order_and_leave_what_they_are_made_of(drawn):
    words = column(drawn)
    assert ascending(words).tolist() == sorted(set(drawn))
    assert words.tolist() == drawn
    numbers = np.array([each >> 1 for each in drawn], np.int64)
    assert ascending(numbers).tolist() == sorted(set(numbers.tolist()))
    assert ascending(numbers).dtype == np.int64


@given(LISTS)
def test_the_first_of_equal_words_that_stand_together_is_kept(drawn):
    words = column(drawn)
    kept = [word for k, word in enumerate(drawn) if k == 0 or drawn[k - 1] != word]
    assert words[: keep_first(words)].tolist() == kept


@given(LISTS, LISTS)
@example([0, 1], [])
@example([0, 2**64 - 1], [0, 2**64 - 1])
def test_who_is_among_others_is_what_sets_say(keys, others):
    assert among(column(keys), column(others)).tolist() == [key in set(others) for key in keys]


@given(st.lists(st.integers(0, 2**12 - 1), max_size=80), st.integers(4, 12), st.sampled_from([np.uint32, np.uint64]))
def test_words_are_dealt_out_by_their_upper_bits_each_range_in_its_order(drawn, shift, kind):
    words = np.array(drawn, kind)
    out = np.empty_like(words)
    edges = deal([words[:30], words[30:]], shift, out, 1 << 12 - shift)
    assert out.tolist() == sorted(drawn, key=lambda word: word >> shift)
    assert edges.tolist() == [sum(word >> shift < r for word in drawn) for r in range(len(edges))]
