"""Open-addressing hash tables of 64-bit keys, and a filter before them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup.kernels.jit import borrowing, kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.kernels.fold import Hashes

FILTER_BITS = 16  # of a hash, its upper ones, that a filter looks at: 8 KB, which stay in the nearest cache


@borrowing
def look_up(keys: Hashes, values: NDArray[np.int32], key: np.uint64) -> int:
    """Value of a key in an open-addressing table (size a power of two, empty slots 0), or 0."""
    mask = np.uint64(keys.size - 1)
    slot = key & mask
    while keys[slot] != np.uint64(0):
        if keys[slot] == key:
            return np.int64(values[slot])
        slot = (slot + np.uint64(1)) & mask
    return 0


@kernel
def fill_table(keys: Hashes, values: NDArray[np.int32], new_keys: Hashes, new_values: NDArray[np.int32]) -> None:
    """Put keys into an open-addressing table; the larger value wins."""
    mask = np.uint64(keys.size - 1)
    for i in range(new_keys.size):
        slot = new_keys[i] & mask
        while keys[slot] != np.uint64(0) and keys[slot] != new_keys[i]:
            slot = (slot + np.uint64(1)) & mask
        keys[slot] = new_keys[i]
        values[slot] = max(values[slot], new_values[i])


@kernel
def fill_filter(keys: Hashes) -> Hashes:
    """A bit for the upper bits of each key (empty slots of a table aside): most words are no key, and one look says so."""
    bits = np.zeros((1 << FILTER_BITS) // 64, np.uint64)
    for i in range(keys.size):
        if keys[i] != np.uint64(0):
            place = keys[i] >> np.uint64(64 - FILTER_BITS)
            bits[place >> np.uint64(6)] |= np.uint64(1) << (place & np.uint64(63))
    return bits


@borrowing
def may_be_key(bits: Hashes, key: np.uint64) -> bool:
    """Whether `fill_filter` has seen such a key."""
    place = key >> np.uint64(64 - FILTER_BITS)
    return bool((bits[place >> np.uint64(6)] >> (place & np.uint64(63))) & np.uint64(1))
