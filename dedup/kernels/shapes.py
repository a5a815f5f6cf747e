"""Shapes of a line that its bytes show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup.kernels.fold import ONE, THREE, TWO, code_at
from dedup.kernels.jit import borrowing

if TYPE_CHECKING:
    from dedup.kernels.fold import Bytes


@borrowing
def code_before(text: Bytes, start: int, end: int) -> tuple[int, int]:
    """The last code point of text[start:end] and where it begins; (0, start) for nothing."""
    if end <= start:
        return 0, start
    i = end - 1
    while i > start and text[i] & 0xC0 == 0x80:
        i -= 1
    return code_at(text, i)[0], i


@borrowing
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


@borrowing
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


@borrowing
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


@borrowing
def holds_arabic(text: Bytes, start: int, end: int) -> bool:
    """Whether a first byte of an Arabic letter U+0620 to U+064A stands in a stretch."""
    found = False
    for i in range(np.uint64(start), np.uint64(end)):
        found |= bool((text[i] == 0xD8) | (text[i] == 0xD9))
    return found


@borrowing
def is_glued(text: Bytes, start: int, end: int) -> bool:
    """Whether two texts seem to be joined somewhere without a space.

    A letter that only ends words (ة ى) or a closing quote, question mark or digit directly before a letter, and a
    letter directly before an opening quote. A word of 13 letters and more counts as well: hardly any Arabic word is so long.
    """
    if not holds_arabic(text, start, end):
        return False
    length = 0
    before = 0
    i = start
    while i < end:
        code, width = code_at(text, i)
        i += width
        if 0x64B <= code <= 0x65F or code == 0x640:
            continue
        if 0x620 <= code <= 0x64A:
            length += 1
            if length == 13 or before in (0x629, 0x649, 0xBB, 0x61F, 0x21, 0x3F):
                return True
        else:
            if length > 2 and 0x620 <= before <= 0x64A and (code in (0xAB, 0x201C) or 0x30 <= code <= 0x39):
                return True
            length = 0
        before = code
    return False


@borrowing
def has_dots(text: Bytes, start: int, end: int) -> bool:
    """Whether two dots, an ellipsis or a colon stand between the words."""
    found = False
    for i in range(np.uint64(start) + THREE, np.uint64(max(end - 6, start + 3))):
        one, two = text[i], text[i + ONE]
        found |= bool((one == 0x2E) & (two == 0x2E) | (one == 0x3A) & (two == 0x20))
        found |= bool((one == 0xE2) & (two == 0x80) & (text[i + TWO] == 0xA6))
    return found
