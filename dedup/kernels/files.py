"""Many small files read by kernel: the interpreter takes longer to open, read and close one than the system does, and holds its
lock.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import numpy as np

from dedup.kernels.jit import Outside, inlined, kernel
from dedup.kernels.utf8 import is_plain_text

if TYPE_CHECKING:
    from dedup.kernels.fold import Bytes
    from dedup.kernels.shingle import Index

CAN_READ: Final = os.name == "posix"  # elsewhere the C library has other names for these
FAULTY: Final = -1

# Of the C library. `open` takes a third argument only where it makes a file.
c_open = Outside("open", "int32", ("voidptr", "int32"))
c_read = Outside("read", "int64", ("int32", "voidptr", "uint64"))
c_close = Outside("close", "int32", ("int32",))


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
