"""Equal keys found by hashing: what `np.unique` finds by sorting, several times slower."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup.kernels.jit import inlined, kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.kernels.fold import Hashes
    from dedup.kernels.shingle import Index


@inlined
def upper_bits(size: int) -> np.uint64:
    """By how many bits a hash is moved to become a place in a table of `size`, a power of two."""
    shift = np.uint64(64)
    while size > 1:
        size >>= 1
        shift -= np.uint64(1)
    return shift


@kernel
def number_keys(keys: Hashes, slots: NDArray[np.int32], numbers: Index) -> int:
    """Number equal keys from 0 in order of first sight. Returns how many there are.

    `slots`: all -1, a power of two, at least twice the keys; a slot holds the place of the first key of its number. Keys must be
    spread over their upper bits, as hashes are.
    """
    shift, mask = upper_bits(slots.size), slots.size - 1
    count = 0
    for i in range(keys.size):
        slot = np.int64(keys[i] >> shift)
        while slots[slot] >= 0 and keys[slots[slot]] != keys[i]:
            slot = (slot + 1) & mask
        if slots[slot] < 0:
            slots[slot] = i
            numbers[i] = count
            count += 1
        else:
            numbers[i] = numbers[slots[slot]]
    return count


@kernel
def number_pairs(one: Hashes, two: Hashes, slots: NDArray[np.int32], numbers: Index, first: Index) -> int:
    """As `number_keys`, of keys in two halves; `first[n]`: the place of the first key of number n."""
    shift, mask = upper_bits(slots.size), slots.size - 1
    count = 0
    for i in range(one.size):
        slot = np.int64(one[i] >> shift)
        while slots[slot] >= 0 and (one[slots[slot]] != one[i] or two[slots[slot]] != two[i]):
            slot = (slot + 1) & mask
        if slots[slot] < 0:
            slots[slot] = i
            first[count] = i
            numbers[i] = count
            count += 1
        else:
            numbers[i] = numbers[slots[slot]]
    return count
