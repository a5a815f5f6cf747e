"""Equal keys found by hashing: what `np.unique` finds by sorting, several times slower."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup.kernels.jit import borrowing, inlined, kernel

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
def number_keys(one: Hashes, two: Hashes, slots: NDArray[np.int32], numbers: Index, first: Index) -> int:
    """Number equal keys, given in two halves, from 0 in order of first sight; `first[n]`: the place of the first key of number n.
    Returns how many there are.

    `slots`: all -1, a power of two, at least twice the keys; a slot holds the place of the first key of its number. The first half
    must be spread over its upper bits, as hashes are.
    """
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


@kernel
def mark_among(keys: Hashes, others: Hashes, slots: NDArray[np.int32], out: NDArray[np.bool_]) -> None:
    """Which keys are among others. `slots`: as in `number_keys`, twice the others."""
    shift, mask = upper_bits(slots.size), slots.size - 1
    for i in range(others.size):
        slot = slot_of(others, others[i], slots, shift, mask)
        if slots[slot] < 0:
            slots[slot] = i
    for i in range(keys.size):
        out[i] = slots[slot_of(others, keys[i], slots, shift, mask)] >= 0


@borrowing
def slot_of(held: Hashes, key: np.uint64, slots: NDArray[np.int32], shift: np.uint64, mask: int) -> int:
    """The slot of a key: that of an equal one, or the first empty one on the way."""
    slot = np.int64(key >> shift)
    while slots[slot] >= 0 and held[slots[slot]] != key:
        slot = (slot + 1) & mask
    return slot


@kernel
def best_among(numbers: Index, rank: Index, asked: NDArray[np.bool_], first: int, best: Index, lowest: Index) -> None:
    """Of each number the place of the lowest rank among those asked, of equal ones the first; places count from `first`. `best`, at
    first all -1, and `lowest`, the rank of each, go on from call to call.
    """
    for i in range(numbers.size):
        number = numbers[i]
        if asked[i] and (best[number] < 0 or rank[i] < lowest[number]):
            best[number] = first + i
            lowest[number] = rank[i]


@kernel
def mark_edges(numbers: Index, head: int, tail: int, out: NDArray[np.bool_]) -> None:
    """Which places are among the first `head` or the last `tail` of a run of equal numbers."""
    begin = 0
    for i in range(1, numbers.size + 1):
        if i == numbers.size or numbers[i] != numbers[begin]:
            for k in range(begin, i):
                out[k] = k - begin < head or i - 1 - k < tail
            begin = i


@kernel
def mark_frequent(keys: Hashes, times: int, counts: NDArray[np.uint8], out: NDArray[np.bool_]) -> None:
    """Which keys (hashes) fall into a place of `counts` (all 0, a power of two) as often as `times`, at most 255."""
    shift = upper_bits(counts.size)
    for i in range(keys.size):
        slot = np.int64(keys[i] >> shift)
        counts[slot] += counts[slot] < 255
    for i in range(keys.size):
        out[i] = counts[np.int64(keys[i] >> shift)] >= min(times, 255)
