"""Set-similarity join with a prefix filter: every pair of sets that share enough, and no sampling."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.jit import inlined, kernel

if TYPE_CHECKING:
    from dedup.kernels.fold import Hashes
    from dedup.kernels.shingle import Index

Numbers = NDArray[np.int32]
SKETCH = 2  # words of 64 bits: a sketch of a set, in which each token sets one bit


@inlined
def bucket_of(token: np.uint64, shift: int) -> int:
    """Tokens are told apart by their upper bits only: two that share a bucket make a candidate more, never one less."""
    return np.int64(token >> np.uint64(shift))


@kernel
def count_holders(pool: Hashes, shift: int, holders: Numbers) -> None:
    """How many sets hold a token of each bucket."""
    for i in range(pool.size):
        holders[bucket_of(pool[i], shift)] += 1


@kernel
def sketch_sets(pool: Hashes, bounds: Index, sketches: Hashes) -> None:
    """The bits of each set, shape (sets, SKETCH); from bits of the tokens that buckets do not use."""
    for s in range(bounds.size - 1):
        for i in range(bounds[s], bounds[s + 1]):
            token = pool[i]
            sketches[s, np.int64(token & np.uint64(SKETCH - 1))] |= np.uint64(1) << (token >> np.uint64(1) & np.uint64(63))


@kernel
def choose_prefixes(
    queries: Index, pool: Hashes, bounds: Index, shift: int, holders: Numbers, share: float, prefix: Numbers, ends: Index
) -> None:
    """The buckets each query is asked by: prefix[ends[q]:ends[q + 1]], rarest first.

    A set that has k of its n tokens in another has one of any n - k + 1 of them there (Chaudhuri, Ganti and Kaushik 2006,
    section 4): the rarest are asked. Tokens that no other set holds are among the rarest and need no asking.
    """
    at = 0
    keys = np.empty(1024, np.int64)
    for q in range(queries.size):
        ends[q] = at
        s = queries[q]
        n = bounds[s + 1] - bounds[s]
        if n > keys.size:
            keys = np.empty(2 * n, np.int64)
        asked = n - np.int64(np.ceil(share * n - 1e-9)) + 1
        found = 0
        for i in range(bounds[s], bounds[s + 1]):
            bucket = bucket_of(pool[i], shift)
            if holders[bucket] < 2:
                asked -= 1
            else:
                keys[found] = np.int64(holders[bucket]) << 32 | bucket
                found += 1
        if asked > 0:
            part = keys[:found]
            part.sort()
            for i in range(min(asked, found)):
                prefix[at] = part[i] & 0xFFFFFFFF
                at += 1
    ends[queries.size] = at


@kernel
def post_wanted(pool: Hashes, bounds: Index, shift: int, wanted: NDArray[np.bool_], posted: Index, out: Numbers) -> None:
    """The sets that hold each wanted bucket: out[posted[b]:posted[b + 1]], where `posted` has been made from the counts."""
    at = posted[:-1].copy()
    for s in range(bounds.size - 1):
        for i in range(bounds[s], bounds[s + 1]):
            bucket = bucket_of(pool[i], shift)
            if wanted[bucket]:
                out[at[bucket]] = s
                at[bucket] += 1


@inlined
def ones(value: np.uint64) -> int:
    """Bits that are set (Warren 2012, section 5-1)."""
    value -= value >> np.uint64(1) & np.uint64(0x5555555555555555)
    value = (value & np.uint64(0x3333333333333333)) + (value >> np.uint64(2) & np.uint64(0x3333333333333333))
    value = (value + (value >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64(value * np.uint64(0x0101010101010101) >> np.uint64(56))


@inlined
def may_hold(first: Hashes, second: Hashes, missing: int) -> bool:
    """Whether, by their sketches, at most so many tokens of the first set are missing in the second."""
    count = 0
    for k in range(SKETCH):
        count += ones(first[k] & ~second[k])
    return count <= missing


@inlined
def overlap_at_least(first: Hashes, second: Hashes, least: int) -> bool:
    """Whether two ascending arrays share `least` members; stops when they no longer can."""
    i = 0
    j = 0
    found = 0
    while found < least and found + min(first.size - i, second.size - j) >= least:
        if first[i] == second[j]:
            found += 1
            i += 1
            j += 1
        elif first[i] < second[j]:
            i += 1
        else:
            j += 1
    return found >= least


@kernel
def probe(
    queries: Index, pool: Hashes, bounds: Index, sketches: Hashes, prefix: Numbers, ends: Index, posted: Index, sets: Numbers,
    share: float, heavy: int, any_size: bool, stamp: Numbers, out: Hashes,
) -> int:  # fmt: skip
    """Pairs in which the smaller set is a query and has at least `share` of its tokens in the other, packed smaller number
    first. Of equal sizes the lower number is the query. With `any_size` every query is asked against all sets.

    Buckets held by more than `heavy` sets are not asked. `stamp`: one entry a set, all -1. Returns the number of pairs; what
    does not fit in `out` is counted only.
    """
    count = 0
    for q in range(queries.size):
        x = queries[q]
        mine = pool[bounds[x] : bounds[x + 1]]
        least = int(np.ceil(share * mine.size - 1e-9))
        for k in range(ends[q], ends[q + 1]):
            if posted[prefix[k] + 1] - posted[prefix[k]] > heavy:
                break  # rarest first: those behind are heavier still
            for h in range(posted[prefix[k]], posted[prefix[k] + 1]):
                y = np.int64(sets[h])
                size = bounds[y + 1] - bounds[y]
                if stamp[y] == x or y == x or (not any_size and (size < mine.size or (size == mine.size and y < x))):
                    continue
                stamp[y] = x
                if not may_hold(sketches[x], sketches[y], mine.size - least):
                    continue
                if overlap_at_least(mine, pool[bounds[y] : bounds[y + 1]], least):
                    if count < out.size:
                        out[count] = np.uint64(min(x, y)) << np.uint64(32) | np.uint64(max(x, y))
                    count += 1
    return count
