"""UTF-8 bytes to folded code points to word hashes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.hashing import PRIME, WORD_SEED, mix
from dedup.kernels.jit import inlined, kernel

Bytes = NDArray[np.uint8]
Codes = NDArray[np.uint32]
Hashes = NDArray[np.uint64]


@inlined
def code_at(text: Bytes, i: int) -> tuple[int, int]:
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


@inlined
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
        entry = np.int64(table[code]) if code < table.size else (4 << 24) | code
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


@inlined
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
            h = (h ^ np.uint64(code)) * PRIME
            h ^= h >> np.uint64(32)
    out[words] = mix(h)
    return words + 1


@kernel
def fold_text(text: Bytes, table: Codes, expansions: Codes, out: Codes) -> int:
    """`fold_codes` of a whole buffer, for callers outside kernels."""
    return fold_codes(text, 0, text.size, table, expansions, out)


@kernel
def hash_text(text: Bytes, table: Codes, expansions: Codes, scratch: Codes, out: Hashes) -> int:
    """Word hashes of a whole buffer, for callers outside kernels. Returns their number."""
    return word_hashes(scratch, fold_codes(text, 0, text.size, table, expansions, scratch), out)
