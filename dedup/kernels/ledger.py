"""What the rows of a ledger say, found in their bytes: of thousands a report shows few, and only those need a parser of JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dedup.kernels.hashing import PRIME, WORD_SEED, mix
from dedup.kernels.jit import borrowing, kernel
from dedup.kernels.lines import in_eights, line_end

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.kernels.emit import Strings
    from dedup.kernels.fold import Bytes

DUPLICATE, RULED = 1, 2  # kinds of rows
QUOTE, BACKSLASH, POINT, CLOSES, BLANK = 34, 92, 46, 125, 32
PLACES = 7  # decimals of a similarity that are looked at

# What stands between the values of a row: `words`, by number.
WORDS = (
    b'{"document":', b',"start":', b',"end":', b',"action":', b',"reason":', b',"rule":', b',"canonical":{"document":',
    b'},"similarity":', b',"text":',
)  # fmt: skip
LEAST_ROW = sum(map(len, WORDS[:5])) + len('""00""""}')  # bytes: no row has fewer, and columns have room for so many rows


class Listed(NamedTuple):
    """Rows as columns. `at`: the row's first byte; `kind`: DUPLICATE, RULED or 0; `characters`: end - start of it.

    `key`: of a duplicate a hash of where its twin stands, of a ruled row of the rule. `text`: of a ruled row a hash of its text
    without blanks at its ends, or of its document's name. `alike`: of a duplicate, millionths.
    """

    at: NDArray[np.int64]
    kind: NDArray[np.uint8]
    characters: NDArray[np.int32]
    key: NDArray[np.uint64]
    text: NDArray[np.uint64]
    alike: NDArray[np.int32]


@kernel
def list_rows(data: Bytes, words: Strings, rows: Listed) -> int:
    """Fill the columns. Returns how many rows there are, or -1 - k where row k is none of a ledger."""
    eights = in_eights(data)
    at = n = 0
    while at < data.size:
        rows.at[n] = at
        end = line_end(data, eights, at, data.size)
        if data[end - 1] != CLOSES or not list_row(data, at, end - 1, words, rows, n):
            return -1 - n
        at = end + 1
        n += 1
    return n


@borrowing
def list_row(data: Bytes, at: int, end: int, words: Strings, rows: Listed, n: int) -> bool:
    """Row n, in data[at:end]; whether it is one."""
    name = past_word(data, at, end, words, 0)
    name_end = past_string(data, name, end)
    start = past_word(data, name_end, end, words, 1)
    start_end = past_digits(data, start, end)
    stop = past_word(data, start_end, end, words, 2)
    stop_end = past_digits(data, stop, end)
    action_end = past_string(data, past_word(data, stop_end, end, words, 3), end)
    reason_end = past_string(data, past_word(data, action_end, end, words, 4), end)
    if reason_end < 0:
        return False
    rows.characters[n] = number_of(data, stop, stop_end) - number_of(data, start, start_end)
    rows.kind[n] = 0
    rule = past_word(data, reason_end, end, words, 5)
    if rule >= 0:
        rule_end = past_string(data, rule, end)
        text = past_word(data, rule_end, end, words, 8)
        text_end = past_string(data, text, end)
        rows.kind[n] = RULED
        rows.key[n] = hash_bytes(data, rule, rule_end)
        rows.text[n] = hash_inked(data, text + 1, text_end - 1) if text_end >= 0 else hash_bytes(data, name, name_end)
        return rule_end >= 0
    twin = past_word(data, reason_end, end, words, 6)
    if twin >= 0:
        twin_end = past_string(data, twin, end)
        twin_end = past_digits(data, past_word(data, twin_end, end, words, 1), end)
        twin_end = past_digits(data, past_word(data, twin_end, end, words, 2), end)
        alike = past_word(data, twin_end, end, words, 7)
        rows.kind[n] = DUPLICATE
        rows.key[n] = hash_bytes(data, twin, twin_end)
        rows.alike[n] = millionths(data, alike, end)
        return alike >= 0
    return True


@borrowing
def past_word(data: Bytes, at: int, end: int, words: Strings, number: int) -> int:
    """The place behind a word of a row that stands at a place, -1 where it does not, or where the place is."""
    first, stop = words.bounds[number], words.bounds[number + 1]
    if at < 0 or at + stop - first > end:
        return -1
    for k in range(stop - first):
        if data[at + k] != words.buffer[first + k]:
            return -1
    return np.int64(at + stop - first)


@borrowing
def past_string(data: Bytes, at: int, end: int) -> int:
    """The place behind a string of JSON, as `past_word`. Byte by byte: most are shorter than what `records.end_of_run` looks at
    together, with which all takes a quarter more.
    """
    if at < 0 or at >= end or data[at] != QUOTE:
        return -1
    i = at + 1
    while i < end and data[i] != QUOTE:
        i += 2 if data[i] == BACKSLASH else 1
    return i + 1 if i < end else -1


@borrowing
def past_digits(data: Bytes, at: int, end: int) -> int:
    """The place behind digits, as `past_word`."""
    i = at
    while 0 <= i < end and 48 <= data[i] <= 57:
        i += 1
    return i if i > at else -1


@borrowing
def number_of(data: Bytes, at: int, end: int) -> int:
    """The number that digits stand for."""
    value = 0
    for i in range(at, end):
        value = value * 10 + np.int64(data[i]) - 48
    return value


@borrowing
def millionths(data: Bytes, at: int, end: int) -> int:
    """A share as it is written, `0.95` or `1`, rounded."""
    value = places = 0
    behind = False
    for i in range(max(at, 0), end):
        if data[i] == POINT:
            behind = True
        elif data[i] < 48 or data[i] > 57 or places == PLACES:
            break
        else:
            value = value * 10 + np.int64(data[i]) - 48
            places += behind
    for _ in range(places, PLACES):
        value *= 10
    return np.int64((value + 5) // 10)


@borrowing
def hash_bytes(data: Bytes, at: int, end: int) -> np.uint64:
    """A hash of data[at:end]."""
    found = WORD_SEED
    for i in range(at, end):
        found = (found ^ np.uint64(data[i])) * PRIME
    return mix(found)


@borrowing
def hash_inked(data: Bytes, at: int, end: int) -> np.uint64:
    """A hash of the inside of a string of JSON, without blanks and line ends before and behind."""
    found = inked = WORD_SEED
    i = at
    while i < end:
        escaped = data[i] == BACKSLASH
        blank = is_blank(data[i + 1]) if escaped else data[i] == BLANK
        if not blank or inked != WORD_SEED:
            found = (found ^ np.uint64(data[i])) * PRIME
            if escaped:
                found = (found ^ np.uint64(data[i + 1])) * PRIME
        if not blank:
            inked = found
        i += 1 + escaped
    return mix(inked)


@borrowing
def is_blank(letter: np.uint8) -> bool:
    """Whether the letter of an escape is that of white space: f, n, r, t."""
    return bool((letter == 102) | (letter == 110) | (letter == 114) | (letter == 116))
