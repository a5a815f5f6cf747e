"""Numbers for equal keys, and distinct pairs of small numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dedup.kernels.groups import mark_frequent, number_keys

if TYPE_CHECKING:
    from numpy.typing import NDArray


def grouped(keys: NDArray[np.uint64]) -> tuple[NDArray[np.int64], int]:
    """A number from 0 for each key (hashes), the same for equal ones, in order of first sight; and how many there are."""
    slots = np.full(1 << max(4, (2 * len(keys)).bit_length()), -1, np.int32)
    numbers = np.empty(len(keys), np.int64)
    return numbers, int(number_keys(keys, slots, numbers))


def first_of(numbers: NDArray[np.int64], groups: int) -> NDArray[np.int64]:
    """Where each group number stands first."""
    first = np.empty(groups, np.int64)
    first[numbers[::-1]] = np.arange(len(numbers) - 1, -1, -1)
    return first


def distinct(first: NDArray[Any], second: NDArray[Any]) -> NDArray[np.int64]:
    """The first members of the distinct pairs, ascending."""
    if not len(first):
        return np.zeros(0, np.int64)
    span = int(second.max()) + 1
    packed = first.astype(np.int64) * span
    packed += second
    return ascending(packed) // span


def ascending(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """The distinct values, ascending; np.unique finds them by hashing, which takes several times as long."""
    values = np.sort(values)
    return values[np.r_[np.ones(min(len(values), 1), np.bool_), values[1:] != values[:-1]]]


def seen_often(keys: NDArray[np.uint64], times: int) -> NDArray[np.bool_]:
    """Keys (hashes) that stand here so many times, and a few others: a sieve before they are numbered."""
    out = np.empty(len(keys), np.bool_)
    mark_frequent(keys, times, np.zeros(1 << max(8, min(len(keys).bit_length(), 24)), np.uint8), out)
    return out
