"""Many small files looked at and read by kernel: the interpreter takes longer to open, read and close one than the system does, and
holds its lock. Stretches of a text or of a large file, likewise.
"""

from __future__ import annotations

import ctypes
import os
import sys
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from dedup.kernels.jit import Outside, inlined, kernel
from dedup.kernels.utf8 import is_plain_text

if TYPE_CHECKING:
    from dedup.kernels.fold import Bytes
    from dedup.kernels.shingle import Index

CAN_READ: Final = os.name == "posix"  # elsewhere the C library has other names for these
FAULTY: Final = -1
ASKED: Final = 0x203  # of `statx`: type, mode and size
STATUS: Final = 32  # words of 64 bits that it fills in; the mode stands in the upper half of word 3, the size is word 5

# Of the C library. `open` takes a third argument only where it makes a file.
c_open = Outside("open", "int32", ("voidptr", "int32"))
c_read = Outside("read", "int64", ("int32", "voidptr", "uint64"))
c_close = Outside("close", "int32", ("int32",))
c_pread = Outside("pread", "int64", ("int32", "voidptr", "uint64", "int64"))
c_statx = Outside("statx", "int32", ("int32", "voidptr", "int32", "uint32", "voidptr"))


@cache
def can_measure() -> bool:
    """Whether `measure_files` works: the C library of Linux has `statx`, which looks the same on all its machines, for some years."""
    return sys.platform == "linux" and sys.byteorder == "little" and hasattr(ctypes.CDLL(None), "statx")


@kernel
def measure_files(names: Bytes, at: Index, flags: int, sizes: Index) -> None:
    """The sizes of files of a folder, whose names stand at names[at[k]], up to a zero; the first name is the folder's path. FAULTY where
    a file cannot be looked at or is no regular one.
    """
    status = np.empty(STATUS, np.uint64)
    folder = c_open(names.ctypes, flags)
    for k in range(sizes.size):
        failed = folder < 0 or c_statx(folder, names[at[k + 1] :].ctypes, 0, ASKED, status.ctypes) != 0
        regular = (status[3] >> np.uint64(32)) & np.uint64(0o170000) == np.uint64(0o100000)
        sizes[k] = FAULTY if failed or not regular else np.int64(status[5])
    if folder >= 0:
        c_close(folder)


@kernel
def read_plain(paths: Bytes, at: Index, sizes: Index, flags: int, out: Bytes, bounds: Index, faulty: Index) -> int:
    """Read files one behind the other into `out`: that of number k, whose path stands at paths[at[k]], up to a zero, and which had
    sizes[k] bytes, to bounds[k]:bounds[k + 1]. Returns how many are in `faulty`.

    Faulty is a file that cannot be read, has another size by now, or is no plain UTF-8: nothing of it stands in `out`, which has
    room for one byte more than all sizes.
    """
    end = faults = 0
    bounds[0] = 0
    for k in range(at.size):
        got = read_one(paths[at[k] :], flags, out[end : end + sizes[k] + 1])
        if got == sizes[k] and is_plain_text(out[end : end + got]):
            end += got
        else:
            faulty[faults] = k
            faults += 1
        bounds[k + 1] = end
    return faults


@kernel
def copy_stretches(text: Bytes, starts: Index, ends: Index, out: Bytes) -> None:
    """Stretches of a text into `out`, one behind the other."""
    at = np.uint64(0)
    for k in range(starts.size):
        for i in range(np.uint64(starts[k]), np.uint64(ends[k])):
            out[at] = text[i]
            at += np.uint64(1)


@kernel
def read_stretches(file: int, starts: Index, ends: Index, out: Bytes) -> bool:
    """Stretches of an open file into `out`, one behind the other. Returns whether they could all be read."""
    at = 0
    for k in range(starts.size):
        start = starts[k]
        while start < ends[k]:
            got = c_pread(file, out[at:].ctypes, ends[k] - start, start)
            if got <= 0:
                return False
            at += got
            start += got
    return True


@inlined
def read_one(path: Bytes, flags: int, room: Bytes) -> int:
    """Bytes of a file that were put into the room for it, up to its end or that of the room; FAULTY where that failed."""
    file = c_open(path.ctypes, flags)
    if file < 0:
        return FAULTY
    filled = np.int64(0)
    while filled < room.size:
        got = c_read(file, room[filled:].ctypes, room.size - filled)
        if got <= 0:
            filled = filled if got == 0 else np.int64(FAULTY)
            break
        filled += got
        if filled == room.size - 1:
            break
    c_close(file)
    return filled
