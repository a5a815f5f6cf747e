"""Large files that are read once, from beginning to end. Of one that was not in the system's cache nothing is left there: what it would
fill is used again for what a run writes, which is faster, and others keep what they have there.
"""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING, Any, BinaryIO, Final, cast

if TYPE_CHECKING:
    from pathlib import Path

LARGE: Final = 16 << 20  # bytes
STEP: Final = 4 << 20  # that are read before they are let go
SAMPLES: Final = 16  # places of a file that are asked for


def passing(path: str | Path) -> BinaryIO:
    """A file, open for one reading."""
    return cast("BinaryIO", io.BufferedReader(_Passing(path)))


def is_cold(file: int) -> bool:
    """Whether a file is large, and hardly anything of it is in the system's cache; not where this cannot be told."""
    size = os.fstat(file).st_size
    if size < LARGE or not hasattr(os, "RWF_NOWAIT") or not hasattr(os, "posix_fadvise"):
        return False
    return sum(_is_cached(file, size * k // SAMPLES) for k in range(SAMPLES)) <= SAMPLES // 4


def _is_cached(file: int, place: int) -> bool:
    try:
        return os.preadv(file, [bytearray(1)], place, os.RWF_NOWAIT) > 0
    except BlockingIOError:
        return False
    except OSError:  # a file system that cannot say
        return True


class _Passing(io.FileIO):
    """A file that lets go of what was read of it, if it was cold; opened once: a pipe gives what it has to the first who opens it."""

    def __init__(self, path: str | Path) -> None:
        super().__init__(path, "rb")
        self._cold = is_cold(self.fileno())
        self._done = self._left = 0

    def readinto(self, buffer: Any) -> int | None:
        """As that of a file."""
        size = super().readinto(buffer)
        self._done += size or 0
        if self._cold and self._done - self._left >= STEP:
            os.posix_fadvise(self.fileno(), self._left, self._done - self._left, os.POSIX_FADV_DONTNEED)
            self._left = self._done
        return size
