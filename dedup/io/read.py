"""Files to documents: one a text file, one a JSON record."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import xxhash

from dedup.io.decode import decode
from dedup.io.files import READ_ONLY
from dedup.io.kinds import kind_of
from dedup.io.packing import unpacked
from dedup.io.read_jsonl import read_jsonl
from dedup.io.record import PLAIN, Origin, Record, Records
from dedup.io.store import BLOCK_BYTES
from dedup.kernels.files import CAN_READ, read_plain
from dedup.model import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from dedup.config import Config
    from dedup.io.files import Files, InputFile
    from dedup.io.kinds import Kind

FAULTS: Final = (OSError, EOFError, zlib.error, ValueError)
FIRST_BYTES: Final = BLOCK_BYTES // 8  # of the first part of many text files
FEW: Final = 32  # text files behind each other that are read one by one, with what stands before and behind them


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


class TextFiles(NamedTuple):
    """Plain text files that are to be read together: some of all files, in the order of their names."""

    files: Files
    rows: slice

    def read(self) -> Records | list[Record | Unreadable]:
        """The documents that they are. As columns, where all are plain UTF-8 as big as they were; for these a kernel reads them."""
        sizes = self.files.sizes[self.rows]
        text, bounds = np.empty(int(sizes.sum()) + 1, np.uint8), np.empty(len(sizes) + 1, np.int64)
        faulty = self._read_plain(sizes, text, bounds)
        names, sources = self.files.names[self.rows], self.files.sources(self.rows)
        parts = list(map(text.data.__getitem__, map(slice, bounds[:-1].tolist(), bounds[1:].tolist())))
        if not len(faulty):
            hashes = b"".join(map(xxhash.xxh3_128_digest, parts))
            return Records(names, (text[:-1].data,), bounds, sources, PLAIN, hashes, [""] * len(names))
        wrong = set(faulty.tolist())
        plain = zip(names, parts, sources, strict=True)
        return [
            _read(self.files[self.rows.start + k]) if k in wrong else Record(name, part, source, PLAIN, part)
            for k, (name, part, source) in enumerate(plain)
        ]

    def _read_plain(self, sizes: NDArray[np.int64], text: NDArray[np.uint8], bounds: NDArray[np.int64]) -> NDArray[np.int64]:
        """Which of them have to be read one by one. Of the others the bytes stand in `text`."""
        if not CAN_READ:
            bounds[:] = 0
            return np.arange(len(sizes))
        faulty = np.empty(len(sizes), np.int64)
        return faulty[: read_plain(*self.files.paths(self.rows), sizes, READ_ONLY, text, bounds, faulty)]


def read_texts(files: Files, rows: slice, advance: Callable[[int], object]) -> Iterator[TextFiles]:
    """Text files that stand behind each other, in parts as big as a block of the store; smaller ones at first, since whoever looks at
    the documents waits for them, and at last, when nobody reads any more while the last ones are looked at.
    """
    ends = np.cumsum(files.sizes[rows])
    at, part = 0, FIRST_BYTES
    while at < len(ends):
        read = ends[at - 1] if at else 0
        stop = max(at + 1, int(np.searchsorted(ends, read + part, side="right")))
        part = max(min(2 * part, BLOCK_BYTES, int(ends[-1] - ends[stop - 1]) // 2), FIRST_BYTES)
        yield TextFiles(files, slice(rows.start + at, rows.start + stop))
        advance(int(ends[stop - 1] - read))
        at = stop


def _read(file: InputFile) -> Record | Unreadable:
    try:
        return _document(file, file.read())
    except (OSError, ValueError) as error:
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
