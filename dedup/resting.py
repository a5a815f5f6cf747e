"""Columns that rest in a file: what nobody looks at takes no memory."""

from __future__ import annotations

import mmap
import os
import tempfile
from threading import Lock
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakSet

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_resting: Final[WeakSet[mmap.mmap]] = WeakSet()
_lock: Final = Lock()


def put_to_rest(column: NDArray[Any], folder: Path) -> NDArray[Any]:
    """The column, read-only, in an unnamed file in `folder`. What is looked at comes from the system's cache and is held until
    `let_go`. Raises OSError where the disk is full: the file is written before it is mapped.
    """
    descriptor, name = tempfile.mkstemp(dir=folder)
    try:
        os.unlink(name)
        data, done = np.ascontiguousarray(column).data.cast("B"), 0
        while done < len(data):
            done += os.write(descriptor, data[done:])
        held = mmap.mmap(descriptor, len(data), access=mmap.ACCESS_READ)
    finally:
        os.close(descriptor)
    with _lock:
        _resting.add(held)
    return np.frombuffer(held, column.dtype).reshape(column.shape)


def can_rest() -> bool:
    """Whether this system can be told that mapped memory is not needed now."""
    return hasattr(mmap, "MADV_DONTNEED")


def let_go() -> None:
    """Hold nothing of the columns at rest: what is looked at after this is fetched again."""
    with _lock:
        held = list(_resting)
    for each in held:
        each.madvise(mmap.MADV_DONTNEED)
