"""JSONL to documents, by kernel in large pieces; a line that is written in an unusual way is read by itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple

import numpy as np
import xxhash

from dedup.io.packing import Stdin, unpacked
from dedup.io.record import ESCAPES, Origin, Record, Records, Shells, all_named, named
from dedup.io.together import loads_all
from dedup.kernels.records import ASCII, scan_records
from dedup.model import Unreadable
from dedup.threads import one_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future

    from numpy.typing import NDArray

    from dedup.config import Config
    from dedup.io.files import InputFile
    from dedup.io.kinds import Kind

BOM: Final = b"\xef\xbb\xbf"
CHUNK_BYTES: Final = 4 << 20  # read and scanned at a time
TOGETHER: Final = 4  # regular lines that follow one another, from which on those inside are read together
UNTIL, STYLE = 5, 6  # columns of what `scan_records` finds


def read_jsonl(file: InputFile, config: Config, kind: Kind, advance: Callable[[int], object]) -> Iterator[Record | Records | Unreadable]:
    """Records of a JSONL file, and what of it could not be read. `advance` is told of bytes read from disk."""
    with file.open_once() as disk:
        pieces = _lines(unpacked(disk, kind), config.text_key, waits=not isinstance(disk, Stdin))
        yield from _whole(_rows(pieces, file, config, disk, advance), file)


class _Lines(NamedTuple):
    """Lines of a piece of a file, as `scan_records` finds them, and their texts one behind the other."""

    data: bytes
    rows: NDArray[np.int64]
    texts: bytes


class _Piece(NamedTuple):
    """Lines, what stands behind them, the bytes that follow, and whether none do."""

    lines: _Lines
    rest: bytes
    following: Future[bytes]
    final: bool


def _lines(stream: BinaryIO, key: str, *, waits: bool) -> Iterator[_Lines]:
    """A file in pieces of whole lines; while one is used the next one is scanned, and what follows it unpacked. `waits`: see
    `one_thread`.
    """
    inside = np.frombuffer(json.dumps(key, ensure_ascii=False)[1:-1].encode(), np.uint8)
    with one_thread(waits=waits) as unpacking, one_thread(waits=waits) as scanning:

        def piece(rest: bytes, coming: Future[bytes]) -> _Piece:
            more = coming.result()
            following = unpacking.submit(stream.read, max(CHUNK_BYTES, len(rest)))  # a line that does not end: more each time
            data = rest + more
            raw = np.frombuffer(data, np.uint8)
            rows = np.empty((data.count(b"\n") + 1, 7), np.int64)
            out = np.empty(len(data), np.uint8)
            count, used = scan_records(raw, inside, not more, rows, out)
            texts = out[: rows[count - 1, UNTIL] if count else 0].tobytes()
            return _Piece(_Lines(data, rows[:count], texts), data[used:], following, final=not more)

        found = piece(b"", unpacking.submit(stream.read, CHUNK_BYTES))
        while not found.final:
            coming = scanning.submit(piece, found.rest, found.following)
            yield found.lines
            found = coming.result()
        yield found.lines


def _rows(
    pieces: Iterable[_Lines], file: InputFile, config: Config, disk: BinaryIO, advance: Callable[[int], object]
) -> Iterator[tuple[bytes, Record | Records | Unreadable | None]]:
    """Every line as it stands, and what it holds: nothing where it is blank. A record but the first needs no bytes beside it.

    Lines with a regular one on each side come together.
    """
    number = 1
    done = 0
    for piece in pieces:
        k = 0
        for low, high in [*_inside(piece.rows[:, STYLE] != 0), (len(piece.rows), 0)]:
            for row in range(k, low):
                yield _single(piece, row, file, number + row, config)
            k = low
            batch = _batch(piece, slice(low, high), file, number + low, config) if high else None
            if batch is not None:
                yield b"", batch
                k = high
        number += len(piece.rows)
        advance(disk.tell() - done)
        done = disk.tell()


def _inside(regular: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Runs of regular lines without the first and the last one of each, with which goes what stands around a run."""
    borders = np.flatnonzero(np.diff(np.r_[False, regular, False])).reshape(-1, 2)
    return [(low + 1, high - 1) for low, high in borders.tolist() if high - low >= TOGETHER]


def _batch(piece: _Lines, lines: slice, file: InputFile, number: int, config: Config) -> Records | None:
    """Lines of a piece whose texts were found by kernel; None where the rest of one of them is not what it should be. `number`:
    that of the first one.
    """
    data, rows = piece.data, piece.rows[lines].tolist()
    parts = [(data[begin : value - 1], data[closing + 1 : body], data[body:end]) for begin, body, end, value, closing, _, _ in rows]
    try:
        shells = [str(b'%b""%b' % part[:2], "utf-8") for part in parts]
    except ValueError:
        return None
    values = loads_all(shells)
    if values is None or not all(isinstance(each, dict) and each.get(config.text_key) == "" for each in values):
        return None
    names = all_named(values, number, file, config)
    ids, sources, taken, dates = zip(*names, strict=True)
    bounds = np.r_[piece.rows[lines.start - 1, UNTIL], piece.rows[lines, UNTIL]]
    texts = piece.texts[bounds[0] : bounds[-1]]
    escapes = bytes([style == ASCII for *_, style in rows])
    bare = bytes([len(fields) == 1 + len(used) for fields, used in zip(values, taken, strict=True)])
    hashes = b"".join([xxhash.xxh3_128_digest(data[begin:body]) for begin, body, *_ in rows])
    return Records(ids, (texts,), bounds - bounds[0], sources, Shells(file, number, parts, escapes, taken, bare), hashes, dates)


def _single(piece: _Lines, k: int, file: InputFile, number: int, config: Config) -> tuple[bytes, Record | Unreadable | None]:
    """A line of a piece, as it stands, and what it holds."""
    data = piece.data
    begin, body, end, value, closing, until, style = piece.rows[k].tolist()
    row: Record | Unreadable | None = None
    if style:
        shell = data[begin : value - 1], data[closing + 1 : body]
        text = piece.texts[piece.rows[k - 1, UNTIL] if k else 0 : until]
        row = _quick(data[begin:body], text, shell, ESCAPES[style == ASCII], data[body:end], file, number, config)
    if row is None:
        line = data[begin:body].removeprefix(BOM) if number == 1 else data[begin:body]
        row = read_record(line, data[body:end], file, number, config) if line.strip() else None
    return b"" if number > 1 and isinstance(row, Record) else data[begin:end], row


def _whole(lines: Iterable[tuple[bytes, Record | Records | Unreadable | None]], file: InputFile) -> Iterator[Record | Records | Unreadable]:
    """Rows with what stands between them: lines that are no record go with the one after them, at the end with the last one."""
    rows = 0
    waiting: Record | None = None
    lead = b""
    for number, (raw, row) in enumerate(lines):
        if isinstance(row, Records):
            if waiting is not None:
                yield waiting
            waiting = None
            yield row
        elif isinstance(row, Record):
            rows += 1
            if waiting is not None:
                yield waiting
            if number == 0 and raw.startswith(BOM):
                lead = BOM
            waiting = row._replace(origin=row.origin._replace(lead=lead.decode("latin-1"))) if lead else row
            lead = b""
        else:
            lead += raw
            if row is not None:
                rows += 1
                yield row
    if waiting is None and not rows:
        yield Unreadable(file.name, 0, "no record in it")
    if waiting is not None:
        ending = waiting.origin.ending + lead.decode("latin-1")
        yield waiting._replace(origin=waiting.origin._replace(ending=ending)) if lead else waiting


def _quick(
    body: bytes, utf8: bytes, shell: tuple[bytes, bytes], escape: str, ending: bytes, file: InputFile, number: int, config: Config
) -> Record | None:
    """A record whose text was found by kernel; None where the rest of the line is not what it should be."""
    try:
        before, after = shell[0].decode("utf-8"), shell[1].decode("utf-8")
        line = f'{before}""{after}'
        data = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or data.get(config.text_key) != "":
        return None
    return _record(data, utf8, body, ((before, after), escape, ending.decode("ascii")), file, number, config)


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
    return _record(data, utf8, body, (shell, escape, ending.decode("ascii")), file, number, config)


def _record(
    data: dict[str, Any], utf8: bytes, body: bytes, written: tuple[tuple[str, str], str, str], file: InputFile, number: int, config: Config
) -> Record:
    """A record with the id and the source that stand in it, or its place and its file's site. `written`: shell, escape and
    line end, see `Origin`.
    """
    name = named(data, number, file, config)
    origin = Origin(file.name, number, "utf-8", False, *written, "", name.taken, container=file.container)
    return Record(name.id, utf8, name.source, origin, body, name.date)


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
    for escape in ESCAPES:
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
