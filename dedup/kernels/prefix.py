"""What each set is asked by: its rarest tokens.

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
def drop_heavy(records: Words, need: NDArray[np.uint8], holders: Counts, most: int, skipped: Words, partial: NDArray[np.bool_]) -> int:
    """Take records out of buckets whose count has more than `most` bits. Returns how many are left. `partial`: which sets are now
    asked in part only: what they share with another may be such buckets alone, which are marked in `skipped`.
    """
    dropped = np.zeros(need.size, np.int64)
    for k in range(records.size):
        if magnitude(int(holders[bucket_of(records[k], 32)])) > most:
            dropped[np.int64(records[k] & LOW)] += 1
    partial[:] = dropped >= np.maximum(need, 1)
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
    return at


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
