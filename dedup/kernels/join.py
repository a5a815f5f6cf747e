"""Set-similarity join with a prefix filter: every pair of sets that share enough, and no sampling.

Sets are ascending arrays of 64-bit tokens, pool[bounds[s]:bounds[s + 1]]. They are told apart by buckets, the upper bits of a
token: two tokens that share one make a candidate more, never one less.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.jit import inlined, kernel

if TYPE_CHECKING:
    from dedup.kernels.fold import Hashes
    from dedup.kernels.shingle import Index

Numbers = NDArray[np.int32]
Counts = NDArray[np.uint16]
Words = NDArray[np.uint64]
LOW = np.uint64(0xFFFFFFFF)  # the set in a record
MOST = 0xFFFF  # what a count stops at
WITNESSES = 2  # tokens a pair must share among those asked by: pairs that share one by chance are many, those that share two few
CLASSES = 48  # of rarity: each count below 32 its own, above by powers of two


@inlined
def bucket_of(token: np.uint64, shift: int) -> int:
    """The bucket of a token."""
    return np.int64(token >> np.uint64(shift))


@inlined
def magnitude(count: int) -> int:
    """Bits of a count, at most 16."""
    bits = 0
    while count > 0:
        count >>= 1
        bits += 1
    return bits


@inlined
def rarity(count: int) -> int:
    """Class of a count, rarer ones first."""
    return count if count < 32 else 26 + magnitude(count)


@kernel
def count_holders(pool: Hashes, shift: int, holders: Counts) -> None:
    """How many sets hold a token of each bucket; counts stop at MOST."""
    for i in range(pool.size):
        bucket = bucket_of(pool[i], shift)
        holders[bucket] += holders[bucket] < MOST


@kernel
def choose_prefixes(
    asks: NDArray[np.bool_], first: int, pool: Hashes, bounds: Index, shift: int, holders: Counts, share: float,
    records: Words, need: NDArray[np.uint8], visits: Index,
) -> int:  # fmt: skip
    """What each set of `asks` is asked by, as records of bucket << 32 | set (numbered from `first`), and how many of its buckets
    another must hold.

    A set that has k of its n tokens in another has at least w of any n - k + w of them there (Chaudhuri, Ganti and Kaushik 2006,
    section 4; more than one witness: Wang, Li and Feng 2012, section 4): the rarest are asked. Tokens that no other set holds
    are missing in any other. `visits[m]` grows by the holders of the buckets whose count has m bits. Returns how many records.
    """
    at = 0
    counts = np.empty(1024, np.int64)
    sizes = np.empty(CLASSES, np.int64)
    for s in range(need.size):
        need[s] = 0
        n = bounds[s + 1] - bounds[s]
        if not asks[s] or n == 0:
            continue
        if n > counts.size:
            counts = np.empty(2 * n, np.int64)
        for i in range(n):
            counts[i] = holders[bucket_of(pool[bounds[s] + i], shift)]
        sizes[:] = 0
        for i in range(n):
            sizes[rarity(counts[i])] += 1
        least = int(np.ceil(share * n - 1e-9))
        need[s] = min(int(least), WITNESSES)
        asked = n - least - sizes[0] - sizes[1] + need[s]
        if asked < need[s]:
            need[s] = 0
            continue
        last = 2  # the class in which the prefix ends, and how many are taken of it
        while asked > sizes[last]:
            asked -= sizes[last]
            last += 1
        for i in range(n):
            kind = rarity(counts[i])
            if kind < 2 or kind > last or (kind == last and asked == 0):
                continue
            asked -= kind == last
            records[at] = np.uint64(bucket_of(pool[bounds[s] + i], shift)) << np.uint64(32) | np.uint64(first + s)
            at += 1
            visits[magnitude(counts[i])] += counts[i]
    return at


@kernel
def drop_heavy(records: Words, need: NDArray[np.uint8], holders: Counts, most: int, skipped: Words) -> tuple[int, int]:
    """Take records out of buckets whose count has more than `most` bits. Returns how many are left, and how many sets are now
    asked in part only: what they share with another may be such buckets alone, which are marked in `skipped`.
    """
    dropped = np.zeros(need.size, np.int64)
    for k in range(records.size):
        if magnitude(int(holders[bucket_of(records[k], 32)])) > most:
            dropped[np.int64(records[k] & LOW)] += 1
    partial = dropped >= np.maximum(need, 1)
    at = 0
    for k in range(records.size):
        bucket, s = bucket_of(records[k], 32), np.int64(records[k] & LOW)
        if magnitude(int(holders[bucket])) <= most:
            records[at] = records[k]
            at += 1
        elif partial[s]:
            set_bit(skipped, bucket)
    for s in range(need.size):
        if dropped[s]:
            need[s] = max(1, need[s] - dropped[s])
    return at, int(partial.sum())


@inlined
def set_bit(bits: Words, number: int) -> None:
    """Mark a number in a bitmap."""
    bits[number >> 6] |= np.uint64(1) << np.uint64(number & 63)


@inlined
def has_bit(bits: Words, number: int) -> bool:
    """Whether a number is marked."""
    return bool((bits[number >> 6] >> np.uint64(number & 63)) & np.uint64(1))


@kernel
def mark_buckets(records: Words, bits: Words) -> None:
    """Mark the buckets of records in a bitmap."""
    for k in range(records.size):
        set_bit(bits, bucket_of(records[k], 32))


@kernel
def find_marked(pool: Hashes, bounds: Index, shift: int, marked: Words, out: NDArray[np.bool_]) -> None:
    """Which sets hold a token of a marked bucket."""
    for s in range(bounds.size - 1):
        for i in range(bounds[s], bounds[s + 1]):
            if has_bit(marked, bucket_of(pool[i], shift)):
                out[s] = True
                break


@kernel
def count_marked(holders: Counts, marked: Words) -> int:
    """Sum of the counts of the marked buckets."""
    total = 0
    for word in range(marked.size):
        bits = marked[word]
        while bits:
            lowest = bits & (~bits + np.uint64(1))
            total += np.int64(holders[(word << 6) + magnitude_of_bit(lowest)])
            bits ^= lowest
    return total


@inlined
def magnitude_of_bit(bit: np.uint64) -> int:
    """The number of the only bit that is set."""
    number = 0
    step = 32
    while step:
        if bit >> np.uint64(number + step):
            number += step
        step >>= 1
    return number


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


@inlined
def overlap(first: Hashes, second: Hashes, least: int) -> int:
    """Members that two ascending arrays share; some number below `least` where they share fewer."""
    i = 0
    j = 0
    found = 0
    while i < first.size and j < second.size and found + first.size - i >= least:
        a, b = first[i], second[j]
        found += a == b
        i += a <= b
        j += b <= a
    return found


@kernel
def meet(records: Words, coarse: int, heads: Numbers, members: Numbers, mine: Numbers, theirs: Numbers, any_size: bool, met: Words) -> int:
    """Who meets whom: asking set << 32 | set of the index that holds its bucket, for sorted records of bucket << 32 | asking set.

    Both sides are walked in order of buckets, so that memory is read in order. `mine`, `theirs`: sizes of the sets that ask and
    of those of the index; the smaller asks, with `any_size` every one. Returns how many; what does not fit in `met` is counted
    only.
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
def probe(
    heads: Numbers, met: Numbers, need: NDArray[np.uint8], low: int, pool: Hashes, bounds: Index, base: int, group: Hashes,
    begins: Index, share: float, any_size: bool, out: Hashes, common: Numbers,
) -> int:  # fmt: skip
    """Pairs of a set of this pool (numbered from `low`) and one of a group (numbered from `base`) of which the smaller has at
    least `share` of its tokens in the other, packed smaller number << 32 | larger; and how many they share.

    Set x met met[heads[x]:heads[x + 1]], and asks those that it met `need[x]` times. Of equal sizes that of the lower number asks;
    with `any_size` both do. Returns the number of pairs; what does not fit in `out` is counted only.
    """
    count = 0
    for x in range(need.size):
        those = met[heads[x] : heads[x + 1]]
        if those.size < need[x] or need[x] == 0:
            continue
        sort_few(those)
        mine = pool[bounds[x] : bounds[x + 1]]
        least = int(np.ceil(share * mine.size - 1e-9))
        k = 0
        while k < those.size:
            y = np.int64(those[k])
            begin = k
            while k < those.size and those[k] == y:
                k += 1
            number = int(base + y)
            late = not any_size and begins[y + 1] - begins[y] == mine.size and number < low + x
            if k - begin < need[x] or late or number == low + x:
                continue
            found = overlap(mine, group[begins[y] : begins[y + 1]], least)
            if found >= least:
                if count < out.size:
                    out[count] = np.uint64(min(low + x, number)) << np.uint64(32) | np.uint64(max(low + x, number))
                    common[count] = found
                count += 1
    return count


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
