"""Output rows from pieces: ready bytes, numbers, and stretches of text, escaped for JSON or as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.kernels.jit import inlined, kernel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dedup.kernels.fold import Bytes
    from dedup.kernels.shingle import Index

READY, NUMBER, ESCAPED, RAW = 0, 1, 2, 3


@inlined
def escaped_size(byte: int) -> int:
    """Bytes that a byte of text takes in a JSON string literal."""
    if byte >= 32:
        return 2 if byte == 34 or byte == 92 else 1  # quote and backslash
    return 2 if byte == 8 or byte == 9 or byte == 10 or byte == 12 or byte == 13 else 6


@kernel
def pieces_size(kinds: NDArray[np.uint8], first: Index, second: Index, text: Bytes) -> int:
    """Bytes that `join_pieces` writes."""
    size = 0
    for k in range(kinds.size):
        if kinds[k] == NUMBER:
            rest = first[k]
            size += 1
            while rest >= 10:
                rest //= 10
                size += 1
        else:
            size += second[k] - first[k]
            if kinds[k] == ESCAPED:
                for i in range(first[k], second[k]):
                    size += escaped_size(text[i]) - 1
    return size


@kernel
def join_pieces(kinds: NDArray[np.uint8], first: Index, second: Index, ready: Bytes, text: Bytes, out: Bytes) -> int:
    """Write pieces one behind the other. Returns how many bytes.

    By kind: READY ready[first:second]; NUMBER the decimal digits of `first`, which is not negative; ESCAPED
    text[first:second] as the inside of a JSON string literal, as `json.dumps(..., ensure_ascii=False)` makes it; RAW the same
    as it is.
    """
    at = 0
    for k in range(kinds.size):
        if kinds[k] == READY or kinds[k] == RAW:
            source = ready if kinds[k] == READY else text
            for i in range(first[k], second[k]):
                out[at] = source[i]
                at += 1
        elif kinds[k] == NUMBER:
            rest = first[k]
            digits = 1
            while rest >= 10:
                rest //= 10
                digits += 1
            rest = first[k]
            for place in range(digits - 1, -1, -1):
                out[at + place] = 48 + rest % 10
                rest //= 10
            at += digits
        else:
            for i in range(first[k], second[k]):
                byte = int(text[i])
                if byte >= 32 and byte != 34 and byte != 92:
                    out[at] = byte
                    at += 1
                else:
                    at = escape(byte, out, at)
    return at


@inlined
def escape(byte: int, out: Bytes, at: int) -> int:
    """Write the escape of a byte; returns the place behind it."""
    out[at] = 92
    if byte == 34 or byte == 92:
        out[at + 1] = byte
        return at + 2
    short = 0
    if byte == 8:
        short = 98  # b
    elif byte == 9:
        short = 116  # t
    elif byte == 10:
        short = 110  # n
    elif byte == 12:
        short = 102  # f
    elif byte == 13:
        short = 114  # r
    if short:
        out[at + 1] = short
        return at + 2
    out[at + 1] = 117  # u00XX
    out[at + 2] = 48
    out[at + 3] = 48
    out[at + 4] = 48 + (byte >> 4)
    low = byte & 15
    out[at + 5] = 48 + low if low < 10 else 87 + low
    return at + 6


@kernel
def count_characters(text: Bytes, first: Index, second: Index) -> int:
    """Code points in stretches of valid UTF-8."""
    count = 0
    for k in range(first.size):
        for i in range(first[k], second[k]):
            count += text[i] & 0xC0 != 0x80
    return count


@kernel
def count_line_ends(text: Bytes, start: Index, end: Index, out: Index) -> None:
    """For each stretch text[start:end], how many LF, CR and CR LF it has: `out`, shape (stretches, 3)."""
    for d in range(start.size):
        for i in range(start[d], end[d]):
            if text[i] == 10:
                out[d, 0] += 1
                out[d, 2] += i > start[d] and text[i - 1] == 13
            elif text[i] == 13:
                out[d, 1] += 1
