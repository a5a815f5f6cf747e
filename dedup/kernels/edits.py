"""What is removed of a document, from the lines that go: with their line ends, and the white space that they leave over."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.jit import inlined, kernel
from dedup.kernels.rows import DUPLICATE, WHITESPACE

if TYPE_CHECKING:
    from dedup.kernels.fold import Bytes
    from dedup.kernels.rows import Removals
    from dedup.kernels.shingle import Index

Columns = NDArray[np.int64]


class Twins(NamedTuple):
    """Duplicates by their first line, ascending: their last line, first and last line of what stays, similarity to it."""

    row: NDArray[np.int64]
    last: NDArray[np.int64]
    twin: NDArray[np.int32]
    twin_last: NDArray[np.int32]
    similarity: NDArray[np.float64]


@inlined
def line_end(text: Bytes, end: int, stop: int) -> int:
    """How many bytes (which are characters) the line end behind a line has: 0, 1 or 2."""
    if end >= stop or (text[end] != 10 and text[end] != 13):
        return 0
    return 2 if text[end] == 13 and end + 1 < stop and text[end + 1] == 10 else 1


@inlined
def put(out: Columns, n: int, document: int, start: int, end: int, character: int, until: int, row: int) -> int:
    """One removal into the columns; returns the next place."""
    out[0, n] = document
    out[1, n] = start
    out[2, n] = end
    out[3, n] = character
    out[4, n] = until
    out[5, n] = row
    return n + 1


@kernel
def tidy_documents(
    text: Bytes, start: Index, end: Index, characters: Index, first_line: Index, line_start: Index, line_stop: Index,
    line_character: NDArray[np.int32], line_characters: NDArray[np.int32], gone: NDArray[np.bool_], last: Index,
    part: NDArray[np.int32], apart: NDArray[np.bool_], first_unit: Index, out: Columns,
) -> int:  # fmt: skip
    """All removals of documents text[start[d]:end[d]]. Returns their number.

    `first_line`: rows of the line columns by document, one entry more. `gone`: lines that go; `last`: for the row that opens a
    removal its last row. `part`: which article of the document a line belongs to, from 1: each is tidied by itself. `apart`:
    articles in which two lines that stay must not move together where others went from between them; `first_unit`: of each
    document its first entry in that. `out`, shape (6, 2 * lines + 2 * articles + documents): document, bytes [1, 2), code points
    [3, 4), the row of its first line or -1 for white space; in order.

    Where blank lines stood between two lines that stay, the first of them stay, and one gap with them; where none stood, the last
    line end of what went does in articles that are `apart`. At the end of an article everything behind the last line's end
    goes; where nothing stays, all white space goes. A document of which nothing goes stays as it was, to the last blank.
    """
    n = 0
    for d in range(start.size):
        first, stop = first_line[d], first_line[d + 1]
        if first == stop:
            if end[d] > start[d]:
                n = put(out, n, d, start[d], end[d], 0, characters[d], -1)
            continue
        touched = part[first] != part[stop - 1]
        for row in range(first, stop):
            touched = touched or gone[row]
        if not touched:
            continue
        opens = first
        begin, begin_character = start[d], 0
        while opens < stop:
            closes = opens
            while closes < stop and part[closes] == part[opens]:
                closes += 1
            finish, finish_character = end[d], characters[d]
            if closes < stop:
                finish, finish_character = line_start[closes], line_character[closes]
            n = tidy_article(
                text, d, opens, closes, begin, begin_character, finish, finish_character, line_start, line_stop, line_character,
                line_characters, gone, last, apart[first_unit[d] + part[opens] - 1], out, n,
            )  # fmt: skip
            opens, begin, begin_character = closes, finish, finish_character
    return n


@inlined
def tidy_article(
    text: Bytes, document: int, opens: int, closes: int, begin: int, begin_character: int, finish: int, finish_character: int,
    line_start: Index, line_stop: Index, line_character: NDArray[np.int32], line_characters: NDArray[np.int32],
    gone: NDArray[np.bool_], last: Index, apart: bool, out: Columns, n: int,
) -> int:  # fmt: skip
    """The removals of one article: lines [opens, closes), bytes [begin, finish). Returns the next free place of `out`."""
    at, at_character = begin, begin_character  # behind the last line dealt with
    kept, kept_character = begin, begin_character  # behind the last line that stays
    tail = n  # the first removal behind that
    cutting = gap = gone[opens]  # white space that follows a removal goes
    cut, ending = n, 0  # the latest removal of lines, and the bytes of the line end with it
    row = opens
    while row < closes:
        if line_start[row] > at:
            if cutting and gap:
                n = put(out, n, document, at, line_start[row], at_character, line_character[row], -1)
            gap = True  # ... but the first gap between two lines that stay
        elif not cutting:
            gap = False
        if apart and cutting and not gap and not gone[row]:
            out[2, cut] -= ending
            out[4, cut] -= ending
        until = last[row] if gone[row] else row
        ending = min(line_end(text, line_stop[until], finish), finish - line_stop[until])
        at = line_stop[until] + ending
        at_character = np.int64(line_character[until]) + line_characters[until] + ending
        if gone[row]:
            cut = n
            n = put(out, n, document, line_start[row], at, line_character[row], at_character, row)
        else:
            kept, kept_character = at, at_character
            gap = False
            tail = n
        cutting = gone[row]
        row = until + 1
    return close_article(document, kept, kept_character, finish, finish_character, tail, out, n)


@inlined
def close_article(
    document: int, kept: int, kept_character: int, finish: int, finish_character: int, tail: int, out: Columns, n: int
) -> int:
    """White space before the removals that end an article (from place `tail`), and at its end."""
    edge = kept
    missing = 0
    for k in range(tail, n):
        missing += out[1, k] > edge
        edge = out[2, k]
    closing = finish > edge
    edge, edge_character = finish, finish_character
    target = n + missing
    if closing:
        before, before_character = (out[2, n - 1], out[4, n - 1]) if n > tail else (kept, kept_character)
        put(out, target, document, before, edge, before_character, edge_character, -1)
    for k in range(n - 1, tail - 1, -1):
        target -= 1
        for column in range(6):
            out[column, target] = out[column, k]
        before, before_character = (out[2, k - 1], out[4, k - 1]) if k > tail else (kept, kept_character)
        if out[1, target] > before:
            start, character = out[1, target], out[3, target]
            target -= 1
            put(out, target, document, before, start, before_character, character, -1)
    return n + missing + closing


@kernel
def list_twins(
    first: Index, last: Index, canonical: Index, similarity: NDArray[np.float64], low: int, high: int, reason: NDArray[np.uint8],
    lines: Index, stays: Index, out: Twins,
) -> int:  # fmt: skip
    """Fill in the duplicates among paragraphs [low, high), each of lines first[p] to last[p], and lines that go with one (ascending), for
    which equal ones stay. Returns their number.
    """
    n = h = 0
    for p in range(low, high + 1):
        row = first[p] if p < high else np.int64(1) << 62
        while h < lines.size and lines[h] < row:
            out.row[n], out.last[n], out.twin[n], out.twin_last[n], out.similarity[n] = lines[h], lines[h], stays[h], stays[h], 1.0
            h += 1
            n += 1
        if p < high and canonical[p] != p and reason[row] == DUPLICATE:
            kept = canonical[p]
            out.row[n], out.last[n], out.twin[n], out.twin_last[n] = row, last[p], first[kept], last[kept]
            out.similarity[n] = similarity[p]
            n += 1
    return n


@kernel
def list_removals(found: Columns, document: int, line: int, reason: NDArray[np.uint8], twin_row: Index, out: Removals) -> None:
    """Columns of one entry a removal from those of `tidy_documents`, whose documents and rows are counted from these. `twin_row`: see
    `Twins`; `pair` is the number in it.
    """
    pair = 0
    for n in range(out.row.size):
        out.document[n] = document + found[0, n]
        out.byte[n], out.byte_end[n], out.start[n], out.end[n] = found[1, n], found[2, n], found[3, n], found[4, n]
        out.row[n], out.reason[n], out.pair[n] = -1, WHITESPACE, -1
        if found[5, n] < 0:
            continue
        row = line + found[5, n]
        out.row[n], out.reason[n] = row, reason[row]
        if reason[row] == DUPLICATE:
            while pair < twin_row.size and twin_row[pair] < row:
                pair += 1
            out.pair[n] = pair


@kernel
def count_removed(
    first: Index, start: NDArray[np.int32], end: NDArray[np.int32], reason: NDArray[np.uint8], first_unit: Index, unit_start: Index,
    removed: Columns, kept: Index, first_of_unit: Index,
) -> None:  # fmt: skip
    """Add what goes to `removed`, by document and reason, and take it from `kept`, by unit; note the first removal of each unit.

    `first`: of each document its first removal; `first_unit`: its first unit; one entry more than documents each.
    """
    for d in range(first.size - 1):
        unit = first_unit[d]
        first_of_unit[unit] = first[d]
        for r in range(first[d], first[d + 1]):
            while unit + 1 < first_unit[d + 1] and unit_start[unit + 1] <= start[r]:
                unit += 1
                first_of_unit[unit] = r
            size = np.int64(end[r]) - start[r]
            removed[d, reason[r]] += size
            kept[unit] -= size
        while unit + 1 < first_unit[d + 1]:
            unit += 1
            first_of_unit[unit] = first[d + 1]
    first_of_unit[first_unit[first.size - 1]] = first[first.size - 1]
