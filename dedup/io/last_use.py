"""Texts that several go through for the last time: what all are done with makes room for what is written."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from dedup.io.store import BlockStore


class LastUse:
    """Drops each block of a store when so many readers, who may be threads, are done with it."""

    def __init__(self, store: BlockStore, readers: int) -> None:
        """Nobody has begun."""
        self._store, self._lock = store, Lock()
        self._left = np.full(len(store), readers)

    def along(self, batches: list[slice], block: NDArray[np.int32]) -> Iterator[slice]:
        """The batches of one reader, who is done with one when it asks for the next. `block`: that of each thing in them."""
        last = np.full(len(self._left), -1)
        for number, batch in enumerate(batches):
            last[block[batch]] = number
        order = np.argsort(last)
        edges = np.searchsorted(last[order], np.arange(-1, len(batches) + 1)).tolist()
        self._done(order[: edges[1]])  # those it does not look at
        for number, batch in enumerate(batches, 1):
            yield batch
            self._done(order[edges[number] : edges[number + 1]])

    def _done(self, blocks: NDArray[np.int64]) -> None:
        with self._lock:
            self._left[blocks] -= 1
            over = blocks[self._left[blocks] == 0].tolist()
        for number in over:
            self._store.drop(number)
