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
BUCKET_BITS = 18  # of a token's hash choose where the search for it begins


@kernel
def shared_tokens(pool: Hashes) -> int:
    """Keep, at the head of a sorted pool, one of each token that stands in it twice and more. Returns how many."""
    count = 0
    begin = 0
    while begin < pool.size:
        end = begin + 1
        while end < pool.size and pool[end] == pool[begin]:
            end += 1
        if end - begin > 1:
            pool[count] = pool[begin]
            count += 1
        begin = end
    return count


@kernel
def number_tokens(pool: Hashes, known: Hashes, buckets: Index, out: Numbers, holders: Numbers) -> None:
    """For each token of the pool its place among the ascending `known` ones, or -1; and how many hold each known one.

    `buckets[b]` is the place of the first known token whose upper bits are at least b.
    """
    for i in range(pool.size):
        bucket = np.int64(pool[i] >> np.uint64(64 - BUCKET_BITS))
        low, high = buckets[bucket], buckets[bucket + 1]
        while low < high:
            middle = (low + high) >> 1
            if known[middle] < pool[i]:
                low = middle + 1
            else:
                high = middle
        if low < known.size and known[low] == pool[i]:
            out[i] = low
            holders[low] += 1
        else:
            out[i] = -1


@kernel
def choose_prefixes(bounds: Index, numbers: Numbers, holders: Numbers, share: float, prefix: Numbers, ends: Index) -> None:
    """The tokens each set is asked by: prefix[ends[s]:ends[s + 1]], rarest first.

    A set that has k of its n tokens in another has one of its n - k + 1 rarest there (Chaudhuri, Ganti and Kaushik 2006,
    section 4). Tokens that no other set holds are among the rarest and need no asking.
    """
    at = 0
    keys = np.empty(1024, np.int64)
    for s in range(bounds.size - 1):
        ends[s] = at
        n = bounds[s + 1] - bounds[s]
        if n > keys.size:
            keys = np.empty(2 * n, np.int64)
        asked = n - np.int64(np.ceil(share * n - 1e-9)) + 1
        found = 0
        for i in range(bounds[s], bounds[s + 1]):
            if numbers[i] < 0:
                asked -= 1
            else:
                keys[found] = np.int64(holders[numbers[i]]) << 32 | np.int64(numbers[i])
                found += 1
        if asked > 0:
            part = keys[:found]
            part.sort()
            for i in range(min(asked, found)):
                prefix[at] = part[i] & 0xFFFFFFFF
                at += 1
    ends[bounds.size - 1] = at


@kernel
def post_wanted(bounds: Index, numbers: Numbers, wanted: NDArray[np.bool_], posted: Index, out: Numbers) -> None:
    """The sets that hold each wanted token: out[posted[t]:posted[t + 1]], where `posted` has been made from the counts."""
    at = posted[:-1].copy()
    for s in range(bounds.size - 1):
        for i in range(bounds[s], bounds[s + 1]):
            token = numbers[i]
            if token >= 0 and wanted[token]:
                out[at[token]] = s
                at[token] += 1


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
    queries: Index, pool: Hashes, bounds: Index, prefix: Numbers, ends: Index, posted: Index, sets: Numbers, share: float,
    heavy: int, stamp: Numbers, out: Hashes,
) -> int:  # fmt: skip
    """Pairs in which the smaller set is a query and has at least `share` of its tokens in the other, packed smaller number
    first. Of equal sizes the lower number is the query. Tokens held by more than `heavy` sets are not asked. `stamp`: one
    entry a set, all -1. Returns the number of pairs; what
    does not fit in `out` is counted only.
    """
    count = 0
    for q in range(queries.size):
        x = queries[q]
        mine = pool[bounds[x] : bounds[x + 1]]
        least = int(np.ceil(share * mine.size - 1e-9))
        for k in range(ends[x], ends[x + 1]):
            if posted[prefix[k] + 1] - posted[prefix[k]] > heavy:
                break  # rarest first: those behind are heavier still
            for h in range(posted[prefix[k]], posted[prefix[k] + 1]):
                y = np.int64(sets[h])
                size = bounds[y + 1] - bounds[y]
                if stamp[y] == x or size < mine.size or (size == mine.size and y <= x):
                    continue
                stamp[y] = x
                if overlap_at_least(mine, pool[bounds[y] : bounds[y + 1]], least):
                    if count < out.size:
                        out[count] = np.uint64(min(x, y)) << np.uint64(32) | np.uint64(max(x, y))
                    count += 1
    return count
