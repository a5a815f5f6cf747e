"""Files to documents: one a text file, one a JSON record."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from dedup.io.decode import decode
from dedup.io.kinds import kind_of
from dedup.io.packing import unpacked
from dedup.model import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from dedup.config import Config
    from dedup.io.discover import InputFile
    from dedup.io.kinds import Kind


class Origin(NamedTuple):
    """Where a document stood and what brings its bytes back.

    `line`: 0 for a text file, else counted from 1. `encoding`, `bom`: of a text file. `record`: of a JSON record, the raw
    line before and after the text's literal; `escape` how that literal is written: "utf-8", "ascii", or "raw" when
    `record` holds the whole line (a text written in no regular way). `ending`: the line end behind a record, `lead` what
    stands before it that is no record (a BOM, blank lines, lines that could not be read), both as Latin-1. `taken`: which of
    the record's fields `id` and `source` the document's id and source are.

    `columns`: of a row of CSV, the delimiter and the names of its cells; `record` is then a piece of CSV, and `escape` "bare",
    "quoted" or "raw".
    `container`: for a document whose file does not come back as it was ("html", "parquet", "warc", "wet") or stood in an
    archive ("zip", "tar"); `path` and `record` are then those of the text or JSON line that comes back in its place.
    `typed`: its other columns with their Arrow types, where the output keeps them.
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
    columns: tuple[str, ...] = ()
    container: str = ""
    typed: Mapping[str, Any] | None = None


class Record(NamedTuple):
    """One document read: id, UTF-8 text, source, origin, and the raw bytes its hash is taken of."""

    id: str
    utf8: bytes
    source: str
    origin: Origin
    raw: bytes


BOM: Final = b"\xef\xbb\xbf"


def read_file(file: InputFile, config: Config, advance: Callable[[int], object]) -> Iterator[Record | Unreadable]:
    """Documents of a file, and what of it could not be read. `advance` is told of bytes read from disk."""
    kind = kind_of(file.path.name)
    try:
        if kind is not None and kind.format == "jsonl":
            yield from _records(file, config, kind, advance)
        else:
            with file.open(0) as disk, unpacked(disk, kind) as stream:
                raw = stream.read()
            decoded = decode(raw)
            origin = Origin(file.name, 0, decoded.encoding, decoded.bom, container=file.container)
            yield Record(file.name, decoded.utf8, file.source, origin, raw)
            advance(file.size)
    except (OSError, EOFError, zlib.error, ValueError) as error:
        why = (error.strerror if isinstance(error, OSError) and error.strerror else str(error)) or type(error).__name__
        yield Unreadable(file.name, 0, why)


def _records(file: InputFile, config: Config, kind: Kind, advance: Callable[[int], object]) -> Iterator[Record | Unreadable]:
    done = rows = 0
    waiting: Record | None = None
    lead = b""
    with file.open() as disk:
        stream = unpacked(disk, kind)
        for number, raw in enumerate(stream, 1):
            mark = BOM if number == 1 and raw.startswith(BOM) else b""
            body = raw[len(mark) :].rstrip(b"\r\n")
            row = read_record(body, raw[len(mark) + len(body) :], file, number, config) if body.strip() else None
            if isinstance(row, Record):
                rows += 1
                if waiting is not None:
                    yield waiting
                waiting = row._replace(origin=row.origin._replace(lead=(lead + mark).decode("latin-1")))
                lead = b""
            else:
                lead += raw
                if row is not None:
                    rows += 1
                    yield row
            if disk.tell() - done > 1 << 20:
                advance(disk.tell() - done)
                done = disk.tell()
        advance(disk.tell() - done)
    if waiting is None and not rows:
        yield Unreadable(file.name, 0, "no record in it")
    if waiting is not None:
        ending = waiting.origin.ending + lead.decode("latin-1")
        yield waiting._replace(origin=waiting.origin._replace(ending=ending))


def read_record(body: bytes, ending: bytes, file: InputFile, number: int, config: Config) -> Record | Unreadable:
    """One line of a JSONL file. `ending`: its line end; `number`: its line number, from 1."""
    try:
        line = body.decode("utf-8")
        data = json.loads(line)
        utf8 = _text(data, config.text_key).encode("utf-8")
    except UnicodeDecodeError as error:
        return Unreadable(file.name, number, f"not UTF-8 (byte {error.start})")
    except UnicodeEncodeError:
        return Unreadable(file.name, number, f"'{config.text_key}' holds half a surrogate pair, which is no character")
    except (ValueError, RecursionError) as error:
        return Unreadable(file.name, number, f"no JSON record: {error}" if isinstance(error, json.JSONDecodeError) else str(error))
    shell, escape = _shell(line, data, config.text_key)
    identity, source = data.get(config.id_key), data.get(config.source_key)
    named = isinstance(identity, (str, int)) and not isinstance(identity, bool) and str(identity) != ""
    placed = isinstance(source, str) and source != ""
    taken = (("id",) if named and config.id_key == "id" and isinstance(identity, str) else ()) + (
        ("source",) if placed and config.source_key == "source" else ()
    )
    origin = Origin(file.name, number, "utf-8", False, shell, escape, ending.decode("ascii"), taken=taken, container=file.container)
    return Record(
        _writable(str(identity)) if named else f"{file.name}:{number}",
        utf8,
        _writable(str(source)) if placed else file.source,
        origin,
        body,
    )


def _writable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _text(data: Any, key: str) -> str:
    if not isinstance(data, dict):
        raise ValueError("the line is JSON, but not an object")  # noqa: TRY004 - a fault of the data, not of a type
    if key not in data:
        near = ", ".join(repr(name) for name, value in data.items() if isinstance(value, str))
        raise ValueError(f"no field '{key}'; its text fields are: {near or 'none'} (see --text-key)")
    if not isinstance(data[key], str):
        raise ValueError(f"field '{key}' is not a text")  # noqa: TRY004
    text: str = data[key]
    return text


def _shell(line: str, data: dict[str, Any], key: str) -> tuple[tuple[str, str], str]:
    """The record without its text: what stands before and after the text's literal, and how the literal is written."""
    for escape in ("utf-8", "ascii"):
        literal = write_literal(data[key], escape)
        at = line.find(literal)
        while at >= 0:
            shell = (line[:at], line[at + len(literal) :])
            if _is_shell(shell, data, key):
                return shell, escape
            at = line.find(literal, at + 1)
            if len(data[key]) > 64:
                break  # a long text stands once: do not search for more
    return (line, ""), "raw"


def _is_shell(shell: tuple[str, str], data: dict[str, Any], key: str) -> bool:
    """Whether a shell is the record around exactly its text: a probe put in comes out at the key, and nothing else differs."""
    before = shell[0].rstrip()
    if not before.endswith(":"):
        return False
    name = before[:-1].rstrip()
    if not name.endswith(json.dumps(key, ensure_ascii=False)):
        return False
    probe = json.loads(f'{shell[0]}"\\u0000probe"{shell[1]}')
    return isinstance(probe, dict) and probe.get(key) == "\0probe" and len(probe) == len(data)


def write_literal(text: str, escape: str) -> str:
    """A JSON string literal, as the usual writers of JSON make it."""
    return json.dumps(text, ensure_ascii=escape == "ascii")
