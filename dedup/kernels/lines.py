"""One pass over a batch of documents: lines, their folded hashes, and what the rules must look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup.kernels.fold import Bytes, Codes, Hashes, hash_words
from dedup.kernels.hashing import SECOND, mix, pair
from dedup.kernels.jit import inlined, kernel
from dedup.kernels.shapes import glue_points, has_dots, is_bullet, is_final, is_invisible
from dedup.kernels.tables import look_up

if TYPE_CHECKING:
    from numpy.typing import NDArray

FIRST_WORD = np.uint64(0x51)
FIRST_TWO = np.uint64(0x52)
LAST_WORD = np.uint64(0x53)
LAST_TWO = np.uint64(0x54)
TITLE_LIMIT = 24  # words of a first line that may be a title
TAIL_WORDS = 5  # of its last words that make a tail of it

EXPANSION_ROOM = 20  # entries of scratch for each byte of a line, see `fold_codes`


@kernel
def count_lines(text: Bytes) -> int:
    """An upper bound of the number of non-blank lines, cheap to find."""
    n = 1
    for i in range(text.size):
        if text[i] == 10 or text[i] == 13:
            n += 1
    return n


@kernel
def count_points(text: Bytes, bounds: NDArray[np.int64], out: NDArray[np.int64]) -> None:
    """Code points of each document text[bounds[d]:bounds[d + 1]]: its bytes that continue no other."""
    for d in range(out.size):
        points = 0
        for i in range(bounds[d], bounds[d + 1]):
            points += text[i] & 0xC0 != 0x80
        out[d] = points


@kernel
def longest_line(text: Bytes) -> int:
    """Bytes of the longest line."""
    longest = 0
    begin = 0
    for i in range(text.size):
        if text[i] == 10 or text[i] == 13:
            longest = max(longest, i - begin)
            begin = i + 1
    return max(longest, text.size - begin)


@kernel
def trigger_key(kind: np.uint64, first: np.uint64, second: np.uint64) -> np.uint64:
    """Key of a marker's outer words in the trigger table; `second` is 0 for one word."""
    return pair(pair(kind, first), second) | np.uint64(1)


@inlined
def is_marked(words: Hashes, n: int, keys: Hashes, values: NDArray[np.int32], hints: Hashes, hint_values: NDArray[np.int32]) -> bool:
    """Whether the outer words of a line begin (or end) some marker whose `max_words` allows a line of this length,
    or a word of it is the hint of such a pattern.
    """
    zero = np.uint64(0)
    if n <= look_up(keys, values, trigger_key(FIRST_WORD, words[0], zero)):
        return True
    if n <= look_up(keys, values, trigger_key(LAST_WORD, words[n - 1], zero)):
        return True
    if n > 1:
        if n <= look_up(keys, values, trigger_key(FIRST_TWO, words[0], words[1])):
            return True
        if n <= look_up(keys, values, trigger_key(LAST_TWO, words[n - 2], words[n - 1])):
            return True
    for i in range(n):
        if n <= look_up(hints, hint_values, words[i]):
            return True
    return False


@inlined
def hash_line(words: Hashes, begin: int, end: int) -> np.uint64:
    """Hash of the words of a line, or of some of them."""
    h = SECOND
    for w in range(begin, end):
        h = mix(h ^ words[w])
    return h


@kernel
def scan_lines(
    text: Bytes,
    bounds: NDArray[np.int64],
    table: Codes,
    expansions: Codes,
    trigger_keys: Hashes,
    trigger_values: NDArray[np.int32],
    hints: Hashes,
    hint_values: NDArray[np.int32],
    scratch: Codes,
    words: Hashes,
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    character: NDArray[np.int32],
    characters: NDArray[np.int32],
    document: NDArray[np.int32],
    count: NDArray[np.int32],
    first: Hashes,
    second: Hashes,
    flags: NDArray[np.uint8],
) -> int:
    """Fill the columns of a `LineTable` for documents text[bounds[d]:bounds[d + 1]]. Returns the number of lines.

    A line ends at LF or CR (so CR LF gives an empty, hence skipped, line between). Blank: nothing to be seen; a line of
    symbols alone is kept, with 0 words.
    """
    n = 0
    tails = np.zeros(TITLE_LIMIT + 1, np.uint64)  # hash of the last so many words of the first line
    for d in range(bounds.size - 1):
        i = bounds[d]
        stop = bounds[d + 1]
        at = 0
        after_blank = True
        title = 0  # words of the first line, where it may be a title
        opening = n
        while i < stop:
            begin = i
            points = 0
            inked = -1
            last = i
            while i < stop and text[i] != 10 and text[i] != 13:
                byte = text[i]
                if byte & 0xC0 != 0x80:
                    points += 1
                if byte > 32:
                    if inked < 0:
                        inked = i
                    last = i + 1
                i += 1
            k = 0
            if inked >= 0:
                k, _ = hash_words(text, inked, last, table, expansions, scratch, words)
            if inked >= 0 and (k > 0 or not is_invisible(text, inked, last)):
                h = hash_line(words, 0, k)
                g = np.uint64(k)
                for w in range(k):
                    g = (g ^ words[w]) * SECOND
                    g ^= g >> np.uint64(29)
                flag = 0
                if k == 0:
                    h = np.uint64(0)
                elif is_marked(words, k, trigger_keys, trigger_values, hints, hint_values):
                    flag |= 1
                if is_final(text, inked, last):
                    flag |= 2
                elif k >= 10 and glue_points(text, inked, last) > 0:
                    flag |= 8
                if is_bullet(text, inked, last):
                    flag |= 4
                if after_blank:
                    flag |= 16
                if k <= 30 and has_dots(text, inked, last):
                    flag |= 32
                if n == opening and k <= TITLE_LIMIT:
                    title = k
                    for w in range(k):
                        tails[k - w] = hash_line(words, w, k)
                elif TAIL_WORDS <= k < title and h == tails[k]:
                    flag |= 64
                start[n] = begin
                end[n] = i
                character[n] = at
                characters[n] = points
                document[n] = d
                count[n] = k
                first[n] = h
                second[n] = g
                flags[n] = flag
                n += 1
                after_blank = False
            elif not (i < stop and text[i] == 10 and begin == i and begin > bounds[d] and text[begin - 1] == 13):
                after_blank = True
            at += points + 1
            i += 1
    return n
