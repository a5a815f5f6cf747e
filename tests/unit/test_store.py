"""Stretches of texts, wherever these are kept."""

from __future__ import annotations

import numpy as np
import pytest
from dedup.io.store import FEW, BlockStore
from hypothesis import given, settings
from hypothesis import strategies as st

BLOCKS = [bytes(range(256)), b"", "نص قصير".encode(), b"x" * 3000 + b"y" * 3000]


@st.composite
def stretches(draw):
    """Blocks, begins and ends of stretches, more than are copied one by one; some follow each other."""
    found = []
    for _ in range(draw(st.integers(1, 2 * FEW))):
        block = draw(st.integers(0, len(BLOCKS) - 1))
        begin = draw(st.integers(0, len(BLOCKS[block])))
        end = draw(st.integers(begin, len(BLOCKS[block])))
        middle = draw(st.integers(begin, end))
        found += [(block, begin, middle), (block, middle, end)] if draw(st.booleans()) else [(block, begin, end)]
    if draw(st.booleans()):
        found = [(3, begin % 6000, min(begin % 6000 + 9, 6000)) for _, begin, _ in found]
    return found


@pytest.mark.parametrize("limit", [0, 1 << 20], ids=["in a file", "in memory"])
@given(drawn=stretches())
@settings(max_examples=60)
def test_stretches_are_what_stands_there(tmp_path_factory, limit, drawn):
    store = BlockStore(limit, tmp_path_factory.mktemp("store"))
    for block in BLOCKS:
        store.add(block)
    block, start, end = (
        np.array(column, kind) for column, kind in zip(zip(*drawn, strict=True), (np.int32, np.int64, np.int64), strict=True)
    )
    expected = [BLOCKS[number][begin:stop] for number, begin, stop in drawn]
    assert store.gathered(block, start, end).tobytes() == b"".join(expected)
    text, shift = store.holding(block, start, end)
    assert [text[begin:stop].tobytes() for begin, stop in zip(start + shift, end + shift, strict=True)] == expected
    store.close()


def test_a_part_is_copied_to_where_it_is_wanted(tmp_path):
    for limit in (0, 1 << 20):
        store = BlockStore(limit, tmp_path)
        for block in BLOCKS:
            store.add(block)
        out = bytearray(10)
        store.copy(0, 5, memoryview(out)[2:6])
        assert out == bytes([0, 0, 5, 6, 7, 8, 0, 0, 0, 0])
        store.close()


def test_what_cannot_be_read_any_more_is_an_error(tmp_path):
    store = BlockStore(0, tmp_path)
    store.add(BLOCKS[3])
    begin = np.arange(0, 2 * FEW * 10, 10)
    store.close()
    with pytest.raises((OSError, AssertionError)):
        store.gathered(np.zeros(len(begin), np.int32), begin, begin + 5)
