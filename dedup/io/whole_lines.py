"""A file of lines in pieces, each read by the thread that uses it, into memory that is used again."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, BinaryIO, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.room import Room

PIECE: Final = 1 << 20  # bytes: what is made of them stays in the processor's cache
MARGIN: Final = 1 << 16  # more that are read, in which the last line most often ends
NEWLINE: Final = ord("\n")
NEAR: Final = 1 << 12  # bytes in which an end is looked for first


def offsets(file: BinaryIO) -> range:
    """Where pieces begin."""
    return range(0, os.fstat(file.fileno()).st_size, PIECE)


def lines_from(file: BinaryIO, offset: int, room: Room) -> tuple[int, NDArray[np.uint8]]:
    """The lines that begin in the piece at an offset, and where the first of them does. They stand in the room until it is asked for
    the next ones.
    """
    begin, size = max(offset - 1, 0), PIECE + MARGIN  # a line begins behind an end
    while True:
        buffer = room.get("lines", size, np.uint8)
        data = buffer[: read_into(file.fileno(), begin, buffer.data)]
        edge = min(offset + PIECE - begin, len(data))
        start = behind_end(data, 0) if offset else 0
        stop = behind_end(data, edge - 1) if start < edge else start
        if stop < len(data) or len(data) < size or start >= edge:
            return begin + start, data[start:stop]
        size *= 2


def behind_end(data: NDArray[np.uint8], at: int) -> int:
    """Where the first line behind a place begins, or all ends."""
    near = NEAR
    while at < len(data):
        ends = np.flatnonzero(data[at : at + near] == NEWLINE)
        if len(ends):
            return at + int(ends[0]) + 1
        at, near = at + near, 4 * near
    return len(data)


def read_into(file: int, place: int, out: memoryview) -> int:
    """Bytes of a file from a place on, as many as `out` has room for. Returns how many there are."""
    done = 0
    while done < len(out):
        if hasattr(os, "preadv"):
            size = os.preadv(file, [out[done:]], place + done)
        else:
            some = os.pread(file, len(out) - done, place + done)
            size = len(some)
            out[done : done + size] = some
        if not size:
            break
        done += size
    return done
