"""One pass over a batch of documents: lines, their folded hashes, and what the rules must look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup.kernels.fold import ONE, THREE, ZERO, Bytes, Codes, Hashes, hash_words
from dedup.kernels.hashing import SECOND, mix, pair
from dedup.kernels.jit import borrowing, inlined, kernel
from dedup.kernels.shapes import has_dots, is_bullet, is_final, is_glued, is_invisible
from dedup.kernels.tables import look_up, may_be_key

if TYPE_CHECKING:
    from numpy.typing import NDArray

FIRST_WORD = np.uint64(0x51)
FIRST_TWO = np.uint64(0x52)
LAST_WORD = np.uint64(0x53)
LAST_TWO = np.uint64(0x54)
TITLE_LIMIT = 24  # words of a first line that may be a title
TAIL_WORDS = 5  # of its last words that make a tail of it

EXPANSION_ROOM = 20  # entries of scratch for each byte of a line, see `fold_codes`
SEVEN, EIGHT = np.uint64(7), np.uint64(8)
LOW_BYTES = np.uint64(0x0E0E0E0E0E0E0E0E)  # one above CR, and LF below it
EACH_BYTE = np.uint64(0x8080808080808080)

MARKED, FINAL, BULLET, GLUED, AFTER_BLANK, DOTS, TAIL = 1, 2, 4, 8, 16, 32, 64  # bits of the flags, see `text.lines`


@borrowing
def ends_line(byte: np.uint8) -> bool:
    """Whether a byte is LF or CR."""
    return bool((byte == 10) | (byte == 13))


@borrowing
def begins_point(byte: np.uint8) -> bool:
    """Whether a byte continues no other code point."""
    return bool((byte < 0x80) | (byte >= 0xC0))


@borrowing
def line_end(text: Bytes, eights: Hashes, i: int, stop: int) -> int:
    """Where the line that holds byte i ends: at LF, CR or `stop`. `eights`: the text again, eight bytes a number.

    Eight bytes are passed at a time while each is above CR; see "Determine if a word has a byte less than n" in Anderson's
    Bit Twiddling Hacks.
    """
    at, last = np.uint64(i), np.uint64(stop)
    while at < last:
        while at & SEVEN == ZERO and at + EIGHT <= last:
            eight = eights[at >> THREE]
            if (eight - LOW_BYTES) & ~eight & EACH_BYTE != ZERO:
                break
            at += EIGHT
        if at == last or ends_line(text[at]):
            break
        at += ONE
    return np.int64(at)


@inlined
def in_eights(text: Bytes) -> Hashes:
    """A text as numbers of eight bytes each, as far as it fills them."""
    return text[: text.size // 8 * 8].view(np.uint64)


@borrowing
def points_of(text: Bytes, start: int, end: int) -> int:
    """Code points of text[start:end]."""
    points = 0
    for i in range(np.uint64(start), np.uint64(end)):
        points += begins_point(text[i])
    return points


@kernel
def measure_documents(text: Bytes, bounds: NDArray[np.int64], points: NDArray[np.int64], ends: Bytes) -> None:
    """Code points of each document text[bounds[d]:bounds[d + 1]], and how its lines end: 1 if some by LF, 2 by CR LF, 4 by CR, added up.

    The loop over all bytes has no branch, so LLVM looks at many at once; a text with CR, and few have any, is gone through again.
    """
    for d in range(bounds.size - 1):
        feeds = returns = both = count = 0
        for i in range(np.uint64(bounds[d]), np.uint64(bounds[d + 1])):
            count += begins_point(text[i])
            feeds += text[i] == 10
            returns += text[i] == 13
        if feeds > 0 and returns > 0:
            for i in range(bounds[d] + 1, bounds[d + 1]):
                both += text[i] == 10 and text[i - 1] == 13
        points[d] = count
        ends[d] = (feeds > both) * 1 + (both > 0) * 2 + (returns > both) * 4


@kernel
def measure_lines(text: Bytes) -> tuple[int, int]:
    """How many lines there are, blank ones, too, and the bytes of the longest."""
    eights = in_eights(text)
    count = longest = begin = 0
    while begin < text.size:
        end = line_end(text, eights, begin, text.size)
        longest = max(longest, end - begin)
        count += 1
        begin = end + 1
    return count, longest


@kernel
def trigger_key(kind: np.uint64, first: np.uint64, second: np.uint64) -> np.uint64:
    """Key of a marker's outer words in the trigger table; `second` is 0 for one word."""
    return outer_key(kind, first, second)


@borrowing
def outer_key(kind: np.uint64, first: np.uint64, second: np.uint64) -> np.uint64:
    """`trigger_key`, for kernels."""
    return pair(pair(kind, first), second) | ONE


@borrowing
def is_marked(words: Hashes, n: int, keys: Hashes, values: NDArray[np.int32], outer: Hashes) -> bool:
    """Whether the outer words of a line begin (or end) some marker whose `max_words` allows a line of this length. `outer`: the
    filter of the markers' first and last words.
    """
    if may_be_key(outer, words[0]):
        if n <= look_up(keys, values, outer_key(FIRST_WORD, words[0], ZERO)):
            return True
        if n > 1 and n <= look_up(keys, values, outer_key(FIRST_TWO, words[0], words[1])):
            return True
    if may_be_key(outer, words[n - 1]):
        if n <= look_up(keys, values, outer_key(LAST_WORD, words[n - 1], ZERO)):
            return True
        if n > 1 and n <= look_up(keys, values, outer_key(LAST_TWO, words[n - 2], words[n - 1])):
            return True
    return False


@borrowing
def hash_line(words: Hashes, n: int, hints: Hashes, hint_values: NDArray[np.int32], bits: Hashes) -> tuple[np.uint64, np.uint64, bool]:
    """Two hashes of the words of a line, and whether one of the words is the hint of a pattern whose `max_words` allows so many."""
    first, second = SECOND, np.uint64(n)
    hinted = False
    for w in range(np.uint64(n)):
        word = words[w]
        first = mix(first ^ word)
        second = (second ^ word) * SECOND
        second ^= second >> np.uint64(29)
        if may_be_key(bits, word):  # looked at while the hashes, each waiting for the last, are under way
            hinted |= n <= look_up(hints, hint_values, word)
    return first if n else ZERO, second, hinted


@borrowing
def hash_tails(words: Hashes, n: int, tails: Hashes) -> None:
    """tails[w]: the first hash of the words from w on."""
    for w in range(np.uint64(n)):
        tails[w] = SECOND
        for k in range(w + ONE):
            tails[k] = mix(tails[k] ^ words[w])


@borrowing
def shape_flags(text: Bytes, start: int, end: int, words: int) -> int:
    """What the bytes of a line show; see `text.lines`."""
    flags = 0
    if is_final(text, start, end):
        flags |= FINAL
    elif words >= 10 and is_glued(text, start, end):
        flags |= GLUED
    if is_bullet(text, start, end):
        flags |= BULLET
    if words <= 30 and has_dots(text, start, end):
        flags |= DOTS
    return flags


@borrowing
def inked_part(text: Bytes, start: int, end: int) -> tuple[int, int]:
    """A line without blanks and control characters at its ends; (end, end) where it has nothing else."""
    i, last = np.uint64(start), np.uint64(end)
    while i < last and text[i] <= 32:
        i += ONE
    while last > i and text[last - ONE] <= 32:
        last -= ONE
    return np.int64(i), np.int64(last)


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
    hint_filter: Hashes,
    outer_filter: Hashes,
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
    eights = in_eights(text)
    tails = np.zeros(TITLE_LIMIT, np.uint64)  # hashes of the ends of the first line
    for d in range(bounds.size - 1):
        begin, stop, at = bounds[d], bounds[d + 1], 0
        after_blank = True
        title = 0  # words of the first line, where it may be a title
        opening = n
        while begin < stop:
            i = line_end(text, eights, begin, stop)
            inked, last = inked_part(text, begin, i)
            points = points_of(text, begin, i)
            k, _ = hash_words(text, inked, last, table, expansions, scratch, words)
            if k > 0 or not is_invisible(text, inked, last):
                first[n], second[n], hinted = hash_line(words, k, hints, hint_values, hint_filter)
                flag = shape_flags(text, inked, last, k) | (AFTER_BLANK if after_blank else 0)
                if hinted or (k > 0 and is_marked(words, k, trigger_keys, trigger_values, outer_filter)):
                    flag |= MARKED
                if n == opening and k <= TITLE_LIMIT:
                    title = k
                    hash_tails(words, k, tails)
                elif TAIL_WORDS <= k < title and first[n] == tails[title - k]:
                    flag |= TAIL
                start[n], end[n], document[n] = begin, i, d
                character[n], characters[n] = at, points
                count[n], flags[n] = k, flag
                n += 1
                after_blank = False
            elif not (i < stop and text[i] == 10 and begin == i and begin > bounds[d] and text[begin - 1] == 13):
                after_blank = True
            at += points + 1
            begin = i + 1
    return n
