"""How many sets hold a key: counters of two bits, most of which say none, one or two; what they cannot hold is counted together
for several of them, in the same line of the processor's cache.

Keys are told apart by counters only: counts are at times too high, never too low, and do not depend on the order in which sets are
counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.jit import borrowing, kernel
from dedup.kernels.links import NONE

if TYPE_CHECKING:
    from dedup.kernels.links import Keys

Fine = NDArray[np.uint8]
Coarse = NDArray[np.uint16]
Counts = NDArray[np.uint16]
FULL = 3  # what a counter stops at
MOST = 0xFFFF  # what a common one stops at
LINE = 64  # bytes: 208 counters in 52 of them,
COUNTERS = 208
COMMON = 6  # and as many common ones in the others
NEAR = 256  # keys whose lines stay in the processor's first cache


@borrowing
def spot_of(key: np.uint32, lines: int) -> np.uint64:
    """Where a key is counted: line << 32 | place in the line, as 32 bits of a fraction."""
    return np.uint64(key) * np.uint64(lines)


@borrowing
def counter_of(spot: np.uint64) -> np.uint64:
    """The number of a counter among all, as bytes of them follow each other: four times that of the byte, and the place in it."""
    return (spot >> np.uint64(32)) * np.uint64(4 * LINE) + ((spot & np.uint64(0xFFFFFFFF)) * np.uint64(COUNTERS) >> np.uint64(32))


@borrowing
def common_of(spot: np.uint64) -> np.uint64:
    """The number of a common counter, as words of 16 bits follow each other."""
    common = (spot & np.uint64(0xFFFFFFFF)) * np.uint64(COMMON) >> np.uint64(32)
    return (spot >> np.uint64(32)) * np.uint64(LINE // 2) + np.uint64(COUNTERS // 8) + common


@borrowing
def touch_lines(keys: Keys, begin: np.uint64, stop: np.uint64, fine: Fine) -> np.uint8:
    """Have the lines of keys[begin:stop] come nearer, in a loop so short that the processor waits for many at once. What it returns must
    be put somewhere, or the loop would be left out.
    """
    lines, touched = fine.size // LINE, np.uint8(0)
    for k in range(begin, stop):
        touched |= fine[(spot_of(keys[k], lines) >> np.uint64(32)) * np.uint64(LINE)]
    return touched


@kernel
def count_keys(keys: Keys, fine: Fine, coarse: Coarse) -> None:
    """One holder more of each key; those that follow each other are best alike in their upper bits. `fine` and `coarse` are the same
    lines, as bytes and as words of 16 bits.

    Some at a time, in loops without branches, when their lines are near.
    """
    full = np.empty(NEAR, np.uint64)
    lines = fine.size // LINE
    for first in range(0, keys.size, NEAR):
        begin, stop = np.uint64(first), np.uint64(min(first + NEAR, keys.size))
        over = np.uint64(0)
        full[0] = touch_lines(keys, begin, stop, fine)
        for k in range(begin, stop):
            spot = spot_of(keys[k], lines)
            number = counter_of(spot)
            place = np.uint8(number & np.uint64(3)) << np.uint8(1)
            counter = fine[number >> np.uint64(2)]
            room = np.uint8((counter >> place) & np.uint8(FULL)) < np.uint8(FULL)
            fine[number >> np.uint64(2)] = counter + (np.uint8(room) << place)
            full[over] = spot
            over += np.uint64(not room)
        for k in range(over):
            common = common_of(full[k])
            coarse[common] += np.uint16(coarse[common] < MOST)


@kernel
def look_up(keys: Keys, fine: Fine, coarse: Coarse, out: Counts) -> None:
    """How many sets hold each key, or more; 0 for what is no key.

    Some at a time, in loops without branches, when their lines are near; the last one goes on to those that a counter of two bits does
    not hold.
    """
    full = np.empty(NEAR, np.uint64)
    lines = fine.size // LINE
    for first in range(0, keys.size, NEAR):
        begin, stop = np.uint64(first), np.uint64(min(first + NEAR, keys.size))
        over = np.uint64(0)
        full[0] = touch_lines(keys, begin, stop, fine)
        for k in range(begin, stop):
            number = counter_of(spot_of(keys[k], lines))
            few = np.uint32(fine[number >> np.uint64(2)] >> (np.uint8(number & np.uint64(3)) << np.uint8(1))) & np.uint32(FULL)
            is_key = keys[k] != NONE
            out[k] = few * np.uint32(is_key)
            full[over] = k
            over += np.uint64(is_key) & np.uint64(few == FULL)
        for j in range(over):
            k = full[j]
            out[k] += min(np.uint32(coarse[common_of(spot_of(keys[k], lines))]), np.uint32(MOST - FULL))
