"""Files to documents: one a text file, one a JSON record."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

from dedup.io.decode import decode
from dedup.io.kinds import kind_of
from dedup.io.packing import unpacked
from dedup.io.read_jsonl import read_jsonl
from dedup.io.record import PLAIN, Origin, Record
from dedup.model import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dedup.config import Config
    from dedup.io.files import InputFile
    from dedup.io.kinds import Kind
    from dedup.io.record import Records

FAULTS: Final = (OSError, EOFError, zlib.error, ValueError)


def read_file(file: InputFile, config: Config, advance: Callable[[int], object]) -> Iterator[Record | Records | Unreadable]:
    """Documents of a file, and what of it could not be read. `advance` is told of bytes read from disk."""
    kind = kind_of(file.path)
    try:
        if kind is not None and kind.format == "jsonl":
            yield from read_jsonl(file, config, kind, advance)
        else:
            yield read_text(file, advance, kind)
    except FAULTS as error:
        yield Unreadable(file.name, 0, _why(error))


def read_text(file: InputFile, advance: Callable[[int], object], kind: Kind | None = None) -> Record | Unreadable:
    """The document that a text file is, packed as `kind` says, or what is wrong with it."""
    try:
        if kind is not None and kind.packing:
            with file.open(0) as disk, unpacked(disk, kind) as stream:
                raw = stream.read()
        else:
            raw = file.read()
        utf8, encoding, bom = decode(raw)
        plain = encoding == "utf-8" and not bom and not file.container
        advance(file.size)
        return Record(file.name, utf8, file.source, PLAIN if plain else Origin(file.name, 0, encoding, bom, container=file.container), raw)
    except FAULTS as error:
        return Unreadable(file.name, 0, _why(error))


def _why(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) and error.strerror else str(error)) or type(error).__name__
