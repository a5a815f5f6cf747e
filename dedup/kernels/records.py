"""JSONL by kernel: where the text of each record stands, and the text itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.kernels.jit import inlined, kernel
from dedup.kernels.utf8 import is_utf8

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dedup.kernels.fold import Bytes

TOGETHER = 64  # bytes; runs of a text between its escapes are about twice as long
PLAIN, ASCII = 1, 2  # how a literal is written: as `json.dumps` does without and with `ensure_ascii`; 0: neither, or no such text


@inlined
def hex_digit(byte: int) -> int:
    """Value of a hexadecimal digit; 16 for a capital one's 10 and up, -1 for none."""
    if 48 <= byte <= 57:
        return byte - 48
    if 97 <= byte <= 102:
        return byte - 87
    return 6 + byte - 55 if 65 <= byte <= 70 else -1


@inlined
def four_digits(data: Bytes, i: int, stop: int) -> tuple[int, bool]:
    """The number that data[i:i + 4] writes in hexadecimal, and whether in small letters; (-1, False) for none."""
    if i + 4 > stop:
        return -1, False
    value = 0
    small = True
    for k in range(4):
        digit = hex_digit(int(data[i + k]))
        if digit < 0:
            return -1, False
        if digit > 15:
            digit -= 6
            small = False
        value = value << 4 | digit
    return value, small


@inlined
def put_code(code: int, out: Bytes, at: int) -> int:
    """Write a code point as UTF-8; returns the place behind it."""
    if code < 0x80:
        out[at] = code
        return at + 1
    if code < 0x800:
        out[at] = 0xC0 | code >> 6
        out[at + 1] = 0x80 | code & 0x3F
        return at + 2
    if code < 0x10000:
        out[at] = 0xE0 | code >> 12
        out[at + 1] = 0x80 | code >> 6 & 0x3F
        out[at + 2] = 0x80 | code & 0x3F
        return at + 3
    out[at] = 0xF0 | code >> 18
    out[at + 1] = 0x80 | code >> 12 & 0x3F
    out[at + 2] = 0x80 | code >> 6 & 0x3F
    out[at + 3] = 0x80 | code & 0x3F
    return at + 4


@inlined
def end_of_run(data: Bytes, i: int, stop: int) -> int:
    """The first byte from i that is a quote, a backslash or a control character; `stop` for none.

    Here and below many bytes are looked at together first: a loop of fixed length without a branch is a few instructions.
    """
    while i + TOGETHER <= stop:
        part = data[i : i + TOGETHER]
        found = False
        for k in range(TOGETHER):
            found |= (part[k] == 34) | (part[k] == 92) | (part[k] < 32)
        if found:
            break
        i += TOGETHER
    while i < stop and data[i] != 34 and data[i] != 92 and data[i] >= 32:
        i += 1
    return i


@inlined
def end_of_line(data: Bytes, i: int) -> int:
    """The first line feed from i; the end of the data for none."""
    while i + TOGETHER <= data.size:
        part = data[i : i + TOGETHER]
        found = False
        for k in range(TOGETHER):
            found |= part[k] == 10
        if found:
            break
        i += TOGETHER
    while i < data.size and data[i] != 10:
        i += 1
    return i


@inlined
def is_beyond_ascii(data: Bytes) -> bool:
    """Whether a byte is DEL or no ASCII."""
    found = False
    for i in range(data.size):
        found |= data[i] >= 127
    return found


@inlined
def read_escape(data: Bytes, i: int, stop: int, out: Bytes, at: int) -> tuple[int, int, int]:
    """The escape behind the backslash at i - 1: its bytes from i (0: none that is read here), the place in `out` behind what it
    writes, and which writers write it so (bits PLAIN and ASCII).
    """
    byte = int(data[i]) if i < stop else 0
    short = 0
    if byte == 34 or byte == 92:
        short = byte
    elif byte == 98:
        short = 8
    elif byte == 102:
        short = 12
    elif byte == 110:
        short = 10
    elif byte == 114:
        short = 13
    elif byte == 116:
        short = 9
    if short:
        out[at] = short
        return 1, at + 1, PLAIN | ASCII
    if byte != 117:
        return 0, at, 0
    code, small = four_digits(data, i + 1, stop)
    if code < 0 or 0xDC00 <= code < 0xE000:
        return 0, at, 0
    if 0xD800 <= code < 0xDC00:
        if i + 6 >= stop or data[i + 5] != 92 or data[i + 6] != 117:
            return 0, at, 0
        low, low_small = four_digits(data, i + 7, stop)
        if low < 0xDC00 or low > 0xDFFF:
            return 0, at, 0
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
        return 11, put_code(code, out, at), ASCII if small and low_small else 0
    style = 0
    if small and code < 32 and code not in (8, 9, 10, 12, 13):
        style = PLAIN | ASCII
    elif small and code >= 127:
        style = ASCII
    return 5, put_code(code, out, at), style


@inlined
def read_literal(data: Bytes, i: int, stop: int, out: Bytes, at: int) -> tuple[int, int, int]:
    """The text of the string literal whose inside begins at i: where its closing quote stands (-1: it is no literal that is read
    here), the place in `out` behind the text, and its style.
    """
    style = PLAIN | ASCII
    while i < stop:
        run = end_of_run(data, i, stop)
        part = data[i:run]
        if is_beyond_ascii(part):
            style &= PLAIN
            if style == 0 or not is_utf8(part):
                return -1, at, 0
        for k in range(part.size):  # put as a slice, it would take two seconds more to compile
            out[at + k] = part[k]
        at += part.size
        i = run
        if i < stop and data[i] == 34:
            return i, at, PLAIN if style & PLAIN else style
        if i < stop and data[i] == 92:
            taken, at, written = read_escape(data, i + 1, stop, out, at)
            style &= written
            if taken == 0 or style == 0:
                return -1, at, 0
            i += 1 + taken
        else:
            return -1, at, 0
    return -1, at, 0


@inlined
def string_end(data: Bytes, i: int, stop: int) -> int:
    """Where the closing quote of the string whose inside begins at i stands; `stop` for nowhere."""
    while i < stop and data[i] != 34:
        i = i + 2 if data[i] == 92 else end_of_run(data, i + 1, stop)
    return min(i, stop)


@inlined
def is_key(data: Bytes, i: int, end: int, key: Bytes) -> bool:
    """Whether data[i:end] is the key."""
    if end - i != key.size:
        return False
    for k in range(key.size):
        if data[i + k] != key[k]:
            return False
    return True


@inlined
def find_value(data: Bytes, i: int, stop: int, key: Bytes) -> int:
    """Where, in a line that holds an object, the inside of the string under a key begins; -1 where it does not, or not once."""
    depth = 0
    awaited = False  # the next string of the object itself is a key
    found = -1
    while i < stop:
        byte = data[i]
        if byte == 34:
            end = string_end(data, i + 1, stop)
            if depth == 1 and awaited:
                awaited = False
                if is_key(data, i + 1, end, key):
                    k = end + 1
                    while k < stop and (data[k] == 32 or data[k] == 58 or data[k] == 9):
                        k += 1
                    if found >= 0 or k >= stop or data[k] != 34:
                        return -1
                    found = k + 1
            i = end
        elif byte == 123 or byte == 91:
            depth += 1
            awaited = byte == 123 and depth == 1
        elif byte == 125 or byte == 93:
            depth -= 1
        elif byte == 44 and depth == 1:
            awaited = True
        i += 1
    return found


@kernel
def scan_records(data: Bytes, key: Bytes, final: bool, rows: NDArray[np.int64], out: Bytes) -> tuple[int, int]:
    """Lines of JSONL and the texts in them. Returns how many lines, and how many bytes they take.

    A line without its end is one only where `final`. `rows`, shape (lines, 7): where the line begins, its body ends (without
    line ends) and it ends; where the inside of the text's literal begins and ends; where the text ends in `out` (it begins where
    the one before ends); its style, 0 where the line must be read in another way.
    """
    count = 0
    begin = 0
    at = 0
    while begin < data.size:
        end = end_of_line(data, begin)
        if end == data.size and not final:
            break
        body = end
        while body > begin and data[body - 1] == 13:
            body -= 1
        end = min(end + 1, data.size)
        value = find_value(data, begin, body, key)
        style = 0
        closing = value
        before = at
        if value >= 0:
            closing, at, style = read_literal(data, value, body, out, at)
        if style == 0:
            at = before
        rows[count, 0] = begin
        rows[count, 1] = body
        rows[count, 2] = end
        rows[count, 3] = value
        rows[count, 4] = closing
        rows[count, 5] = at
        rows[count, 6] = style
        count += 1
        begin = end
    return count, begin
