"""Numbers of a paragraph, for the number guard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup.kernels.fold import ONE, code_at
from dedup.kernels.jit import borrowing
from dedup.kernels.tables import look_up, may_be_key

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.kernels.fold import Bytes, Codes, Hashes


@borrowing
def may_begin_digit(byte: np.uint8, following: np.uint8) -> bool:
    """Whether a digit can begin with these bytes: no byte inside a character does, nor the Arabic, Greek and Cyrillic letters'."""
    narrow = (byte >= 0x30) & (byte <= 0x39)
    arabic = ((byte == 0xD9) | (byte == 0xDB)) & (following >= 0xA0)
    return bool(narrow | arabic | (byte == 0xC2) | (byte == 0xDF) | (byte >= 0xE0))


@borrowing
def may_hold_digit(text: Bytes, start: int, end: int) -> bool:
    """Whether text[start:end] may hold a digit; a loop that LLVM makes into vector instructions, so it has no way out."""
    if end <= start:
        return False
    last = np.uint64(end) - ONE
    found = may_begin_digit(text[last], np.uint8(0))
    for i in range(np.uint64(start), last):
        found |= may_begin_digit(text[i], text[i + ONE])
    return found


@borrowing
def next_digit(text: Bytes, start: int, end: int) -> int:
    """The first byte of text[start:end] from on which a digit may stand; `end` where there is none."""
    i, stop = np.uint64(start), np.uint64(end)
    while i + ONE < stop and not may_begin_digit(text[i], text[i + ONE]):
        i += ONE
    if i + ONE == stop and not may_begin_digit(text[i], np.uint8(0)):
        i += ONE
    return np.int64(i)


@borrowing
def digit_of(code: int, table: Codes) -> int:
    """The value of a digit of any script, or -1."""
    if code >= table.size:
        return -1
    entry = np.int64(table[code])
    value = entry & 0xFFFFFF
    return value - 0x30 if entry >> 24 == 2 and 0x30 <= value <= 0x39 else -1


@borrowing
def digit_numbers(text: Bytes, start: int, end: int, table: Codes, out: Hashes, count: int) -> int:
    """Numbers written in digits of any script, appended to out[:count]. Returns the new count."""
    held = False  # a number that may go on behind a thousands mark
    value = np.uint64(0)
    joined = False  # exactly one mark stands between it and what follows
    i = start
    while i < end:
        if not held:
            i = next_digit(text, i, end)
            if i == end:
                break
        code, width = code_at(text, i)
        if digit_of(code, table) < 0:
            is_mark = code in (0x2C, 0x2E, 0x27, 0x2019, 0x66C, 0x66B, 0x60C)
            joined = is_mark and held and not joined
            i += width
            if held and not joined:
                out[count] = value
                count += 1
                held = False
            continue
        run = np.uint64(0)
        digits = 0
        while i < end:
            code, width = code_at(text, i)
            digit = digit_of(code, table)
            if digit < 0:
                break
            run = run * np.uint64(10) + np.uint64(digit)
            digits += 1
            i += width
        if held and joined and digits == 3:
            value = value * np.uint64(1000) + run
        else:
            if held:
                out[count] = value
                count += 1
            value = run
            held = True
        joined = False
    if held:
        out[count] = value
        count += 1
    return count


@borrowing
def word_numbers(words: Hashes, k: int, keys: Hashes, values: NDArray[np.int32], known: Hashes, out: Hashes, count: int) -> int:
    """Numbers written in words, appended to out[:count]. Returns the new count. `known`: the filter of `keys`."""
    i = np.uint64(0)
    while i < k:
        value = look_up(keys, values, words[i]) if may_be_key(known, words[i]) else 0
        i += ONE
        if value == 0:
            continue
        following = look_up(keys, values, words[i]) if i < k else 0
        amount = abs(value)
        if amount < 10 and -90 <= following <= -20:  # five and-twenty
            amount -= following
            i += ONE
        elif 20 <= amount <= 90 and 0 < following < 10:  # twenty five
            amount += following
            i += ONE
        out[count] = np.uint64(amount)
        count += 1
    return count
