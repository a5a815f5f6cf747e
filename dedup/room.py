"""Arrays that are used again: memory that is new is slow."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LINE: Final = 8  # words of 64 bits in a line of the processor's cache


class Room(threading.local):
    """Arrays by name, each thread's own."""

    def __init__(self) -> None:
        self._arrays: dict[str, NDArray[Any]] = {}

    def get(self, name: str, size: int, kind: type[np.generic]) -> NDArray[Any]:
        """An array of this size; what is in it is left over. There is room for twice as much: what nobody touches costs nothing."""
        if name not in self._arrays or len(self._arrays[name]) < size:
            self._arrays[name] = np.empty(2 * size, kind)
        return self._arrays[name][:size]


def cache_lines(count: int) -> NDArray[np.uint64]:
    """Zeros, so many lines of the processor's cache: what stands in one of them is fetched together."""
    memory = np.zeros((count + 1) * LINE, np.uint64)
    skipped = -memory.ctypes.data % (8 * LINE) // 8
    return memory[skipped : skipped + count * LINE]
