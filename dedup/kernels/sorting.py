"""Sorting of small sets of hashes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup.kernels.fold import ONE
from dedup.kernels.jit import borrowing, kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.kernels.fold import Codes, Hashes


@borrowing
def insert_sorted(values: Hashes, begin: int, end: int, value: np.uint64) -> int:
    """Put a value into the ascending, distinct values[begin:end], if it is not there. Returns the new end."""
    i, first, last = np.uint64(end), np.uint64(begin), np.uint64(end)
    while i > first and values[i - ONE] > value:
        i -= ONE
    if i > first and values[i - ONE] == value:
        return end
    while last > i:
        values[last] = values[last - ONE]
        last -= ONE
    values[i] = value
    return end + 1


@kernel
def deal(words: Hashes, shift: int, out: Hashes, edges: NDArray[np.int64]) -> None:
    """Words in ranges by their upper bits, words >> shift, of which there are edges.size - 1: range r in out[edges[r]:edges[r + 1]]."""
    upper = np.uint64(shift)
    places = np.zeros(edges.size, np.int64)
    for word in words:
        places[np.int64(word >> upper) + 1] += 1
    for r in range(edges.size - 1):
        places[r + 1] += places[r]
    edges[:] = places
    for word in words:
        r = np.int64(word >> upper)
        out[places[r]] = word
        places[r] += 1


@borrowing
def unique_sorted(values: Hashes, begin: int, count: int, places: Codes, spare: Hashes) -> int:
    """Sort values[begin:begin + count] and drop repeats. Returns how many are left.

    Hashes are spread evenly: dealt out by their upper bits into as many drawers as there are hashes, nearly all stand where
    they belong, and an insertion sort has little left to do (5 ns a hash, a fifth of what numba's quicksort takes). `places` must
    hold 2 * count entries, `spare` count.
    """
    if count < 2:
        return count
    first, n = np.uint64(begin), np.uint64(count)
    bits = ONE
    while ONE << bits < n:
        bits += ONE
    upper = np.uint64(64) - bits
    for drawer in range(ONE << bits):
        places[drawer] = 0
    for i in range(n):
        places[values[first + i] >> upper] += np.uint32(1)
    at = np.uint32(0)
    for drawer in range(ONE << bits):
        size = places[drawer]
        places[drawer] = at
        at += size
    for i in range(n):
        value = values[first + i]
        place = places[value >> upper]
        spare[place] = value
        places[value >> upper] = place + np.uint32(1)
    end = begin
    for i in range(n):
        end = insert_sorted(values, begin, end, spare[i])
    return end - begin
