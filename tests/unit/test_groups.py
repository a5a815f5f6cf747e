"""Equal keys and distinct pairs, against plain Python."""

from __future__ import annotations

import numpy as np
from dedup.kernels.prefix import rank_sets
from dedup.text.groups import distinct, grouped, places_in
from hypothesis import example, given
from hypothesis import strategies as st

keys = st.lists(st.integers(0, 2**64 - 1) | st.sampled_from([0, 1, 2**63, 2**64 - 1]), max_size=60)


@given(keys)
@example([])
@example([0] * 40)
@example([2**64 - 1 - k for k in range(40)])  # all begin their search at the last slot, and go on at the first
def test_equal_keys_have_one_number_counted_in_order_of_first_sight(drawn):
    numbers, first = grouped(np.array(drawn, np.uint64))
    seen = list(dict.fromkeys(drawn))
    assert numbers.tolist() == [seen.index(key) for key in drawn]
    assert len(first) == len(seen)
    assert first.tolist() == [drawn.index(key) for key in seen]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9))))
def test_distinct_pairs_are_told_by_their_first_members_ascending(pairs):
    first, second = (np.array(side, np.int64) for side in (zip(*pairs, strict=True) if pairs else ((), ())))
    assert distinct(first, second).tolist() == [one for one, _ in sorted(set(pairs))]


@given(st.lists(st.integers(0, 255)), st.lists(st.integers(0, 255)))
def test_places_in_a_column_are_those_of_a_search(column, values):
    column = sorted(column)
    found = places_in(np.array(column, np.uint8), values)
    assert found.tolist() == [sum(each < value for each in column) for value in values]


@given(st.lists(st.integers(0, 9)))
def test_sets_are_ranked_by_size_and_then_by_number(sizes):
    order = sorted(range(len(sizes)), key=sizes.__getitem__)
    assert [order[rank] for rank in rank_sets(np.array(sizes, np.int32)).tolist()] == list(range(len(sizes)))
