"""What reading gives: documents, and where they came from."""

from __future__ import annotations

from typing import NamedTuple


class Origin(NamedTuple):
    """Where a document stood and what brings its bytes back.

    `line`: 0 for a text file, else counted from 1. `encoding`, `bom`: of a text file. `record`: of a JSON record, the raw
    line before and after the text's literal; `escape` how that literal is written: "utf-8", "ascii", or "raw" when
    `record` holds the whole line (a text written in no regular way). `ending`: the line end behind a record, `lead` what
    stands before it that is no record (a BOM, blank lines, lines that could not be read), both as Latin-1. `taken`: which of
    the record's fields `id` and `source` the document's id and source are.
    """

    path: str
    line: int
    encoding: str
    bom: bool
    record: tuple[str, str] | None = None
    escape: str = ""
    ending: str = ""
    lead: str = ""
    taken: tuple[str, ...] = ()


class Record(NamedTuple):
    """One document read: id, UTF-8 text, source, origin, and the raw bytes its hash is taken of."""

    id: str
    utf8: bytes
    source: str
    origin: Origin
    raw: bytes
