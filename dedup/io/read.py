"""Files to documents: one a text file, one a JSON record."""

from __future__ import annotations

import gzip
import zlib
from typing import TYPE_CHECKING

from dedup.io.decode import decode
from dedup.io.discover import RECORD_ENDINGS
from dedup.io.read_jsonl import read_jsonl
from dedup.io.record import Origin, Record
from dedup.model import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dedup.config import Config
    from dedup.io.discover import InputFile


def read_file(file: InputFile, config: Config, advance: Callable[[int], object]) -> Iterator[Record | Unreadable]:
    """Documents of a file, and what of it could not be read. `advance` is told of bytes read from disk."""
    name = file.path.name.lower()
    packed = name.endswith(".gz")
    try:
        if name.removesuffix(".gz").endswith(RECORD_ENDINGS):
            yield from read_jsonl(file, config, packed, advance)
        else:
            with gzip.open(file.path) if packed else open(file.path, "rb", buffering=0) as stream:
                raw = stream.read()
            decoded = decode(raw)
            yield Record(file.name, decoded.utf8, file.source, Origin(file.name, 0, decoded.encoding, decoded.bom), raw)
            advance(file.size)
    except (OSError, EOFError, zlib.error, ValueError) as error:
        why = (error.strerror if isinstance(error, OSError) and error.strerror else str(error)) or type(error).__name__
        yield Unreadable(file.name, 0, why)
