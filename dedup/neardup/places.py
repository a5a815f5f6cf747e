"""Where in a very long paragraph the words of a short one stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from dedup.kernels.window import best_window, shingles_in_order
from dedup.neardup.sets import SCRATCH, Sets
from dedup.text.fold import fold_table
from dedup.text.groups import ascending

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.io.store import BlockStore
    from dedup.neardup.sets import Spans
    from dedup.room import Room

LONG: Final = 1000  # word pairs of a paragraph so long that it may hold another's by chance; of 150,000 real ones 79 are
WINDOW: Final = 2  # times its own length: within so much of a long paragraph the shorter one's word pairs must stand


class Places:
    """The last guard: what a short paragraph shares with a very long one must stand together in it.

    A paragraph of the length of a book holds the word pairs of any other somewhere; only of ordinary ones containment says
    enough.
    """

    def __init__(self, spans: Spans, store: BlockStore, room: Room, sizes: NDArray[np.int32], threshold: float, floor: float) -> None:
        """`sizes`: word pairs of each span; `threshold`, `floor`: share of them for one that passed by words, by characters."""
        self._spans, self._store, self._room = spans, store, room
        self._sizes, self._threshold, self._floor = sizes, threshold, floor

    def confirm(
        self, removed: NDArray[np.int64], kept: NDArray[np.int64], passed: NDArray[np.bool_], by_characters: NDArray[np.bool_]
    ) -> None:
        """Take back what passed, where the kept one is long and the shared word pairs are scattered over it."""
        sizes = self._sizes
        asked = np.flatnonzero(passed & (sizes[kept] > LONG) & (sizes[kept] > WINDOW * sizes[removed]))
        for long in ascending(kept[asked]).tolist():
            known, places = self._shingles(long)
            mine = asked[kept[asked] == long]
            sets = Sets(self._spans, self._store, removed[mine], "words", self._room)
            for number, pair in enumerate(mine.tolist()):
                tokens = sets.pool[sets.bounds[number] : sets.bounds[number + 1]]
                share = self._floor if by_characters[pair] else self._threshold
                passed[pair] = best_window(tokens, known, places, WINDOW * len(tokens)) >= share * len(tokens)

    def _shingles(self, span: int) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """Word pairs of a paragraph, ascending, and where each stands."""
        table = fold_table()
        start, end = int(self._spans.start[span]), int(self._spans.end[span])
        room = (end - start) * SCRATCH // 2 + 8
        out = np.empty(room, np.uint64)
        count = shingles_in_order(
            self._store.get(int(self._spans.block[span])), start, end, table.entries, table.expansions,
            np.empty((end - start) * SCRATCH + 8, np.uint32), np.empty(room, np.uint64), out,
        )  # fmt: skip
        order = np.argsort(out[:count], kind="stable")
        return out[:count][order], order
