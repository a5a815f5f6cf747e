"""Output rows put together by kernel are the JSON that Python writes."""

from __future__ import annotations

import json

import numpy as np
import pytest
from dedup.io.pieces import Ready, batches, join, literal, ranges
from dedup.kernels.emit import ESCAPED, NUMBER, RAW, READY, count_characters, count_line_ends
from hypothesis import example, given
from hypothesis import strategies as st

TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from('"\\\x00\x08\t\n\x0c\r\x1f\x7f/م\u200f\u2028🚢'), max_size=20)
pieces = st.one_of(
    st.tuples(st.just(READY), TEXTS), st.tuples(st.just(NUMBER), st.integers(0, 2**63 - 1)), st.tuples(st.just(ESCAPED), TEXTS),
    st.tuples(st.just(RAW), TEXTS),
)  # fmt: skip


@given(st.lists(pieces))
@example([])
@example([(NUMBER, number) for number in (0, 9, 10, 99, 100, 2**63 - 1)])
@example([(ESCAPED, "".join(map(chr, range(160))))])
def test_pieces_one_behind_the_other_are_what_json_writes(drawn):
    ready, text = Ready(), b""
    kinds, first, second, expected = [], [], [], b""
    ready_bounds: list[int] = []
    for kind, value in drawn:
        kinds.append(kind)
        if kind == NUMBER:
            first.append(value)
            second.append(0)
            expected += json.dumps(value).encode()
            continue
        raw = value.encode()
        if kind == READY:
            ready_bounds.append(len(first))
            first.append(ready.add(raw))
            second.append(0)
        else:
            first.append(len(text))
            text += raw
            second.append(len(text))
        expected += json.dumps(value, ensure_ascii=False)[1:-1].encode() if kind == ESCAPED else raw
    bounds = ready.bounds()
    for k in ready_bounds:
        first[k], second[k] = bounds[first[k]], bounds[first[k] + 1]
    columns = np.array(kinds, np.uint8), np.array(first, np.int64), np.array(second, np.int64)
    assert join(*columns, ready, np.frombuffer(text, np.uint8)) == expected


@given(TEXTS)
def test_a_literal_is_the_one_that_json_writes(text):
    assert literal(text) == json.dumps(text, ensure_ascii=False)


@given(st.lists(TEXTS, min_size=1))
def test_characters_and_line_ends_are_counted_in_stretches_of_bytes(texts):
    raw = [text.encode() for text in texts]
    ends = np.cumsum([len(each) for each in raw])
    starts = ends - [len(each) for each in raw]
    data = np.frombuffer(b"".join(raw), np.uint8)
    found = np.zeros((len(texts), 3), np.int64)
    count_line_ends(data, starts, ends, found)
    assert found.tolist() == [[text.count("\n"), text.count("\r"), text.count("\r\n")] for text in texts]
    assert count_characters(data, starts, ends) == sum(map(len, texts))


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 5))))
def test_ranges_are_told_number_by_number(drawn):
    first = np.array([start for start, _ in drawn], np.int64)
    size = np.array([count for _, count in drawn], np.int64)
    owner, within, number = ranges(first, first + size)
    expected = [(k, step, start + step) for k, (start, count) in enumerate(drawn) for step in range(count)]
    assert list(zip(owner.tolist(), within.tolist(), number.tolist(), strict=True)) == expected


@given(st.lists(st.integers(0, 30)), st.integers(1, 50))
def test_batches_hold_everything_once_in_order_and_are_of_about_the_size_asked_for(sizes, limit):
    found = batches(np.array(sizes, np.int64), limit)
    assert [k for batch in found for k in range(batch.start, batch.stop)] == list(range(len(sizes)))
    assert all(sum(sizes[batch]) < limit + max(sizes) for batch in found)


@pytest.mark.parametrize("kind", [ESCAPED, RAW])
def test_an_empty_stretch_writes_nothing(kind):
    one = np.array([kind], np.uint8)
    assert join(one, np.zeros(1, np.int64), np.zeros(1, np.int64), Ready(), np.zeros(0, np.uint8)) == b""
