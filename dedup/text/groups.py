"""Numbers for equal keys, and distinct pairs of small numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from dedup.kernels.groups import mark_among, mark_frequent, number_keys
from dedup.kernels.sorting import count_ranges, deal_ranges, keep_first, sort_with, sort_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]

Value = TypeVar("Value", bound=np.generic)


def grouped(keys: NDArray[np.uint64], more: NDArray[np.uint64] | None = None) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """A number from 0 for each key (hashes), the same for equal ones, in order of first sight; and where each number stands
    first. `more`: a second half of each key.
    """
    slots = np.full(1 << max(4, (2 * len(keys)).bit_length()), -1, np.int32)
    numbers, first = np.empty(len(keys), np.int64), np.empty(len(keys), np.int64)
    count = number_keys(keys, keys if more is None else more, slots, numbers, first)
    return numbers, first[:count].copy()


def distinct(first: NDArray[Any], second: NDArray[Any]) -> NDArray[np.int64]:
    """The first members of the distinct pairs, ascending."""
    if not len(first):
        return np.zeros(0, np.int64)
    span = int(second.max()) + 1
    packed = first.astype(np.int64) * span
    packed += second
    return ascending(packed) // span


def places_in(column: NDArray[Any], values: Iterable[int] | NDArray[Any]) -> NDArray[np.int64]:
    """Where values would stand in an ascending column. They are brought to its type: numpy would bring all of the column to theirs."""
    given = values if isinstance(values, np.ndarray) else np.array(list(values))
    return np.searchsorted(column, given.astype(column.dtype))


def stretches_of(first: Numbers, counts: Numbers) -> Numbers:
    """Numbers that follow each other, one stretch behind the other: so many from each first one on."""
    within = np.arange(int(counts.sum()))
    within += np.repeat(first - (np.cumsum(counts) - counts), counts)
    return within


def ascending(values: NDArray[Value]) -> NDArray[Value]:
    """The distinct values of 64 bits, none of them below zero, ascending; np.unique finds them by hashing, which takes several times
    as long.
    """
    words = in_order(values.view(np.uint64).copy())
    return words[: keep_first(words)].view(values.dtype)


def in_order(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Words, which are sorted where they stand."""
    sort_words(words, np.empty_like(words))
    return words


def deal(parts: Sequence[NDArray[Any]], shift: int, out: NDArray[Any], ranges: int) -> NDArray[np.int64]:
    """Words of all parts into `out`, by ranges of their upper bits, word >> shift; returns where each of so many ranges begins and the
    last one ends.
    """
    edges = np.zeros(ranges + 1, np.int64)
    for part in parts:
        count_ranges(part, shift, edges[1:])
    np.cumsum(edges, out=edges)
    places = edges.copy()
    for part in parts:
        deal_ranges(part, shift, places, out)
    return edges


def order_of(words: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Places of words, in their order; of equal ones in that in which they stand."""
    order = np.arange(len(words))
    sort_with(words.copy(), order, np.empty_like(words), np.empty_like(order))
    return order


def among(keys: NDArray[np.uint64], others: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Which keys (hashes) are among others."""
    out = np.empty(len(keys), np.bool_)
    mark_among(keys, others, np.full(1 << max(4, (2 * len(others)).bit_length()), -1, np.int32), out)
    return out


def seen_often(keys: NDArray[np.uint64], times: int) -> NDArray[np.bool_]:
    """Keys (hashes) that stand here so many times, and a few others: a sieve before they are numbered."""
    out = np.empty(len(keys), np.bool_)
    mark_frequent(keys, times, np.zeros(1 << max(8, min(len(keys).bit_length(), 24)), np.uint8), out)
    return out


def renumbered(
    left: NDArray[np.int64], right: NDArray[np.int64], count: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The distinct ones of numbers below `count`, ascending, and where in these each of the two columns stands."""
    used = np.zeros(count, np.bool_)
    used[left] = used[right] = True
    chosen = np.flatnonzero(used)
    place = np.empty(count, np.int64)  # memory that nobody touches costs nothing
    place[chosen] = np.arange(len(chosen))
    return chosen, place[left], place[right]


def pack(first: Numbers, second: Numbers) -> NDArray[np.uint64]:
    """Pairs of small numbers, first << 32 | second: one column to sort takes a fraction of what two take."""
    return (first << 32 | second).astype(np.uint64)


def packed(left: Numbers, right: Numbers) -> NDArray[np.uint64]:
    """Pairs of small numbers, the smaller one << 32 | the larger one."""
    return pack(np.minimum(left, right), np.maximum(left, right))


def unpack(pairs: NDArray[np.uint64]) -> tuple[Numbers, Numbers]:
    """The two members of packed pairs."""
    return (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)
