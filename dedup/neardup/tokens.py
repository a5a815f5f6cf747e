"""The sets of word pairs of all paragraphs, made once and kept block by block: in memory, or in a file beside the output."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

import numpy as np

from dedup.io.store import BlockStore
from dedup.kernels.join import take_sets
from dedup.memory import give_back, memory_limit
from dedup.neardup.sets import Spans, sets_of_block
from dedup.threads import in_threads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from dedup.config import Config

Made = TypeVar("Made")

HELD_PART: Final = 6  # of the memory that a run may take: what the sets take before further ones go to a file,
WORD: Final = 8  # bytes of a token
READ_ALONE: Final = 50_000  # bytes of a block that are read in the time that one of its sets takes by itself
HELD_MOST: Final = 128 << 20  # at most: a file that is read from beginning to end costs little


class Block(NamedTuple):
    """Sets of the paragraphs numbered from `low`: pool[bounds[s]:bounds[s + 1]], ascending."""

    low: int
    pool: NDArray[np.uint64]
    bounds: NDArray[np.int64]


class Tokens:
    """Sets of word pairs of `spans`, which must be in order of place. `sizes`: of each set; `letters`: folded ones of each span."""

    def __init__(self, spans: Spans, store: BlockStore, config: Config, threads: int) -> None:
        """Fold and shingle, block by block of the store in threads."""
        self.threads = threads
        self.folder = store.folder
        self.held = min(memory_limit(config) // HELD_PART, HELD_MOST)
        self.sizes = np.zeros(len(spans), np.int32)
        self.letters = np.zeros(len(spans), np.int32)
        self._kept = BlockStore(self.held, store.folder)
        borders = np.searchsorted(spans.block, np.arange(len(store) + 1))
        filled = np.flatnonzero(np.diff(borders) > 0).tolist()
        self._first = [*borders[filled].tolist(), len(spans)]

        def make(block: int) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int32]]:
            mine = slice(borders[block], borders[block + 1])
            return sets_of_block(store.get(block), spans.start[mine], spans.end[mine], "words")

        for number, (pool, bounds, letters) in enumerate(in_threads(make, filled, threads)):
            mine = slice(self._first[number], self._first[number + 1])
            self.sizes[mine], self.letters[mine] = np.diff(bounds), letters
            self._kept.add(pool.data.cast("B"))
        give_back()

    def __len__(self) -> int:
        """How many blocks."""
        return len(self._first) - 1

    def borders(self, number: int) -> tuple[int, int]:
        """The first paragraph of a block, and the one behind its last."""
        return self._first[number], self._first[number + 1]

    def block(self, number: int) -> Block:
        """The sets of a block."""
        low, high = self.borders(number)
        return Block(low, np.frombuffer(self._kept.raw(number), np.uint64), totals(self.sizes[low:high]))

    def some(self, sets: NDArray[np.int64]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """The sets of these numbers, which ascend, one behind the other, and their bounds. Of blocks of which few are wanted only
        those are read.
        """
        bounds = totals(self.sizes[sets])
        pool = np.empty(int(bounds[-1]), np.uint64)
        edges = np.searchsorted(sets, self._first)

        def fill(number: int) -> None:
            low, high = self.borders(number)
            mine = slice(edges[number], edges[number + 1])
            at, rows, out = totals(self.sizes[low:high]), sets[mine] - low, pool[bounds[mine.start] : bounds[mine.stop]]
            if len(rows) * READ_ALONE < WORD * at[-1]:
                out[:] = self._kept.gathered(np.full(len(rows), number, np.int32), WORD * at[rows], WORD * at[rows + 1]).view(np.uint64)
            else:
                take_sets(self._kept.get(number).view(np.uint64), at, rows, out)

        filled = np.flatnonzero(np.diff(edges)).tolist()
        for _ in in_threads(fill, filled, self.threads) if len(filled) > 1 else map(fill, filled):
            pass
        return pool, bounds

    def each(self, work: Callable[[Block], Made]) -> Iterator[Made]:
        """What `work` makes of each block, in their order; a few at a time, in threads."""
        return in_threads(lambda number: work(self.block(number)), range(len(self)), self.threads)

    @contextmanager
    def side_store(self) -> Iterator[BlockStore]:
        """Room for what else is kept of each block, half as much of it in memory."""
        store = BlockStore(self.held // 2, self.folder)
        try:
            yield store
        finally:
            store.close()

    def close(self) -> None:
        """Give the file back."""
        self._kept.close()


def totals(sizes: NDArray[np.int32]) -> NDArray[np.int64]:
    """Where each of several stretches of these sizes begins, and where the last one ends."""
    bounds = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=bounds[1:])
    return bounds
