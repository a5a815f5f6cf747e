"""What each set is asked by: its rarest keys, as few as will do, and often none.

A set that has all but d of its tokens in another has all but d of its keys there, whatever keys without a token in common are
chosen: a token that is missing breaks one of them. Keys that no other set holds are broken for sure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.hashing import ones
from dedup.kernels.holders import FULL, all_holders_of
from dedup.kernels.jit import borrowing, kernel
from dedup.kernels.links import KEY_BITS, NONE, is_marked, longest_of, mark
from dedup.kernels.sorting import sort_few

if TYPE_CHECKING:
    from dedup.kernels.holders import Coarse
    from dedup.kernels.links import Keys, Middles, Places, Words
    from dedup.kernels.shingle import Index

Flags = NDArray[np.bool_]
Few = NDArray[np.uint8]
BUCKET = np.uint64(35)  # in a record stand: bucket, magnitude of its holders, rank of the set
MAGNITUDE = np.uint64(31)
SLOT = 0x7FFFFFFF
SET = np.uint64(0xFFFFFFFF)  # in a pair, or in a post
MAGNITUDES = 16
MOST_MAGNITUDE = MAGNITUDES - 1


@borrowing
def bucket_of(record: np.uint64) -> np.int64:
    """The bucket in a record."""
    return np.int64(record >> BUCKET)


@borrowing
def set_of(record: np.uint64) -> int:
    """The set in a record."""
    return np.int64(record & np.uint64(SLOT))


@borrowing
def magnitude_of(record: np.uint64) -> int:
    """The magnitude in a record."""
    return np.int64((record >> MAGNITUDE) & np.uint64(MOST_MAGNITUDE))


@borrowing
def magnitude(count: int) -> int:
    """Bits of a count below 2**32, at most 15; without a branch."""
    below = np.uint64(count)
    below |= below >> np.uint64(1)
    below |= below >> np.uint64(2)
    below |= below >> np.uint64(4)
    below |= below >> np.uint64(8)
    below |= below >> np.uint64(16)
    return min(np.int64(ones(below)), MOST_MAGNITUDE)


@kernel
def choose_prefixes(
    asks: Flags, ranks: Places, tokens: Keys, links: Keys, middles: Middles, bounds: Index, sizes: Places, holders: Few,
    token_counts: Coarse, link_counts: Coarse, crowded: Words, share: float, bucket: int, records: Words, visits: Index,
) -> int:  # fmt: skip
    """What each set of `asks` is asked by, as records of bucket (the upper `bucket` bits of a key), magnitude of its holders, and
    the set's rank. Returns how many.

    The keys of set s are in slots bounds[s]:bounds[s + 1]; `sizes`: its distinct tokens; `holders`: as `holders.look_up` finds them
    for the tokens and, in a second row, for the links; `token_counts` and `link_counts`: their common counters. `visits[m]` grows by
    the holders of the chosen keys whose count has m bits.

    The prefix filter (Chaudhuri, Ganti and Kaushik 2006, section 4), over keys without a token in common instead of tokens: of one
    key more than tokens may be missing one is not broken.
    """
    longest = longest_of(bounds)
    free = np.empty(longest + 1, np.bool_)
    rest, chosen, ranked = np.empty(2 * longest + 1, np.int64), np.empty(longest, np.int64), np.empty(MAGNITUDES, np.int64)
    count = 0
    for s in range(sizes.size):
        begin, n = bounds[s], bounds[s + 1] - bounds[s]
        if not asks[s] or n == 0:
            continue
        broken = break_tokens(tokens, begin, n, holders, free)
        left = sizes[s] - broken
        missing = left - max(int(np.ceil(share * sizes[s] - 1e-9)), 1)  # may be at most
        if missing < 0:
            continue
        pass_crowded(links, middles, begin, n, crowded, holders)
        broken = break_links(free, begin, n, holders, left, missing)
        left, missing = left - 2 * broken, missing - broken
        if missing < 0:
            continue
        wanted = missing + 1  # at most as many as are left
        taken = take_twins(free, begin, n, holders, left, wanted, chosen)
        if taken < wanted:
            at = list_rest(free, begin, n, holders, tokens, links, token_counts, link_counts, rest)
            few = put_rare_first(rest, at, wanted - taken, ranked)
            sort_few(rest[:few])
            taken = take_rest(free, n, rest, 0, few, wanted, taken, chosen)
            if taken < wanted:
                sort_few(rest[few:at])
                take_rest(free, n, rest, few, at, wanted, taken, chosen)
        for k in range(wanted):
            slot, linked, bulk = begin + (chosen[k] >> 1 & SLOT), chosen[k] & 1, chosen[k] >> 32
            key = links[slot] if linked else tokens[slot]
            visits[magnitude(bulk)] += bulk
            records[count] = (
                np.uint64(key >> np.uint32(KEY_BITS - bucket)) << BUCKET | np.uint64(magnitude(bulk)) << MAGNITUDE | np.uint64(ranks[s])
            )
            count += 1
    return count


@borrowing
def break_tokens(tokens: Keys, begin: int, n: int, holders: Few, free: Flags) -> int:
    """Tokens are free to be chosen, but for those that stood before and those that no other set holds. Returns how many of these."""
    broken = 0
    for i in range(n):
        new = tokens[begin + i] != NONE
        alone = holders[0, begin + i] == 1
        free[i] = new and not alone
        broken += new and alone
    free[n] = False
    return broken


@borrowing
def pass_crowded(links: Keys, middles: Middles, begin: int, n: int, crowded: Words, holders: Few) -> None:
    """Holders of 0 for what is no link, or one in the middle of which is a crowded word: they are not known."""
    for i in range(n):
        slot = begin + i
        if links[slot] == NONE or is_marked(crowded, np.int64(middles[slot])):
            holders[1, slot] = 0


@borrowing
def break_links(free: Flags, begin: int, n: int, holders: Few, left: int, missing: int) -> int:
    """How many links of free tokens no other set holds, none with a token in common: their tokens are not free any more. Of `left`
    free tokens more stay than may be `missing`; one that is missing more ends it.
    """
    broken = 0
    for i in range(n - 1):
        if holders[1, begin + i] == 1 and free[i] and free[i + 1] and missing >= broken and left - 2 - broken >= missing:
            free[i] = free[i + 1] = False
            broken += 1
    return broken


@borrowing
def may_take(free: Flags, i: int, linked: int, left: int, wanted: int) -> bool:
    """Whether a token, or a link, can be taken, so that enough tokens are left for all that are wanted."""
    return bool(free[i] and (linked == 0 or (free[i + 1] and left - 2 >= wanted - 1)))


@borrowing
def take_twins(free: Flags, begin: int, n: int, holders: Few, left: int, wanted: int, chosen: Index) -> int:
    """Take free tokens, then links of them, that one other set holds: holders << 32 | place << 1 | linked. Returns how many."""
    taken = 0
    for linked in range(2):
        for i in range(n):
            if holders[linked, begin + i] == 2 and taken < wanted and may_take(free, i, linked, left, wanted - taken):
                free[i] = free[i + linked] = False
                left -= 1 + linked
                chosen[taken] = 2 << 32 | i << 1 | linked
                taken += 1
    return taken


@borrowing
def list_rest(
    free: Flags, begin: int, n: int, holders: Few, tokens: Keys, links: Keys, token_counts: Coarse, link_counts: Coarse, rest: Index,
) -> int:  # fmt: skip
    """The free tokens, then their links, as `take_twins` gives them. Returns how many.

    In loops without branches, so that the processor waits for many counters at once.
    """
    free_tokens = 0
    for i in range(n):
        rest[free_tokens] = i
        free_tokens += free[i]
    count = free_tokens
    for i in range(n - 1):
        rest[count] = i
        count += free[i] & free[i + 1] & (holders[1, begin + i] == FULL)
    for k in range(free_tokens):
        rest[k] = all_holders_of(tokens[begin + rest[k]], token_counts) << 32 | rest[k] << 1
    for k in range(free_tokens, count):
        rest[k] = all_holders_of(links[begin + rest[k]], link_counts) << 32 | rest[k] << 1 | 1
    return count


@borrowing
def put_rare_first(rest: Index, count: int, wanted: int, ranked: Index) -> int:
    """Move the rarest of the rest to its front: at least twice as many as are wanted, if there are as many. Returns how many."""
    for m in range(MAGNITUDES):
        ranked[m] = 0
    for k in range(count):
        ranked[magnitude(rest[k] >> 32)] += 1
    most, found = 0, ranked[0]
    while found < 2 * wanted and most < MOST_MAGNITUDE:
        most += 1
        found += ranked[most]
    at = 0
    for k in range(count):
        if magnitude(rest[k] >> 32) <= most:
            rest[at], rest[k] = rest[k], rest[at]
            at += 1
    return at


@borrowing
def take_rest(free: Flags, n: int, rest: Index, begin: int, stop: int, wanted: int, taken: int, chosen: Index) -> int:
    """Take of rest[begin:stop], which ascends, until all that are wanted are taken. Returns how many are."""
    left = 0
    for i in range(n):
        left += free[i]
    for k in range(begin, stop):
        i, linked = rest[k] >> 1 & SLOT, rest[k] & 1
        if taken < wanted and may_take(free, i, linked, left, wanted - taken):
            free[i] = free[i + linked] = False
            left -= 1 + linked
            chosen[taken] = rest[k]
            taken += 1
    return taken


@kernel
def rank_sets(sizes: Places) -> Places:
    """The place of each set among all by size, of those of one size by number."""
    largest = 0
    for size in sizes:
        largest = max(largest, size)
    before = np.zeros(largest + 2, np.int64)
    for size in sizes:
        before[size + 1] += 1
    for size in range(largest):
        before[size + 1] += before[size]
    ranks = np.empty(sizes.size, np.int32)
    for s in range(sizes.size):
        ranks[s] = before[sizes[s]]
        before[sizes[s]] += 1
    return ranks


@kernel
def drop_heavy(records: Words, most: int, skipped: Words, partial: Flags) -> int:
    """Take records out whose holders have a count of more than `most` bits. Returns how many are left. `partial`: which sets, by
    rank, are now asked in part only: what they share with another may be such buckets alone, which are marked in `skipped`.
    """
    at = 0
    for k in range(records.size):
        if magnitude_of(records[k]) <= most:
            records[at] = records[k]
            at += 1
        else:
            mark(skipped, bucket_of(records[k]))
            partial[set_of(records[k])] = True
    return at


@kernel
def mark_buckets(records: Words, bits: Words) -> None:
    """Mark the buckets of records in a bitmap."""
    for k in range(records.size):
        mark(bits, bucket_of(records[k]))
