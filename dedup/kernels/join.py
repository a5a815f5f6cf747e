"""Set-similarity join: the sets that hold a key, who meets whom by the keys asked by, and what they share.

Keys are those of `kernels.links`, records those of `kernels.prefix`. Every pair that shares enough is found: nothing is sampled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.hashing import ones
from dedup.kernels.jit import borrowing, kernel
from dedup.kernels.links import KEY_BITS, NONE
from dedup.kernels.prefix import SET, bucket_of, set_of
from dedup.kernels.sieve import ROUGH_BITS, Few, is_in, sift

if TYPE_CHECKING:
    from dedup.kernels.links import Keys, Words
    from dedup.kernels.shingle import Index
    from dedup.kernels.sieve import Sieve

Numbers = NDArray[np.int32]
Sketches = NDArray[np.uint64]
AT_ONCE = 1024  # pairs, whose sketches stay in the processor's second cache
SKETCH_WORDS = 4  # of 64 bits: an ordinary paragraph fills a sixth of them, which tells it from nearly all others


@kernel
def post_keys(
    tokens: Keys, links: Keys, bounds: Index, extras: Words, names: Numbers, bits: int, wanted: Sieve, rough: Words, posts: Words
) -> int:
    """Keys that fall into wanted buckets, their upper `bits`, as bucket << 32 | name of the set; slots and further links
    are those of `links.list_keys`. `rough`: see `sieve.fold_bits`. Returns how many; `posts` has room for one more than there are keys.
    """
    shift = np.uint32(KEY_BITS - bits)
    count, held = np.uint64(0), np.empty(tokens.size, np.uint8)
    for keys in (tokens, links):
        if rough.size:
            sift(keys, np.uint32(KEY_BITS - ROUGH_BITS), rough, held)
        else:
            sift(keys, shift + np.uint32(wanted.shift), wanted.words, held)
        for s in range(names.size):
            name = np.uint64(names[s])
            for k in range(np.uint64(bounds[s]), np.uint64(bounds[s + 1])):
                posts[count] = np.uint64(keys[k] >> shift) << np.uint64(32) | name
                count += held[k]
    if rough.size:
        count = keep_wanted(posts, count, wanted)
    for k in range(extras.size):
        bucket = extras[k] >> np.uint64(2 * KEY_BITS - bits)
        posts[count] = bucket << np.uint64(32) | np.uint64(names[extras[k] & SET])
        count += is_in(wanted, bucket)
    return np.int64(count)


@borrowing
def keep_wanted(posts: Words, count: np.uint64, wanted: Sieve) -> np.uint64:
    """Move the posts whose bucket is wanted to the front. Returns how many there are."""
    kept = np.uint64(0)
    for k in range(count):
        posts[kept] = posts[k]
        kept += is_in(wanted, posts[k] >> np.uint64(32))
    return kept


@kernel
def meet(records: Words, bits: int, posts: Words, spare: Few, sketches: Sketches, any_size: bool, place: Index, met: Words) -> int:
    """Who meets whom and may share enough with it: asking set << 32 | other, for sorted records of `prefix.choose_prefixes` and
    sorted posts of the same buckets, which have so many bits. A pair is found as often as it shares a bucket that is asked by.

    Sets are ranks: the smaller asks, of two of equal size that of the lower number; with `any_size` every one. `spare`: how many
    of its tokens a set may have that another has not; `sketches`: of all sets.
    Returns how many. `place`: the record to go on with, 0 at first, and two places in `posts`; where it is not behind the last
    record `met` is full.
    """
    count, waiting = 0, 0
    pairs = np.empty(AT_ONCE, np.uint64)
    begin, at = place[1], place[2]
    for k in range(place[0], records.size):
        bucket, asking = bucket_of(records[k], bits), set_of(records[k], bits)
        while begin < posts.size and posts[begin] >> np.uint64(32) < bucket:
            begin += 1
        if at == 0:
            at = begin if any_size else first_above(posts, begin, bucket << np.uint64(32) | asking)
        while at < posts.size and posts[at] >> np.uint64(32) == bucket:
            pairs[waiting] = asking << np.uint64(32) | posts[at] & SET
            waiting += np.int64(posts[at] & SET != asking)
            at += 1
            if waiting == pairs.size:
                count = choose_pairs(pairs, waiting, spare, sketches, met, count)
                waiting = 0
                if count + pairs.size >= met.size:
                    place[0], place[1], place[2] = k, begin, at
                    return count
        at = 0
    place[0] = records.size
    return choose_pairs(pairs, waiting, spare, sketches, met, count)


@borrowing
def first_above(words: Words, begin: int, word: np.uint64) -> int:
    """The first place from `begin` on of a word above another, by strides that double: most often it is near."""
    low, stride = begin, 1
    while low + stride <= words.size and words[low + stride - 1] <= word:
        low += stride
        stride *= 2
    high = min(low + stride - 1, words.size)
    while low < high:
        middle = (low + high) // 2
        if words[middle] <= word:
            low = middle + 1
        else:
            high = middle
    return low


@borrowing
def choose_pairs(pairs: Words, number: int, spare: Few, sketches: Sketches, met: Words, count: int) -> int:
    """`meet` for pairs that share a bucket; in loops without branches, the first of which only touches sketches and is so short that
    the processor waits for many at once.
    """
    at, last = np.uint64(count), np.uint64(number)
    touched = np.uint64(0)
    for k in range(np.uint64(0), last):
        touched |= sketches[pairs[k] & SET, 0]
    met[at] = touched
    for k in range(np.uint64(0), last):
        x, y = pairs[k] >> np.uint64(32), pairs[k] & SET
        met[at] = pairs[k]
        at += np.uint64(missing_bits(sketches, x, y) <= spare[x])
    return np.int64(at)


@kernel
def sketch_sets(tokens: Keys, bounds: Index, ranks: Numbers, out: Sketches) -> None:
    """A bit for each token of a set, in the row of its rank, by the lower bits of its key: what one set has and another has not is a
    token that is missing there (bitmap filter: Sandes, Teodoro and Melo 2020, section 3).
    """
    for s in range(bounds.size - 1):
        rank = ranks[s]
        for word in range(SKETCH_WORDS):
            out[rank, word] = 0
        for i in range(bounds[s], bounds[s + 1]):
            bit = (tokens[i] & np.uint32(0xFFFF)) * np.uint64(64 * SKETCH_WORDS) >> np.uint64(16)
            out[rank, bit >> np.uint64(6)] |= np.uint64(tokens[i] != NONE) << (bit & np.uint64(63))


@borrowing
def missing_bits(sketches: Sketches, x: np.uint64, y: np.uint64) -> np.uint64:
    """Bits of the sketch of one set that that of another has not."""
    count = np.uint64(0)
    for word in range(np.uint64(0), np.uint64(SKETCH_WORDS)):
        count += ones(sketches[x, word] & ~sketches[y, word])
    return count
