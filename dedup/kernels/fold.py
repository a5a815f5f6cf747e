"""UTF-8 bytes to folded code points to word hashes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.hashing import PRIME, WORD_SEED, mix
from dedup.kernels.jit import borrowing, kernel

Bytes = NDArray[np.uint8]
Codes = NDArray[np.uint32]
Hashes = NDArray[np.uint64]

# numba tests every signed index for being negative, and makes a float of a signed and an unsigned 64-bit number: where speed
# counts, positions are unsigned, and so is every number added to them.
ZERO, ONE, TWO, THREE = np.uint64(0), np.uint64(1), np.uint64(2), np.uint64(3)
SIX_BITS = np.uint64(0x3F)
CLASS = np.uint64(24)  # bits of an entry below its class
VALUE = np.uint64(0xFFFFFF)
PAIRS = np.uint64(0x110000)  # where, in the folding table, the entries for pairs of bytes begin: behind all code points
PLAIN_LETTER = np.uint64(1 << 24)  # set in such an entry of a letter; less: a separator
RARE = np.uint64(2 << 24)  # from here on the entry of the code point says what to do
UNSORTED = np.uint64(1 << 63)  # instead of a number of words: marks stand in another order than they are hashed in


@borrowing
def code_at(text: Bytes, i: int | np.int64) -> tuple[int, int]:
    """The code point that begins at byte i of valid UTF-8, and its width in bytes."""
    byte = np.int64(text[i])
    if byte < 0x80:
        return byte, 1
    if byte < 0xE0:
        return (byte & 0x1F) << 6 | (np.int64(text[i + 1]) & 0x3F), 2
    if byte < 0xF0:
        return (byte & 0x0F) << 12 | (np.int64(text[i + 1]) & 0x3F) << 6 | (np.int64(text[i + 2]) & 0x3F), 3
    code = (byte & 0x07) << 18 | (np.int64(text[i + 1]) & 0x3F) << 12
    return code | (np.int64(text[i + 2]) & 0x3F) << 6 | (np.int64(text[i + 3]) & 0x3F), 4


@borrowing
def fold_codes(text: Bytes, start: int, end: int, table: Codes, expansions: Codes, out: Codes) -> int:
    """Fold text[start:end] into `out`; words stand apart by one 0, with none at either end. Returns the length.

    `out` must hold 20 entries for each byte: no code point expands to more than 18, each perhaps a word of its own.
    `text` must be valid UTF-8, and [start, end) must fall on code point borders.
    """
    n = 0
    inside = False  # the last entry belongs to a word that may grow
    single = False  # ... but only by marks
    marks = 0  # where the marks behind its last letter begin
    i = start
    while i < end:
        code, width = code_at(text, i)
        i += width
        entry = np.int64(table[code])
        count = 1
        offset = 0
        if entry >> 24 == 5:
            count = (entry >> 16) & 0xFF
            offset = entry & 0xFFFF
        for k in range(count):
            item = np.int64(expansions[offset + k]) if count > 1 else entry
            kind = item >> 24
            value = np.uint32(item & 0xFFFFFF)
            if kind == 2:  # LETTER
                if (single or not inside) and n > 0:
                    out[n] = 0
                    n += 1
                out[n] = value
                n += 1
                inside = True
                single = False
                marks = n
            elif kind == 0:  # SEPARATOR
                inside = False
            elif kind == 3:  # MARK
                if inside:  # marks of one letter stand in one order, however they were typed
                    j = n
                    while j > marks and out[j - 1] > value:
                        out[j] = out[j - 1]
                        j -= 1
                    out[j] = value
                    n += 1
            elif kind == 4:  # SINGLE
                if n > 0:
                    out[n] = 0
                    n += 1
                out[n] = value
                n += 1
                inside = True
                single = True
                marks = n
    return n


@borrowing
def grown(h: np.uint64, value: np.uint64) -> np.uint64:
    """The state of a word's hash after one more folded code point."""
    h = (h ^ value) * PRIME
    return h ^ (h >> np.uint64(32))


@borrowing
def word_hashes(codes: Codes, n: int, out: Hashes) -> int:
    """Hash each word of codes[:n] (words apart by 0) into `out`. Returns their number."""
    words = 0
    if n == 0:
        return 0
    h = WORD_SEED
    for i in range(n):
        code = codes[i]
        if code == 0:
            out[words] = mix(h)
            words += 1
            h = WORD_SEED
        else:
            h = grown(h, np.uint64(code))
    out[words] = mix(h)
    return words + 1


@borrowing
def pair_entry(text: Bytes, i: np.uint64, table: Codes) -> np.uint64:
    """The small entry of the character that begins at byte i, not the last byte (see `text.fold`); RARE or more where it does
    not do.
    """
    return np.uint64(table[PAIRS + (np.uint64(text[i]) << np.uint64(6) | np.uint64(text[i + ONE]) & SIX_BITS)])


@borrowing
def hash_words(text: Bytes, start: int, end: int, table: Codes, expansions: Codes, scratch: Codes, words: Hashes) -> tuple[int, int]:
    """The hashes of `word_hashes(fold_codes(text[start:end]))` into `words` without writing codes. Returns their number, and
    that of the folded letters.

    The loop has no branch but for what is rare: words are too short for a processor to foresee where they end.
    """
    i, stop = np.uint64(start), np.uint64(end)
    k, letters, inside = ZERO, ZERO, ZERO
    h = WORD_SEED
    while i + ONE < stop:
        entry = pair_entry(text, i, table)
        if entry >= RARE:
            i, k, h, inside, letters = hash_rare(text, i, stop, table, expansions, words, k, h, inside, letters)
            continue
        letter = entry >> CLASS
        i += ONE + (np.uint64(text[i]) >> np.uint64(7))
        words[k] = h
        k += inside & ~letter
        inside = letter
        letters += letter
        h = (h ^ (entry ^ PLAIN_LETTER)) * (PRIME & (ZERO - letter))
        h = h ^ (h >> np.uint64(32)) ^ ((letter - ONE) & WORD_SEED)
    if i < stop:
        i, k, h, inside, letters = hash_rare(text, i, stop, table, expansions, words, k, h, inside, letters)
    if k == UNSORTED:
        n = fold_codes(text, start, end, table, expansions, scratch)
        found = word_hashes(scratch, n, words)
        return found, n - max(found - 1, 0)
    words[k] = h
    k += inside
    for w in range(k):
        words[w] = mix(words[w])
    return np.int64(k), np.int64(letters)


@borrowing
def hash_rare(
    text: Bytes, i: np.uint64, stop: np.uint64, table: Codes, expansions: Codes, words: Hashes,
    k: np.uint64, h: np.uint64, inside: np.uint64, letters: np.uint64,
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64, np.uint64]:  # fmt: skip
    """`hash_words` for one character of any class, and on to where the next may be a plain one again: not directly behind a mark
    or a word of one character. Returns what changes: i, k, h, inside, letters; (stop, UNSORTED, ...) to give up.
    """
    single = False
    mark = ZERO  # the last one behind the last letter
    while i < stop:
        code, width = code_at(text, np.int64(i))
        i += np.uint64(width)
        entry = np.uint64(table[code])
        expanded = entry >> CLASS == np.uint64(5)
        for item in range((entry >> np.uint64(16)) & np.uint64(0xFF) if expanded else ONE):
            part = np.uint64(expansions[(entry & np.uint64(0xFFFF)) + np.uint64(item)]) if expanded else entry
            kind, value = part >> CLASS, part & VALUE
            if kind == ZERO:  # SEPARATOR
                words[k] = h
                k += inside
                inside, h, single, mark = ZERO, WORD_SEED, False, ZERO
            elif kind == TWO or kind == np.uint64(4):  # LETTER, SINGLE
                if inside == ONE and (single or kind != TWO):
                    words[k] = h
                    k += ONE
                    h = WORD_SEED
                inside, single, mark = ONE, kind != TWO, ZERO
                h = grown(h, value)
                letters += ONE
            elif kind == THREE and inside == ONE:  # MARK
                if value < mark:
                    return stop, UNSORTED, h, inside, letters
                mark = value
                h = grown(h, value)
                letters += ONE
        if mark == ZERO and not single:
            break
    return i, k, h, inside, letters


@borrowing
def fold_letters(text: Bytes, start: int, end: int, table: Codes, expansions: Codes, out: Codes) -> int:
    """`fold_codes` without the borders of words. Returns the number of codes."""
    i, stop = np.uint64(start), np.uint64(end)
    n, inside = ZERO, ZERO
    while i + ONE < stop:
        entry = pair_entry(text, i, table)
        if entry >= RARE:
            i, n, inside = fold_rare(text, i, stop, table, expansions, out, n, inside)
            continue
        inside = entry >> CLASS
        i += ONE + (np.uint64(text[i]) >> np.uint64(7))
        out[n] = np.uint32(entry & VALUE)
        n += inside
    if i < stop:
        i, n, inside = fold_rare(text, i, stop, table, expansions, out, n, inside)
    return np.int64(n)


@borrowing
def fold_rare(
    text: Bytes, i: np.uint64, stop: np.uint64, table: Codes, expansions: Codes, out: Codes, n: np.uint64, inside: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64]:
    """`fold_letters` for one character of any class, and on to where no mark can follow. Returns i, n, inside."""
    marks = n  # where the marks behind the last letter begin
    while i < stop:
        code, width = code_at(text, np.int64(i))
        i += np.uint64(width)
        entry = np.uint64(table[code])
        expanded = entry >> CLASS == np.uint64(5)
        for item in range((entry >> np.uint64(16)) & np.uint64(0xFF) if expanded else ONE):
            part = np.uint64(expansions[(entry & np.uint64(0xFFFF)) + np.uint64(item)]) if expanded else entry
            kind, value = part >> CLASS, np.uint32(part & VALUE)
            if kind == ZERO:  # SEPARATOR
                inside, marks = ZERO, n
            elif kind == TWO or kind == np.uint64(4):  # LETTER, SINGLE
                out[n] = value
                n += ONE
                inside, marks = ONE, n
            elif kind == THREE and inside == ONE:  # MARK: those of one letter stand in one order
                j = n
                while j > marks and out[j - ONE] > value:
                    out[j] = out[j - ONE]
                    j -= ONE
                out[j] = value
                n += ONE
        if marks == n:
            break
    return i, n, inside


@kernel
def fold_text(text: Bytes, table: Codes, expansions: Codes, out: Codes) -> int:
    """`fold_codes` of a whole buffer, for callers outside kernels."""
    return fold_codes(text, 0, text.size, table, expansions, out)


@kernel
def hash_text(text: Bytes, table: Codes, expansions: Codes, scratch: Codes, out: Hashes) -> int:
    """Word hashes of a whole buffer, for callers outside kernels. Returns their number."""
    return hash_words(text, 0, text.size, table, expansions, scratch, out)[0]
