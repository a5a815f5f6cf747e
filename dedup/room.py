"""Arrays that are used again: memory that is new is slow."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Room(threading.local):
    """Arrays by name, each thread's own."""

    def __init__(self) -> None:
        self._arrays: dict[str, NDArray[Any]] = {}

    def get(self, name: str, size: int, kind: type[np.generic]) -> NDArray[Any]:
        """An array of this size; what is in it is left over."""
        if name not in self._arrays or len(self._arrays[name]) < size:
            self._arrays[name] = np.empty(size + size // 8, kind)
        return self._arrays[name][:size]
