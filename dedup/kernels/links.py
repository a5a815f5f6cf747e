"""The keys of a set of word 2-grams: its tokens, and its links, which are two tokens that meet in a word.

What two paragraphs share by chance is far more often two words in a row than three. Where a word stands several times in a
paragraph, every token that ends in it makes a link with every one that begins with it, next to each other or not: so whoever holds
both tokens of a link has its key. Keys have 32 bits, those of links are made of those of tokens; two that are equal make a candidate
more, never one less.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.hashing import pair
from dedup.kernels.jit import borrowing, inlined, kernel
from dedup.kernels.shingle import word_shingles

if TYPE_CHECKING:
    from dedup.kernels.fold import Hashes
    from dedup.kernels.shingle import Index

Keys = NDArray[np.uint32]
Places = NDArray[np.int32]
Words = NDArray[np.uint64]
CROWD = 8  # earlier places of a word in its paragraph that make links with a new one; where it stands more often, it is crowded there
KEY_BITS = 32
CROWDED_BITS = 23  # of a token that tell it from others that begin with a word that is crowded
LINK = np.uint64(0xD6E8FEB86659FD93)
NONE = np.uint32(0)  # in place of a key: a token that stood before, and links of such


@kernel
def list_keys(words: Hashes, bounds: Index, sizes: Places, tokens: Keys, extras: Words, crowded: Words) -> int:
    """The keys of paragraphs words[bounds[s]:bounds[s + 1]], and of how many distinct tokens each is (`sizes`): a slot for each token in
    its order; links of tokens that follow each other are made of these (see `link_slots`). `extras`: further links, as
    key << 32 | paragraph. Returns how many of these there are; what does not fit is counted only.

    `crowded`: bitmap in which tokens are marked that in some paragraph begin with a word of which not all links are listed: nobody may
    go by a link whose second token is marked.
    """
    longest = longest_of(bounds)
    drawers, before = np.empty(4 * longest + 8, np.int32), np.empty(longest, np.int32)
    hashes, again = np.empty(longest + 1, np.uint64), np.empty(longest + 1, np.bool_)
    at, count = 0, 0
    for s in range(bounds.size - 1):
        begin, stop = bounds[s], bounds[s + 1]
        n = word_shingles(words, begin, stop - begin, hashes, 0)
        find_before(words, begin, stop, drawers, before)
        sizes[s] = find_again(words, begin, stop, before, hashes, drawers, again)
        for i in range(n):
            tokens[at + i] = NONE if again[i] else key_of(hashes[i])
        if n > sizes[s]:
            for i in range(n - 1):
                if again[i] != again[i + 1]:  # of two that stood before the link did as well, or is among the others of its word
                    count = add_extra(link_of(key_of(hashes[i]), key_of(hashes[i + 1])), s, extras, count)
        for i in range(stop - begin):
            if before[i] >= 0:
                count = link_again(hashes, n, i, before, s, extras, count)
                far = place_back(before, i, CROWD + 1)
                if far >= 0:
                    mark_opener(hashes, n, i, crowded)
                    mark_opener(hashes, n, far, crowded)
        at += n
    return count


@kernel
def link_slots(tokens: Keys, bounds: Index, links: Keys) -> None:
    """For each slot of a token the key of its link with the next one: NONE where one of them has none, or is another set's."""
    for s in range(bounds.size - 1):
        begin, stop = np.uint64(bounds[s]), np.uint64(bounds[s + 1])
        for k in range(begin, stop):
            links[k] = NONE
        for k in range(begin + np.uint64(1), stop):
            either = tokens[k - np.uint64(1)] == NONE or tokens[k] == NONE
            links[k - np.uint64(1)] = NONE if either else link_of(tokens[k - np.uint64(1)], tokens[k])


@inlined
def longest_of(bounds: Index) -> int:
    """Words of the longest paragraph."""
    longest = 0
    for s in range(bounds.size - 1):
        longest = max(longest, bounds[s + 1] - bounds[s])
    return longest


@borrowing
def key_of(value: np.uint64) -> np.uint32:
    """The key of a hash."""
    return max(np.uint32(value >> np.uint64(64 - KEY_BITS)), np.uint32(1))


@borrowing
def link_of(first: np.uint32, second: np.uint32) -> np.uint32:
    """The key of a link, from those of two tokens that meet in a word."""
    return key_of(pair(np.uint64(first) ^ LINK, np.uint64(second)))


@borrowing
def empty_drawers(count: int, drawers: Places) -> int:
    """Make room for a hash table of so many values; returns its size, a power of two, at most 4 * count + 8."""
    size = 8
    while size < 2 * count:
        size *= 2
    for at in range(size):
        drawers[at] = 0
    return size


@borrowing
def drawer_of(values: Hashes, begin: int, value: np.uint64, drawers: Places, size: int) -> int:
    """The drawer of a value: it holds the place of an equal one, counted from `begin` and 1, or 0 where there is none yet."""
    at = np.int64(value >> np.uint64(32)) & (size - 1)
    while drawers[at] and values[begin + drawers[at] - 1] != value:
        at = (at + 1) & (size - 1)
    return at


@borrowing
def find_again(words: Hashes, begin: int, stop: int, before: Places, hashes: Hashes, drawers: Places, again: NDArray[np.bool_]) -> int:
    """Which tokens of a paragraph (`hashes`) stood before. Returns how many did not.

    Most often it is enough to look at the last few places of a word that stood before, and is followed by one that did.
    """
    n = stop - begin - 1
    again[0] = False
    count = max(n, min(stop - begin, 1))
    for i in range(n):
        j, steps = np.int64(before[i]), 0
        open_end = j >= 0 and before[i + 1] >= 0
        again[i] = False
        while open_end and not again[i]:
            again[i] = words[begin + j + 1] == words[begin + i + 1]
            j = np.int64(before[j])
            steps += 1
            if steps > CROWD:
                return find_repeats(hashes, n, drawers, again)
            open_end = j >= 0
        count -= again[i]
    return count


@borrowing
def find_repeats(hashes: Hashes, n: int, drawers: Places, again: NDArray[np.bool_]) -> int:
    """Which of n hashes stood before. Returns how many did not."""
    count, size = 0, empty_drawers(n, drawers)
    for i in range(n):
        at = drawer_of(hashes, 0, hashes[i], drawers, size)
        again[i] = drawers[at] > 0
        if not again[i]:
            drawers[at] = i + 1
            count += 1
    return count


@borrowing
def find_before(words: Hashes, begin: int, stop: int, drawers: Places, before: Places) -> None:
    """For each word of a paragraph where it stood last, counted from `begin`; -1 where it did not."""
    size = empty_drawers(stop - begin, drawers)
    for i in range(stop - begin):
        at = drawer_of(words, begin, words[begin + i], drawers, size)
        before[i] = drawers[at] - 1
        drawers[at] = i + 1


@borrowing
def link_again(hashes: Hashes, n: int, i: int, before: Places, owner: int, extras: Words, count: int) -> int:
    """The links between the tokens around word i of a paragraph and those around where it stood before. Returns the new count."""
    opens, closes = i == 0, i == n
    ahead = np.uint64(0) if opens else hashes[i - 1]
    token = np.uint64(0) if closes else hashes[i]
    j, steps = np.int64(before[i]), 0
    while j >= 0 and steps < CROWD:
        follows, precedes = hashes[j], np.uint64(0) if j == 0 else hashes[j - 1]
        known = (not closes and follows == token) or (not opens and j > 0 and precedes == ahead)
        if not known and j > 0 and not closes:
            count = add_extra(link_of(key_of(precedes), key_of(token)), owner, extras, count)
        if not known and not opens:
            count = add_extra(link_of(key_of(ahead), key_of(follows)), owner, extras, count)
        j = np.int64(before[j])
        steps += 1
    return count


@borrowing
def add_extra(key: np.uint32, owner: int, extras: Words, count: int) -> int:
    """A link that has no slot, where there is room. Returns the new count."""
    if count < extras.size:
        extras[count] = np.uint64(key) << np.uint64(32) | np.uint64(owner)
    return count + 1


@borrowing
def place_back(before: Places, i: int, steps: int) -> int:
    """Where a word stood so many times ago, -1 where it did not stand as often."""
    j = np.int64(i)
    while j >= 0 and steps > 0:
        j = np.int64(before[j])
        steps -= 1
    return j


@borrowing
def mark_opener(hashes: Hashes, n: int, i: int, crowded: Words) -> None:
    """Mark the token that begins with word i of a paragraph, if one does."""
    if i < n:
        mark(crowded, np.int64(key_of(hashes[i]) >> np.uint32(KEY_BITS - CROWDED_BITS)))


@borrowing
def mark(bits: Words, number: np.int64) -> None:
    """Mark a number in a bitmap."""
    bits[number >> 6] |= np.uint64(1) << np.uint64(number & 63)


@borrowing
def is_marked(bits: Words, number: np.int64) -> bool:
    """Whether a number is marked."""
    return bool((bits[number >> 6] >> np.uint64(number & 63)) & np.uint64(1))
