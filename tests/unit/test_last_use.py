"""A block of text is there until all who go through the texts are done with it, and gone then."""

from __future__ import annotations

from itertools import pairwise, zip_longest

import numpy as np
import pytest
from dedup.io.last_use import LastUse
from dedup.io.store import BlockStore
from hypothesis import given
from hypothesis import strategies as st

BLOCKS = 6
READER = st.lists(st.integers(0, BLOCKS - 1), max_size=20).flatmap(
    lambda blocks: st.tuples(st.just(blocks), st.lists(st.integers(0, len(blocks)), max_size=4))
)


@given(READER, READER, st.booleans())
def test_a_block_stays_until_the_last_reader_is_done_with_it(tmp_path_factory, one, other, held):
    store = BlockStore(1 << 20 if held else 0, tmp_path_factory.mktemp("use"))
    texts = [bytes([number]) * 5000 for number in range(BLOCKS)]
    for text in texts:
        store.add(text)
    use = LastUse(store, 2)
    readers = []
    for blocks, cuts in (one, other):
        parts = [slice(low, high) for low, high in pairwise([0, *sorted(cuts), len(blocks)])]
        readers.append((blocks, use.along(parts, np.array(blocks, np.int32))))
    for batches in zip_longest(*(along for _, along in readers), fillvalue=slice(0)):
        for (blocks, _), batch in zip(readers, batches, strict=True):
            assert all(store.raw(block) == texts[block] for block in blocks[batch])
    for number in range(BLOCKS):
        with pytest.raises((AssertionError, OSError)):
            store.raw(number)
    store.close()
