"""Rows of the list of documents, one behind the other: what became of each input document, and how it comes back.

The kernel is given a buffer as big as its rows can get, and returns how many bytes of it are filled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dedup.kernels.emit import put, put_escaped, put_hex, put_number
from dedup.kernels.jit import borrowing, kernel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dedup.kernels.emit import Strings
    from dedup.kernels.fold import Bytes
    from dedup.kernels.rows import Moved
    from dedup.kernels.shingle import Index

# What is written between the values of a row: the `words` that the kernel is given, by number.
DOCUMENT_WORDS = (
    b'{"id":', b',"source":', b',"characters_in":', b',"characters_out":', b',"removed":{', b'},"moved":[',
    b'],"flagged":false,"restore":', b'],"flagged":true,"restore":', b'{"path":', b',"line":0,"xxh3_128":"',
    b'","encoding":"utf-8","bom":false,"newline":', b"}\n",
)  # fmt: skip
COMMA = 44


class Told(NamedTuple):
    """What is told of input documents: a column each; of `removed` a row of characters by reason, of `digest` one of bytes.

    `restore`: the string that says how it comes back, or -1 for a file of plain UTF-8 whose path is its id.
    """

    source: NDArray[np.int64]
    status: NDArray[np.uint8]
    characters: NDArray[np.int64]
    left: NDArray[np.int64]
    removed: NDArray[np.int64]
    flagged: NDArray[np.bool_]
    newline: NDArray[np.int64]
    digest: NDArray[np.uint8]
    restore: NDArray[np.int64]


@kernel
def document_rows(
    documents: Index, told: Told, moved: Moved, names: Strings, sources: Strings, statuses: Strings, reasons: Strings, order: Index,
    newlines: Strings, restores: Strings, words: Strings, out: Bytes,
) -> int:  # fmt: skip
    """The rows of some documents. `order`: the reasons as they are named."""
    at = 0
    for d in documents:
        at = put(words, 0, out, at)
        at = put(names, d, out, at)
        at = put(words, 1, out, at)
        at = put(sources, told.source[d], out, at)
        at = put(statuses, told.status[d], out, at)
        at = put(words, 2, out, at)
        at = put_number(told.characters[d], out, at)
        at = put(words, 3, out, at)
        at = put_number(told.left[d], out, at)
        at = put(words, 4, out, at)
        opens = at
        for reason in order:
            if told.removed[d, reason] > 0:
                at = separate(opens, out, at)
                at = put(reasons, reason, out, at)
                at = put_number(told.removed[d, reason], out, at)
        at = put(words, 5, out, at)
        opens = at
        for unit in range(moved.first[d] + 1, moved.first[d + 1]):
            at = separate(opens, out, at)
            at = put(names, moved.name[unit], out, at)
        at = put(words, 7 if told.flagged[d] else 6, out, at)
        at = put(restores, told.restore[d], out, at) if told.restore[d] >= 0 else put_plain_file(d, told, names, newlines, words, out, at)
        at = put(words, 11, out, at)
    return at


@borrowing
def separate(opens: int, out: Bytes, at: int) -> int:
    """Write a comma, but behind what opens a list."""
    if at > opens:
        out[at] = COMMA
        return at + 1
    return at


@borrowing
def put_plain_file(document: int, told: Told, names: Strings, newlines: Strings, words: Strings, out: Bytes, at: int) -> int:
    """How a file of plain UTF-8 comes back."""
    at = put(words, 8, out, at)
    at = put(names, document, out, at)
    at = put(words, 9, out, at)
    at = put_hex(told.digest, document, out, at)
    at = put(words, 10, out, at)
    return put(newlines, told.newline[document], out, at)


@kernel
def shell_rows(
    data: Bytes, bounds: Index, chosen: Index, line: int, escapes: Bytes, digest: NDArray[np.uint8], documents: Index, words: Strings,
    out: Bytes, ends: Index,
) -> int:  # fmt: skip
    """How lines of a JSONL file come back (see `record.Shells`) that stand so many behind `line`, and where each row ends. `words`: what
    stands before and between the values of a row, then the names of `escapes`.
    """
    at = 0
    for n in range(chosen.size):
        k = chosen[n]
        at = put(words, 0, out, at)
        at = put_number(line + k, out, at)
        at = put(words, 1, out, at)
        at = put_hex(digest, documents[n], out, at)
        at = put(words, 2, out, at)
        at = put_escaped(data, bounds[3 * k], bounds[3 * k + 1], out, at)
        at = put(words, 3, out, at)
        at = put_escaped(data, bounds[3 * k + 1], bounds[3 * k + 2], out, at)
        at = put(words, 4, out, at)
        at = put(words, 7 + escapes[k], out, at)
        at = put(words, 5, out, at)
        at = put_escaped(data, bounds[3 * k + 2], bounds[3 * k + 3], out, at)
        at = put(words, 6, out, at)
        ends[n] = at
    return at
