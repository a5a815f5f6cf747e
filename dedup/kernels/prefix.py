"""What each set is asked by: its rarest keys, as few as will do, and often none.

A set that has all but d of its tokens in another has all but d of its keys there, whatever keys without a token in common are
chosen: a token that is missing breaks one of them. Keys that no other set holds are broken for sure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.hashing import ones
from dedup.kernels.jit import borrowing, kernel
from dedup.kernels.links import CROWDED_BITS, KEY_BITS, is_marked
from dedup.kernels.sieve import put_in

if TYPE_CHECKING:
    from dedup.kernels.holders import Counts
    from dedup.kernels.links import Keys, Places, Words
    from dedup.kernels.shingle import Index
    from dedup.kernels.sieve import Sieve

Flags = NDArray[np.bool_]
Costs = NDArray[np.int32]
STRETCH = 128  # slots of a set from which keys are chosen together: the work grows with their square
COSTLY = np.int32(1 << 29)  # more than all keys of a stretch cost
LANES = 8  # sums that are compared at once
SET = np.uint64(0xFFFFFFFF)  # in a pair, or in a post
MAGNITUDE_BITS = 4  # in a record stand: bucket, magnitude of its holders, rank of the set
MAGNITUDES = 1 << MAGNITUDE_BITS
MOST_MAGNITUDE = MAGNITUDES - 1


@borrowing
def bucket_of(record: np.uint64, bits: int) -> np.uint64:
    """The bucket in a record: its uppermost bits."""
    return record >> np.uint64(64 - bits)


@borrowing
def set_of(record: np.uint64, bits: int) -> np.uint64:
    """The set in a record: its lowest bits."""
    return record & (np.uint64(0xFFFFFFFFFFFFFFFF) >> np.uint64(bits + MAGNITUDE_BITS))


@borrowing
def magnitude_of(record: np.uint64, bits: int) -> int:
    """The magnitude in a record: what stands between."""
    return np.int64((record >> np.uint64(64 - MAGNITUDE_BITS - bits)) & np.uint64(MOST_MAGNITUDE))


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
    asks: Flags, ranks: Places, tokens: Keys, links: Keys, bounds: Index, sizes: Places, holders: Counts,
    crowded: Words, share: float, bits: int, records: Words, visits: Index,
) -> int:  # fmt: skip
    """What each set of `asks` is asked by, as records of bucket (the upper `bits` of a key), magnitude of its holders, and the
    set's rank. Returns how many.

    The keys of set s are in slots bounds[s]:bounds[s + 1]; `sizes`: its distinct tokens; `holders`: of the tokens and, in a second
    row, of the links, 0 where there is no key. `visits[m]` grows by the holders of the chosen keys whose count has m bits.

    The prefix filter (Chaudhuri, Ganti and Kaushik 2006, section 4), over keys without a token in common instead of tokens: of one
    key more than tokens may be missing one is not broken.
    """
    least, chosen = np.empty((STRETCH + 2) * (STRETCH + LANES + 1), np.int32), np.empty(STRETCH, np.int64)
    costs = np.empty((2, STRETCH), np.int32)
    shift = np.uint32(KEY_BITS - bits)
    count = 0
    for s in range(sizes.size):
        begin, stop = bounds[s], bounds[s + 1]
        if not asks[s] or begin == stop:
            continue
        wanted = sizes[s] - max(int(np.ceil(share * sizes[s] - 1e-9)), 1) + 1
        pass_crowded(tokens, begin, stop, crowded, holders)
        if count_alone(begin, stop, holders) >= wanted:
            continue
        passed, taken = 0, 0
        for first in range(begin, stop, STRETCH):
            size = min(STRETCH, stop - first)
            passed += weigh(holders, first, size, costs)
            part = wanted * passed // sizes[s] - taken
            taken += part
            for k in range(take_least(costs, size, part, least, chosen)):
                linked, i = chosen[k] & 1, chosen[k] >> 1
                key = links[first + i] if linked else tokens[first + i]
                cost = costs[linked, i]
                visits[magnitude(cost)] += cost
                upper = np.uint64(key >> shift) << np.uint64(MAGNITUDE_BITS) | np.uint64(magnitude(cost))
                records[count] = upper << np.uint64(64 - MAGNITUDE_BITS - bits) | np.uint64(ranks[s])
                count += 1
    return count


@borrowing
def pass_crowded(tokens: Keys, begin: int, stop: int, crowded: Words, holders: Counts) -> None:
    """Holders of 0 for links whose second token is crowded: they are not known."""
    for slot in range(np.uint64(begin + 1), np.uint64(stop)):
        known = not is_marked(crowded, np.int64(tokens[slot] >> np.uint32(KEY_BITS - CROWDED_BITS)))
        holders[1, slot - np.uint64(1)] *= np.uint16(known)


@borrowing
def count_alone(begin: int, stop: int, holders: Counts) -> int:
    """How many keys without a token in common no other set holds: the tokens, and links of the others."""
    count, free = 0, False
    for slot in range(begin, stop):
        lone = holders[0, slot] == 1
        linked = free and not lone and holders[1, slot - 1] == 1
        count += lone or linked
        free = holders[0, slot] > 0 and not lone and not linked
    return count


@borrowing
def weigh(holders: Counts, first: int, size: int, costs: Costs) -> int:
    """What each of the keys from `first` on costs: its holders, if there are others; the link with what comes behind them is none.
    Returns how many of the tokens are keys.
    """
    count = 0
    for kind in range(2):
        for i in range(size):
            all_holders = np.int32(holders[kind, first + i])
            costs[kind, i] = COSTLY if all_holders == 0 else all_holders * np.int32(all_holders > 1)
    costs[1, size - 1] = COSTLY
    for i in range(size):
        count += holders[0, first + i] > 0
    return count


@borrowing
def take_least(costs: Costs, size: int, wanted: int, least: Places, chosen: Index) -> int:
    """Of tokens and links the `wanted` without a token in common that cost least together: place << 1 | linked. Those that cost
    nothing are left out. Returns how many.

    Dynamic programming from the last place to the first: what so many keys cost at least from a place on.
    """
    width = np.uint64(1 + -(-wanted // LANES) * LANES)
    for at in range(np.uint64(size) * width, np.uint64(size + 2) * width):
        least[at] = COSTLY
    least[np.uint64(size) * width] = least[np.uint64(size + 1) * width] = 0
    for back in range(size):
        i = size - 1 - back
        row = np.uint64(i) * width
        token, link = costs[0, i], costs[1, i]
        least[row] = 0
        for k in range(np.uint64(0), width - np.uint64(1)):
            least[row + k + np.uint64(1)] = min(
                least[row + width + k + np.uint64(1)], least[row + width + k] + token, least[row + width + width + k] + link
            )
    count, left, i = 0, wanted, 0
    while left > 0:
        row = np.uint64(i) * width + np.uint64(left)
        if least[row] < least[row + width]:
            linked = np.int64(least[row] != least[row + width - np.uint64(1)] + costs[0, i])
            chosen[count] = i << 1 | linked
            count += costs[linked, i] > 0
            i += linked
            left -= 1
        i += 1
    return count


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
def drop_heavy(records: Words, bits: int, most: int, skipped: Sieve, partial: Flags) -> int:
    """Take records out whose holders have a count of more than `most` bits. Returns how many are left. `partial`: which sets, by
    rank, are now asked in part only: what they share with another may be such buckets alone, which are put into `skipped`.
    """
    at = 0
    for k in range(records.size):
        if magnitude_of(records[k], bits) <= most:
            records[at] = records[k]
            at += 1
        else:
            put_in(skipped, bucket_of(records[k], bits))
            partial[set_of(records[k], bits)] = True
    return at


@kernel
def put_buckets(records: Words, bits: int, wanted: Sieve) -> None:
    """Put the buckets of records in."""
    for k in range(records.size):
        put_in(wanted, bucket_of(records[k], bits))
