"""Inputs of every kind to documents: which reader takes a file, and what its failures are."""

from __future__ import annotations

import tarfile
import zipfile
import zlib
from typing import TYPE_CHECKING, Final

from dedup.io.kinds import ARCHIVES, kind_of, require
from dedup.io.read import read_file
from dedup.model import Passed, Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dedup.config import Config
    from dedup.io.files import InputFile
    from dedup.io.kinds import Kind
    from dedup.io.record import Record, Records

FAULTS: Final = (OSError, EOFError, zlib.error, ValueError, zipfile.BadZipFile, tarfile.TarError, NotImplementedError, RuntimeError)


def read_documents(file: InputFile, config: Config, advance: Callable[[int], object]) -> Iterator[Record | Records | Unreadable | Passed]:
    """Documents of a file of any kind, what of it could not be read, and how much was passed over.

    `advance` is told of bytes read from disk. Raises UsageError where a library is missing.
    """
    kind = kind_of(file.path)
    assert kind is not None, file.name
    if kind.format not in ("text", "jsonl") or kind.packing:
        require(file.name, kind, config.extractor)
    if kind.format in ("text", "jsonl"):
        yield from read_file(file, config, advance)
        return
    try:
        yield from _rows(file, config, kind, advance)
    except FAULTS as error:
        why = (error.strerror if isinstance(error, OSError) and error.strerror else str(error)) or type(error).__name__
        yield Unreadable(file.name, 0, why)
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how libraries in Rust say that they did not expect such a file
            raise
        yield Unreadable(file.name, 0, f"the library that reads it gave up: {error}")


def _rows(
    file: InputFile, config: Config, kind: Kind, advance: Callable[[int], object]
) -> Iterator[Record | Records | Unreadable | Passed]:
    if kind.format in ARCHIVES:
        from dedup.io.read_archive import members

        for member in members(file, kind, advance):
            if isinstance(member, (Unreadable, Passed)):
                yield member
            else:
                yield from read_documents(member, config, lambda _: None)
    elif kind.format == "csv":
        from dedup.io.read_csv import read_csv

        yield from read_csv(file, config, kind, advance)
    elif kind.format == "parquet":
        from dedup.io.read_parquet import read_parquet

        yield from read_parquet(file, config, advance)
    elif kind.format == "warc":
        from dedup.io.read_warc import read_warc

        yield from read_warc(file, config, kind, advance)
    else:
        from dedup.io.read_html import read_html

        yield from read_html(file, config, kind, advance)
