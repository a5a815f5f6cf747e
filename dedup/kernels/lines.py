"""One pass over a batch of documents: lines, their folded hashes, and what the rules must look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup.kernels.fold import Bytes, Codes, Hashes, code_at, fold_codes, word_hashes
from dedup.kernels.hashing import SECOND, mix, pair
from dedup.kernels.jit import inlined, kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

FIRST_WORD = np.uint64(0x51)
FIRST_TWO = np.uint64(0x52)
LAST_WORD = np.uint64(0x53)
LAST_TWO = np.uint64(0x54)
ANY_WORD = np.uint64(0x55)

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


@inlined
def look_up(keys: Hashes, values: NDArray[np.int32], key: np.uint64) -> int:
    """Value of a key in an open-addressing table (size a power of two, empty slots 0), or 0."""
    mask = np.uint64(keys.size - 1)
    slot = key & mask
    while keys[slot] != np.uint64(0):
        if keys[slot] == key:
            return np.int64(values[slot])
        slot = (slot + np.uint64(1)) & mask
    return 0


@kernel
def fill_table(keys: Hashes, values: NDArray[np.int32], new_keys: Hashes, new_values: NDArray[np.int32]) -> None:
    """Put keys into an open-addressing table; the larger value wins."""
    mask = np.uint64(keys.size - 1)
    for i in range(new_keys.size):
        slot = new_keys[i] & mask
        while keys[slot] != np.uint64(0) and keys[slot] != new_keys[i]:
            slot = (slot + np.uint64(1)) & mask
        keys[slot] = new_keys[i]
        values[slot] = max(values[slot], new_values[i])


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
def code_before(text: Bytes, start: int, end: int) -> tuple[int, int]:
    """The last code point of text[start:end] and where it begins; (0, start) for nothing."""
    if end <= start:
        return 0, start
    i = end - 1
    while i > start and text[i] & 0xC0 == 0x80:
        i -= 1
    return code_at(text, i)[0], i


@inlined
def is_final(text: Bytes, start: int, end: int) -> bool:
    """Whether a line ends like a sentence, looking through closing quotes, brackets, blanks and invisible marks."""
    for _ in range(12):
        code, before = code_before(text, start, end)
        if code == 0x2E or code == 0x21 or code == 0x3F:  # . ! ?
            return True
        if code in (0x61F, 0x6D4, 0x3002, 0xFF01, 0xFF1F, 0x964, 0x589, 0x1362):  # question mark, full stops of other scripts
            return True
        through = code <= 0x20 or code in (0x22, 0x27, 0x29, 0x5D, 0xA0, 0xBB, 0x2019, 0x201C, 0x201D, 0x201E, 0x200E, 0x200F, 0x2026)
        if not through or before == start:
            return False
        end = before
    return False


@inlined
def is_invisible(text: Bytes, start: int, end: int) -> bool:
    """Whether a stretch shows nothing: no-break and other spaces, zero-width characters, direction marks."""
    i = start
    while i < end:
        code, width = code_at(text, i)
        spaces = code <= 0x20 or code in (0x85, 0xA0, 0xAD, 0x1680, 0x205F, 0x3000, 0xFEFF)
        if not spaces and not 0x2000 <= code <= 0x200F and not 0x2028 <= code <= 0x202F and not 0x2060 <= code <= 0x206F:
            return False
        i += width
    return True


@inlined
def is_bullet(text: Bytes, start: int, end: int) -> bool:
    """Whether a line (without leading blanks) begins with a bullet and white space."""
    byte = text[start]
    width = 1
    if byte == 0xC2 and start + 1 < end:
        if text[start + 1] != 0xB7 and text[start + 1] != 0xBB and text[start + 1] != 0xAB:  # · » «
            return False
        width = 2
    elif byte == 0xE2 and start + 2 < end:
        middle, last = text[start + 1], text[start + 2]
        dash = middle == 0x80 and (0x90 <= last <= 0x95 or last == 0xA2 or last == 0xA3 or last == 0xBA)
        shape = middle == 0x96 or middle == 0x97 or (middle == 0x9E and last >= 0x94) or (middle == 0x81 and last == 0x83)
        if not dash and not shape and not (middle == 0x88 and last == 0x99):
            return False
        width = 3
    elif byte != 0x2A and byte != 0x2D and byte != 0x3E and byte != 0x2B:  # * - > +
        return False
    after = start + width
    return after < end and (text[after] == 0x20 or text[after] == 0x09 or (text[after] == 0xC2 and text[after + 1] == 0xA0))


@inlined
def glue_points(text: Bytes, start: int, end: int) -> int:
    """Places where two texts were joined without a space.

    A letter that only ends words (ة ى) or a closing quote, question mark or digit directly before a letter, and a
    letter directly before an opening quote. A word of 13 letters and more counts as well: hardly any Arabic word is so long.
    """
    points = 0
    length = 0
    before = 0
    i = start
    while i < end:
        code, width = code_at(text, i)
        arabic = 0x620 <= code <= 0x64A and code != 0x640
        if 0x64B <= code <= 0x65F or code == 0x640:
            i += width
            continue
        if arabic:
            if before in (0x629, 0x649, 0xBB, 0x61F, 0x21, 0x3F):
                points += 1
            length += 1
            if length == 13:
                points += 1
        else:
            if code in (0xAB, 0x201C) and 0x620 <= before <= 0x64A and length > 2:
                points += 1
            if 0x30 <= code <= 0x39 and 0x620 <= before <= 0x64A and length > 2:
                points += 1
            length = 0
        before = code
        i += width
    return points


@inlined
def has_dots(text: Bytes, start: int, end: int) -> bool:
    """Whether two dots, an ellipsis or a colon stand between the words."""
    for i in range(start + 3, end - 6):
        if text[i] == 0x2E and text[i + 1] == 0x2E:
            return True
        if text[i] == 0x3A and text[i + 1] == 0x20:
            return True
        if text[i] == 0xE2 and text[i + 1] == 0x80 and text[i + 2] == 0xA6:
            return True
    return False


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
    for d in range(bounds.size - 1):
        i = bounds[d]
        stop = bounds[d + 1]
        at = 0
        after_blank = True
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
                length = fold_codes(text, inked, last, table, expansions, scratch)
                k = word_hashes(scratch, length, words)
            if inked >= 0 and (k > 0 or not is_invisible(text, inked, last)):
                h = SECOND
                g = np.uint64(k)
                for w in range(k):
                    h = mix(h ^ words[w])
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
