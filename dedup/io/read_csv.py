"""CSV and TSV to documents, each row with the piece of the file it stood in."""

from __future__ import annotations

import codecs
import io
import os
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from dedup.io.csv_cells import Row, column_names, delimiter_of, rows, shell
from dedup.io.decode import BOMS, decode
from dedup.io.packing import unpacked
from dedup.io.record import Origin, Record, named
from dedup.model import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import BinaryIO

    from dedup.config import Config
    from dedup.io.files import InputFile
    from dedup.io.kinds import Kind

SAMPLE: Final = 1 << 20  # bytes that say whether a file is UTF-8, and may be read row by row


class _Text(NamedTuple):
    """A file as lines with their ends, without its byte order mark."""

    lines: Iterable[str]
    encoding: str
    mark: bytes

    def encode(self, text: str) -> bytes:
        return text.encode(self.encoding, "surrogateescape" if self.encoding == "utf-8" else "strict")


class _Table(NamedTuple):
    """What every row needs to become a record."""

    file: InputFile
    config: Config
    text: _Text
    delimiter: str
    columns: tuple[str, ...]
    at: int


def read_csv(file: InputFile, config: Config, kind: Kind, advance: Callable[[int], object]) -> Iterator[Record | Unreadable]:
    """Rows below a header that names the columns. What is no row of that table comes back before the next document."""
    waiting: Record | None = None
    read = done = 0
    with file.open() as disk, unpacked(disk, kind) as stream:
        table, lead, body = _table(_text(stream), file, config)
        for row in body:
            record = _record(row, table)
            if isinstance(record, Record):
                if waiting is not None:
                    yield waiting
                waiting = record._replace(origin=record.origin._replace(lead=lead.decode("latin-1")))
                lead = b""
            else:
                lead += table.text.encode(row.raw)
                if record is not None:
                    yield record
            read += record is not None
            if disk.tell() - done > 1 << 20:
                advance(disk.tell() - done)
                done = disk.tell()
        advance(disk.tell() - done)
    if waiting is not None:
        yield waiting._replace(origin=waiting.origin._replace(ending=lead.decode("latin-1")))
    elif not read:
        yield Unreadable(file.name, 0, "no record in it")


def _text(stream: BinaryIO) -> _Text:
    """UTF-8 row by row, so that a bad byte costs its row only; any other encoding all at once."""
    sample = stream.read(SAMPLE)
    mark = codecs.BOM_UTF8 if sample.startswith(codecs.BOM_UTF8) else b""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample[len(mark) :])
    except UnicodeDecodeError:
        return _decoded(sample, stream)
    if b"\0" in sample:
        return _decoded(sample, stream)
    return _lines(sample, stream, mark)


def _decoded(sample: bytes, stream: BinaryIO) -> _Text:
    raw = sample + stream.read()
    try:
        decoded = decode(raw)
    except ValueError:
        if b"\0" in raw:
            raise
        return _lines(raw, stream, b"")
    marks = {encoding: mark for mark, encoding in BOMS}
    mark = marks[decoded.encoding] if decoded.bom else b""
    return _Text(io.StringIO(decoded.utf8.decode("utf-8"), newline=""), decoded.encoding, mark)


def _lines(sample: bytes, stream: BinaryIO, mark: bytes) -> _Text:
    joined = io.BufferedReader(_Joined(sample[len(mark) :], stream), 1 << 17)
    return _Text(io.TextIOWrapper(joined, "utf-8", "surrogateescape", newline=""), "utf-8", mark)


class _Joined(io.RawIOBase):
    """A beginning that was read already, and the stream it was read from."""

    def __init__(self, begin: bytes, stream: BinaryIO) -> None:
        self._begin = memoryview(begin)
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._begin[: len(buffer)] if self._begin else self._stream.read(len(buffer))
        self._begin = self._begin[len(data) :]
        buffer[: len(data)] = data
        return len(data)


def _table(text: _Text, file: InputFile, config: Config) -> tuple[_Table, bytes, Iterator[Row]]:
    """The table, the bytes of its header, and the rows below. Raises ValueError where no column holds the text."""
    lines = iter(text.lines)
    first = next(lines, "")
    delimiter = delimiter_of(first, config.text_key, "\t" if ".tsv" in os.path.basename(file.path).lower() else ",")
    body = rows(chain([first], lines), delimiter)
    head = next(body, None)
    names = column_names(head.cells or ()) if head else ()
    if head is None or not names:
        raise ValueError(head.why if head and head.why else "no record in it")
    if config.text_key not in names:
        shown = ", ".join(repr(name) for name in names[:20])
        raise ValueError(f"no column '{config.text_key}'; its columns are: {shown} (see --text-key)")
    table = _Table(file, config, text, delimiter, names, names.index(config.text_key))
    return table, text.mark + text.encode(head.raw), body


def _record(row: Row, table: _Table) -> Record | Unreadable | None:
    """A document, what is wrong with the row, or nothing for a blank line."""
    file = table.file
    if row.cells is None:
        return Unreadable(file.name, row.line, row.why)
    if not row.cells:
        return None
    if len(row.cells) != len(table.columns):
        return Unreadable(file.name, row.line, f"{len(row.cells)} cells under {len(table.columns)} columns")
    try:
        raw = row.raw.encode(table.text.encoding)
    except UnicodeEncodeError as error:
        return Unreadable(file.name, row.line, f"not UTF-8 (character {error.start} of the row)")
    name = named(dict(zip(table.columns, row.cells, strict=True)), row.line, file, table.config)
    parts, escape = shell(row, table.at, table.delimiter)
    origin = Origin(
        file.name, row.line, table.text.encoding, False, parts, escape, taken=name.taken,
        columns=(table.delimiter, *table.columns), container=file.container,
    )  # fmt: skip
    return Record(name.id, row.cells[table.at].encode("utf-8"), name.source, origin, raw, name.date)
