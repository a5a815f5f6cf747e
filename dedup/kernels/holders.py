"""How many sets hold a key: counters of two bits, most of which say none, one or two; what they cannot hold is counted together
for several of them.

Keys are told apart by buckets, their upper bits: counts are at times too high, never too low, and do not depend on the order in
which sets are counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.jit import borrowing, kernel
from dedup.kernels.links import KEY_BITS

if TYPE_CHECKING:
    from dedup.kernels.links import Keys

Fine = NDArray[np.uint8]
Coarse = NDArray[np.uint16]
FULL = 3  # what a counter stops at
MOST = 0xFFFF  # what a common one stops at
TOGETHER = 5  # bits of a bucket that a common counter does not tell apart
AT_ONCE = 4096  # keys


@kernel
def count_keys(keys: Keys, bits: int, fine: Fine, coarse: Coarse) -> None:
    """One holder more of each key, which best ascend. A bucket is the upper `bits` of a key.

    Some thousand at a time, in loops without branches: the processor then waits for many counters at once.
    """
    full = np.empty(AT_ONCE, np.uint32)
    shift = np.uint32(KEY_BITS - bits)
    for first in range(0, keys.size, AT_ONCE):
        over = np.uint64(0)
        for k in range(first, min(first + AT_ONCE, keys.size)):
            bucket = np.uint64(keys[k] >> shift)
            place = np.uint8(bucket & np.uint64(3)) << np.uint8(1)
            counter = fine[bucket >> np.uint64(2)]
            room = np.uint8((counter >> place) & np.uint8(FULL)) < np.uint8(FULL)
            fine[bucket >> np.uint64(2)] = counter + (np.uint8(room) << place)
            full[over] = bucket >> np.uint64(TOGETHER)
            over += np.uint64(not room)
        for k in range(over):
            coarse[full[k]] += np.uint16(coarse[full[k]] < MOST)


@kernel
def look_up(keys: Keys, bits: int, fine: Fine, out: NDArray[np.uint8]) -> None:
    """How many sets hold each key, or more; FULL for all that are more than two."""
    shift = np.uint32(KEY_BITS - bits)
    for k in range(keys.size):
        bucket = np.uint64(keys[k] >> shift)
        out[k] = (fine[bucket >> np.uint64(2)] >> (np.uint8(bucket & np.uint64(3)) << np.uint8(1))) & np.uint8(FULL)


@borrowing
def all_holders_of(key: np.uint32, coarse: Coarse) -> int:
    """How many sets hold a key of which there are more than two, or more."""
    return FULL + np.int64(coarse[np.uint64(key) * np.uint64(coarse.size) >> np.uint64(KEY_BITS)])
