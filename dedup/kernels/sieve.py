"""A bitmap of keys that says yes to all that were put in, and to few others."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.hashing import ones
from dedup.kernels.jit import borrowing, kernel
from dedup.kernels.links import NONE, is_marked, mark

if TYPE_CHECKING:
    from dedup.kernels.links import Keys, Words

Few = NDArray[np.uint8]
ROUGH_BITS = 23  # of a key that a bitmap of 1 MB tells apart


class Sieve(NamedTuple):
    """Of buckets, which are upper bits of keys. Each has a place in `words` by its own upper bits, all but `shift`."""

    words: Words
    shift: int


@borrowing
def put_in(sieve: Sieve, bucket: np.uint64) -> None:
    """Put a bucket in."""
    mark(sieve.words, np.int64(bucket >> np.uint64(sieve.shift)))


@borrowing
def is_in(sieve: Sieve, bucket: np.uint64) -> np.uint64:
    """1 for a bucket that was put in; for others most often 0."""
    return np.uint64(is_marked(sieve.words, np.int64(bucket >> np.uint64(sieve.shift))))


@borrowing
def sift(keys: Keys, shift: np.uint32, words: Words, held: Few) -> None:
    """Which keys are in a bitmap, `shift` of their bits left out: in a loop so short that the processor waits for many at once."""
    for k in range(keys.size):
        place = np.uint64(keys[k] >> shift)
        held[k] = np.uint8(words[place >> np.uint64(6)] >> (place & np.uint64(63))) & np.uint8(keys[k] != NONE)


@kernel
def fold_bits(bits: Words, folded: Words) -> int:
    """A shorter bitmap, empty at first, in which a bit stands for several of a longer one, which is a power of two times as long: set
    if one of them is. It stays in the processor's second cache, and says of most keys that they are not wanted. Returns how many are
    set.
    """
    times = np.uint64(bits.size // folded.size)
    width = np.uint64(64) // times
    mask = np.uint64(0xFFFFFFFFFFFFFFFF) >> (np.uint64(64) - times)
    count = np.uint64(0)
    for word in range(np.uint64(folded.size)):
        made = np.uint64(0)
        for part in range(times):
            some = bits[word * times + part]
            for k in range(width):
                made |= np.uint64((some >> (k * times)) & mask != np.uint64(0)) << (part * width + k)
        folded[word] = made
        count += ones(made)
    return np.int64(count)
