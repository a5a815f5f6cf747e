"""What the rows of a list of documents say, found in their bytes: a report adds them up, and shows few."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dedup.kernels.jit import borrowing, kernel
from dedup.kernels.ledger import CLOSES, QUOTE, hash_bytes, number_of, past_digits, past_string, past_word
from dedup.kernels.lines import in_eights, line_end

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dedup.kernels.emit import Strings
    from dedup.kernels.fold import Bytes

COMMA, LETTER_T = 44, 116

# What stands between the values of a row: `words`, by number.
LISTED_WORDS = (
    b'{"id":', b',"source":', b',"status":', b',"characters_in":', b',"characters_out":', b',"removed":{', b'},"moved":[',
    b'],"flagged":', b'"kept"',
)  # fmt: skip
LEAST_DOCUMENT = sum(map(len, LISTED_WORDS[:8])) + len('""""""00true}')  # bytes: no row has fewer


class ListedDocuments(NamedTuple):
    """Rows as columns. `at`: the row's first byte; `source`: a hash; `before`, `after`: characters; `removed`: a row of characters
    by reason.
    """

    at: NDArray[np.int64]
    source: NDArray[np.uint64]
    kept: NDArray[np.bool_]
    before: NDArray[np.int64]
    after: NDArray[np.int64]
    removed: NDArray[np.int64]
    flagged: NDArray[np.bool_]


@kernel
def list_documents(data: Bytes, words: Strings, reasons: Strings, rows: ListedDocuments) -> int:
    """Fill the columns. `reasons`: names as they stand before their characters, by number. Returns how many rows there are, or
    -1 - k where row k is none of such a list.
    """
    eights = in_eights(data)
    at = n = 0
    while at < data.size:
        rows.at[n] = at
        end = line_end(data, eights, at, data.size)
        if data[end - 1] != CLOSES or not list_document(data, at, end, words, reasons, rows, n):
            return -1 - n
        at = end + 1
        n += 1
    return n


@borrowing
def list_document(data: Bytes, at: int, end: int, words: Strings, reasons: Strings, rows: ListedDocuments, n: int) -> bool:
    """Row n, in data[at:end]; whether it is one."""
    source = past_word(data, past_string(data, past_word(data, at, end, words, 0), end), end, words, 1)
    source_end = past_string(data, source, end)
    status = past_word(data, source_end, end, words, 2)
    status_end = past_string(data, status, end)
    before = past_word(data, status_end, end, words, 3)
    before_end = past_digits(data, before, end)
    after = past_word(data, before_end, end, words, 4)
    after_end = past_digits(data, after, end)
    place = past_removed(data, past_word(data, after_end, end, words, 5), end, reasons, rows, n)
    place = past_strings(data, past_word(data, place, end, words, 6), end)
    flagged = past_word(data, place, end, words, 7)
    if flagged < 0 or flagged >= end:
        return False
    rows.source[n] = hash_bytes(data, source, source_end)
    rows.kept[n] = past_word(data, status, end, words, 8) >= 0
    rows.before[n], rows.after[n] = number_of(data, before, before_end), number_of(data, after, after_end)
    rows.flagged[n] = data[flagged] == LETTER_T
    return True


@borrowing
def past_removed(data: Bytes, at: int, end: int, reasons: Strings, rows: ListedDocuments, n: int) -> int:
    """The place behind the characters by reason that stand at a place, as `past_word`; of each row n has its share."""
    count = reasons.bounds.size - 1
    for reason in range(count):
        rows.removed[n, reason] = 0
    while 0 <= at < end and data[at] == QUOTE:
        value = reason = -1
        while value < 0 and reason < count - 1:
            reason += 1
            value = past_word(data, at, end, reasons, reason)
        at = past_digits(data, value, end)
        rows.removed[n, reason] = number_of(data, value, at)
        at += at >= 0 and at < end and data[at] == COMMA
    return at


@borrowing
def past_strings(data: Bytes, at: int, end: int) -> int:
    """The place behind strings of JSON with commas between them, as `past_word`."""
    while 0 <= at < end and data[at] == QUOTE:
        at = past_string(data, at, end)
        at += at >= 0 and at < end and data[at] == COMMA
    return at
