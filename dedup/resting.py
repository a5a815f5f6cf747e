"""Columns that rest in a file: what nobody looks at takes no memory."""

from __future__ import annotations

import mmap
import tempfile
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, TypeVar
from weakref import WeakSet, finalize

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

Part = TypeVar("Part")
LET_GO: Final = 16  # parts that are done with before what was known of them is let go
_resting: Final[WeakSet[mmap.mmap]] = WeakSet()
_lock: Final = Lock()


class Resting:
    """A column being written into an unnamed file."""

    def __init__(self, folder: Path) -> None:
        """The file is made in `folder`."""
        self._file = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115 - closed with this object
        finalize(self, self._file.close)
        self._bytes = 0

    def add(self, part: NDArray[Any]) -> None:
        """What comes next. Raises OSError where the disk is full: written, not mapped, so that this is told."""
        data, done = np.ascontiguousarray(part).data.cast("B") if part.size else b"", 0
        while done < len(data):
            done += self._file.write(data[done:])
        self._bytes += done

    def column(self, kind: np.dtype[Any]) -> NDArray[Any]:
        """The column, read-only. What is looked at comes from the system's cache and is held until `let_go`."""
        with self._file as file:
            try:
                held = mmap.mmap(file.fileno(), self._bytes, access=mmap.ACCESS_READ)
            except OSError:  # a file system that maps nothing
                file.seek(0)
                return np.fromfile(file, kind)
        with _lock:
            _resting.add(held)
        return np.frombuffer(held, kind)


def put_to_rest(column: NDArray[Any], folder: Path) -> NDArray[Any]:
    """The column, read-only, in an unnamed file in `folder`. Raises OSError where the disk is full."""
    file = Resting(folder)
    file.add(column)
    return file.column(column.dtype)


def can_rest() -> bool:
    """Whether this system can be told that mapped memory is not needed now."""
    return hasattr(mmap, "MADV_DONTNEED")


def letting_go(parts: Iterable[Part]) -> Iterator[Part]:
    """Each of the parts, which go through all blocks of text; what was known of those that are done is let go."""
    for number, part in enumerate(parts, 1):
        yield part
        if number % LET_GO == 0:
            let_go()


def let_go() -> None:
    """Hold nothing of the columns at rest: what is looked at after this is fetched again."""
    with _lock:
        held = list(_resting)
    for each in held:
        each.madvise(mmap.MADV_DONTNEED)
