"""Files to documents: one a text file, one a JSON record."""

from __future__ import annotations

import zlib
from itertools import accumulate
from typing import TYPE_CHECKING, Final

import numpy as np
import xxhash

from dedup.io.decode import decode
from dedup.io.kinds import kind_of
from dedup.io.packing import unpacked
from dedup.io.read_jsonl import read_jsonl
from dedup.io.record import PLAIN, Origin, Record, Records
from dedup.kernels.utf8 import is_plain
from dedup.model import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from dedup.config import Config
    from dedup.io.files import InputFile
    from dedup.io.kinds import Kind

FAULTS: Final = (OSError, EOFError, zlib.error, ValueError)
TOGETHER: Final = 512  # text files that are taken as columns, at most,
TOGETHER_BYTES: Final = 1 << 20  # or as many as have so many bytes


def read_file(file: InputFile, config: Config, advance: Callable[[int], object]) -> Iterator[Record | Records | Unreadable]:
    """Documents of a file, and what of it could not be read. `advance` is told of bytes read from disk."""
    kind = kind_of(file.path)
    try:
        if kind is not None and kind.format == "jsonl":
            yield from read_jsonl(file, config, kind, advance)
        else:
            raw = _unpacked(file, kind) if kind is not None and kind.packing else file.read()
            advance(file.size)
            yield _document(file, raw)
    except FAULTS as error:
        yield Unreadable(file.name, 0, _why(error))


def read_texts(files: Iterable[InputFile], advance: Callable[[int], object]) -> Iterator[Record | Records | Unreadable]:
    """The documents that plain text files are, or what is wrong with them."""
    run: list[InputFile] = []
    size = 0
    for file in files:
        run.append(file)
        size += file.size
        if len(run) == TOGETHER or size >= TOGETHER_BYTES:
            yield from _together(run)
            advance(size)
            run, size = [], 0
    yield from _together(run)
    advance(size)


def _together(files: list[InputFile]) -> Iterator[Record | Records | Unreadable]:
    """Documents as columns, where all are plain UTF-8: to take them one by one costs more than what is done with each."""
    read = list(map(_raw, files))
    texts = [raw for raw in read if isinstance(raw, bytes) and is_plain(raw)]
    if len(texts) < len(files):
        yield from map(_read, files, read)
    elif files:
        bounds = np.fromiter(accumulate(map(len, texts), initial=0), np.int64, len(texts) + 1)
        hashes = b"".join(map(xxhash.xxh3_128_digest, texts))
        ids, sources = [file.name for file in files], [file.source for file in files]
        yield Records(ids, texts, bounds, sources, PLAIN, hashes, [""] * len(files))


def _raw(file: InputFile) -> bytes | Unreadable:
    try:
        return file.read()
    except OSError as error:
        return Unreadable(file.name, 0, _why(error))


def _read(file: InputFile, raw: bytes | Unreadable) -> Record | Unreadable:
    if isinstance(raw, Unreadable):
        return raw
    try:
        return _document(file, raw)
    except ValueError as error:
        return Unreadable(file.name, 0, _why(error))


def _unpacked(file: InputFile, kind: Kind) -> bytes:
    with file.open(0) as disk, unpacked(disk, kind) as stream:
        return stream.read()


def _document(file: InputFile, raw: bytes) -> Record:
    """Raises ValueError for bytes that are no text."""
    utf8, encoding, bom = decode(raw)
    plain = encoding == "utf-8" and not bom and not file.container
    return Record(file.name, utf8, file.source, PLAIN if plain else Origin(file.name, 0, encoding, bom, container=file.container), raw)


def _why(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) and error.strerror else str(error)) or type(error).__name__
