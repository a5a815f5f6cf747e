"""Files to documents: one a text file, one a JSON record."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from dedup.io.decode import decode
from dedup.io.kinds import kind_of
from dedup.io.packing import unpacked
from dedup.io.read_jsonl import read_jsonl
from dedup.io.record import Origin, Record
from dedup.model import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dedup.config import Config
    from dedup.io.discover import InputFile


def read_file(file: InputFile, config: Config, advance: Callable[[int], object]) -> Iterator[Record | Unreadable]:
    """Documents of a file, and what of it could not be read. `advance` is told of bytes read from disk."""
    kind = kind_of(file.path.name)
    try:
        if kind is not None and kind.format == "jsonl":
            yield from read_jsonl(file, config, kind, advance)
        else:
            if kind is not None and kind.packing:
                with file.open(0) as disk, unpacked(disk, kind) as stream:
                    raw = stream.read()
            else:
                raw = file.read()
            decoded = decode(raw)
            origin = Origin(file.name, 0, decoded.encoding, decoded.bom, container=file.container)
            yield Record(file.name, decoded.utf8, file.source, origin, raw)
            advance(file.size)
    except (OSError, EOFError, zlib.error, ValueError) as error:
        why = (error.strerror if isinstance(error, OSError) and error.strerror else str(error)) or type(error).__name__
        yield Unreadable(file.name, 0, why)
