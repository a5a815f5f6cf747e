"""Set-similarity join: the sets that hold a token, who meets whom by the tokens asked by, and what they share.

Sets and buckets are those of `kernels.prefix`. Every pair that shares enough is found: nothing is sampled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.jit import inlined, kernel
from dedup.kernels.pairs import overlap
from dedup.kernels.prefix import LOW, Words, bucket_of, has_bit

if TYPE_CHECKING:
    from dedup.kernels.fold import Hashes
    from dedup.kernels.shingle import Index

Numbers = NDArray[np.int32]
Sizes = NDArray[np.uint16]
Tallies = NDArray[np.uint8]
TALLIES = 1 << 12  # counters of those that a set met


@kernel
def find_marked(pool: Hashes, bounds: Index, shift: int, marked: Words, out: NDArray[np.bool_]) -> None:
    """Which sets hold a token of a marked bucket."""
    for s in range(bounds.size - 1):
        for i in range(bounds[s], bounds[s + 1]):
            if has_bit(marked, bucket_of(pool[i], shift)):
                out[s] = True
                break


@kernel
def count_postings(pool: Hashes, shift: int, wanted: Words, coarse: int, counts: Numbers) -> None:
    """Count the wanted tokens of each bucket of an index; such a bucket has `coarse` bits fewer."""
    for i in range(pool.size):
        bucket = bucket_of(pool[i], shift)
        if has_bit(wanted, bucket):
            counts[bucket >> coarse] += 1


@kernel
def fill_postings(
    pool: Hashes, bounds: Index, first: int, shift: int, wanted: Words, coarse: int, places: Numbers, members: Numbers
) -> None:
    """Write the sets that hold each bucket of an index from `places` on, which move: set << coarse | the bits of its bucket that
    the index does not tell apart. The sets of this pool are numbered from `first`.
    """
    rest = (1 << coarse) - 1
    for s in range(bounds.size - 1):
        for i in range(bounds[s], bounds[s + 1]):
            bucket = bucket_of(pool[i], shift)
            if has_bit(wanted, bucket):
                members[places[bucket >> coarse]] = (first + s) << coarse | (bucket & rest)
                places[bucket >> coarse] += 1


@kernel
def meet(records: Words, coarse: int, heads: Numbers, members: Numbers, mine: Sizes, theirs: Sizes, any_size: bool, met: Words) -> int:
    """Who meets whom: asking set << 32 | set of the index that holds its bucket, for sorted records of bucket << 32 | asking set.

    Both sides are walked in order of buckets, so that memory is read in order. `mine`, `theirs`: sizes of the sets that ask and
    of those of the index, as far as they can be told; the smaller asks, with `any_size` every one. Returns how many; what does
    not fit in `met` is counted only.
    """
    count = 0
    room = met.size
    last = (1 << coarse) - 1
    for k in range(records.size):
        bucket = bucket_of(records[k], 32)
        rest = bucket & last
        begin, stop = np.int64(heads[bucket >> coarse]), np.int64(heads[(bucket >> coarse) + 1])
        if begin == stop:
            continue
        x = np.int64(records[k] & LOW)
        size = 0 if any_size else mine[x]
        if count + stop - begin > room:
            count += stop - begin
            room = -1
            continue
        for h in range(begin, stop):
            y = np.int64(members[h]) >> coarse
            met[count] = np.uint64(x) << np.uint64(32) | np.uint64(y)
            count += (theirs[y] >= size) & (members[h] & last == rest)
    return count


@kernel
def arrange(met: Words, sets: int, heads: Numbers, out: Numbers) -> None:
    """Those met by each asking set: out[heads[x]:heads[x + 1]]; `heads` has two entries more than sets, all 0."""
    for k in range(met.size):
        heads[np.int64(met[k] >> np.uint64(32)) + 2] += 1
    for x in range(sets):
        heads[x + 2] += heads[x + 1]
    for k in range(met.size):
        place = np.int64(met[k] >> np.uint64(32)) + 1
        out[heads[place]] = np.int32(met[k] & LOW)
        heads[place] += 1


@kernel
def name_candidates(
    heads: Numbers, met: Numbers, need: NDArray[np.uint8], low: int, mine: Numbers, base: int, theirs: Numbers, any_size: bool, out: Words
) -> int:
    """Those that each asking set met `need` times, packed asking set << 32 | other. Set low + x met met[heads[x]:heads[x + 1]], in
    numbers from `base` on; `mine`, `theirs`: sizes of the sets from these on.

    Of two sets of equal size that of the lower number asks; with `any_size` both do. Returns how many.
    """
    count = 0
    tallies = np.zeros(TALLIES, np.uint8)
    for x in range(need.size):
        those = met[heads[x] : heads[x + 1]]
        if those.size < need[x] or need[x] == 0:
            continue
        if need[x] > 1 and those.size < TALLIES // 4:
            those = sift(those, need[x], tallies)
        sort_few(those)
        k = 0
        while k < those.size:
            y = np.int64(those[k])
            begin = k
            while k < those.size and those[k] == y:
                k += 1
            late = not any_size and theirs[y] == mine[x] and base + y < low + x
            if k - begin >= need[x] and not late and base + y != low + x:
                out[count] = np.uint64(low + x) << np.uint64(32) | np.uint64(base + y)
                count += 1
    return count


@kernel
def take_sets(pool: Hashes, bounds: Index, numbers: Index, out: Hashes) -> None:
    """Some sets of a pool, one behind the other."""
    at = 0
    for k in range(numbers.size):
        for token in pool[bounds[numbers[k]] : bounds[numbers[k] + 1]]:
            out[at] = token
            at += 1


@kernel
def count_shared(
    asking: Index, asked: Index, pool: Hashes, bounds: Index, others: Hashes, borders: Index, share: float, common: Numbers
) -> None:
    """What the two sets of each candidate share, 0 where it is not `share` of the asking one: set number asking[k] of a pool, and
    asked[k] of others.
    """
    for k in range(asking.size):
        x, y = asking[k], asked[k]
        mine = pool[bounds[x] : bounds[x + 1]]
        least = int(np.ceil(share * mine.size - 1e-9))
        found = overlap(mine, others[borders[y] : borders[y + 1]], least)
        common[k] = found if found >= least else 0


@inlined
def sift(those: Numbers, least: int, tallies: Tallies) -> Numbers:
    """Move to the front what may stand there `least` times: counts by lower bits, which stay in the processor's nearest cache, are
    never too low. Returns these; `tallies` is all 0 before and after.
    """
    for k in range(those.size):
        place = those[k] & (TALLIES - 1)
        tallies[place] += tallies[place] < 255
    count = 0
    for k in range(those.size):
        value = those[k]
        often = tallies[value & (TALLIES - 1)] >= least
        those[k] = those[count]
        those[count] = value
        count += often
    for k in range(those.size):
        tallies[those[k] & (TALLIES - 1)] = 0
    return those[:count]


@inlined
def sort_few(values: Numbers) -> None:
    """Sort in place; most often they are two or three."""
    if values.size > 24:
        values.sort()
        return
    for i in range(1, values.size):
        value = values[i]
        j = i
        while j > 0 and values[j - 1] > value:
            values[j] = values[j - 1]
            j -= 1
        values[j] = value
