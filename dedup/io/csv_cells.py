"""Cells of CSV: how a text is written as one, and a row without its text."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MOST_BYTES: Final = (1 << 31) - 1  # what the csv module takes everywhere
TRIES: Final = 8  # a text that stands in its row more often than this, in other cells, is kept with all of the row
PROBE: Final = "\x01probe"
DELIMITERS: Final = (",", ";", "\t", "|")  # ; is what Excel writes in much of the world


class Row(NamedTuple):
    """A row as it stands in the file, with its line end; its cells, or why it has none; the number of its first line."""

    raw: str
    cells: list[str] | None
    line: int
    why: str


def rows(lines: Iterable[str], delimiter: str) -> Iterator[Row]:
    """Rows of lines that still have their ends. One that is no CSV is a row without cells."""
    if csv.field_size_limit() < MOST_BYTES:
        csv.field_size_limit(MOST_BYTES)  # the module's own limit of 128 KB is for the whole process, and too small for a page
    taken: list[str] = []

    def feed() -> Iterator[str]:
        for line in lines:
            taken.append(line)
            yield line

    reader = csv.reader(feed(), delimiter=delimiter, strict=True)
    while True:
        taken.clear()
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row("".join(taken), None, line, f"no CSV: {error}")
            continue
        yield Row("".join(taken), cells, line, "")


def cells_of(raw: str, delimiter: str) -> list[str] | None:
    """The cells of one row; none where it is not one."""
    found = list(rows([raw], delimiter))
    return found[0].cells if len(found) == 1 else [] if not found else None


def literal(text: str, escape: str) -> str:
    """A text as a cell: as it is ("bare"), or in quotes ("quoted")."""
    return text if escape == "bare" else '"' + text.replace('"', '""') + '"'


def shell(row: Row, at: int, delimiter: str) -> tuple[tuple[str, str], str]:
    """The row without the text of its cell number `at`: what stands before and after, and how the cell is written."""
    assert row.cells is not None
    text = row.cells[at]
    probed = [*row.cells[:at], PROBE, *row.cells[at + 1 :]]
    for escape in ("quoted", "bare") if text else ():
        written = literal(text, escape)
        place = -1
        for _ in range(TRIES):
            place = row.raw.find(written, place + 1)
            if place < 0:
                break
            parts = (row.raw[:place], row.raw[place + len(written) :])
            if cells_of(parts[0] + literal(PROBE, escape) + parts[1], delimiter) == probed:
                return parts, escape
    return (row.raw, ""), "raw"


def delimiter_of(head: str, wanted: str, usual: str) -> str:
    """The mark under which the header names the wanted column, or the usual one."""
    return next((mark for mark in (usual, *DELIMITERS) if wanted in (cells_of(head, mark) or ())), usual)


def column_names(cells: Sequence[str]) -> tuple[str, ...]:
    """The names of a header; one that is there already gets a number behind it."""
    names: list[str] = []
    for cell in cells:
        name, count = cell, 2
        while name in names:
            name, count = f"{cell}_{count}", count + 1
        names.append(name)
    return tuple(names)
