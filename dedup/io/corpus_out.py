"""The corpus in its output formats."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, Protocol

import regex
import xxhash

from dedup.io.csv_cells import cells_of
from dedup.io.packing import packing_file
from dedup.io.rows import to_json
from dedup.io.together import loads_all

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from dedup.config import Format
    from dedup.io.record import Origin, Origins

UNSAFE: Final = regex.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|%]")
NAME_BYTES: Final = 200  # of one path component; file systems allow 255


class CorpusWriter(Protocol):
    """Takes output documents in order of id."""

    def write(self, identity: str, text: str, source: str, fields: dict[str, Any]) -> None:
        """One document."""

    def close(self) -> dict[str, str]:
        """Finish; returns the hash of each file written, by name."""


class HashedFile:
    """A file being written, hashed on the way."""

    def __init__(self, path: Path, name: str = "") -> None:
        """`name`: what the hash goes by, the file's name if not given."""
        self._file = path.open("wb")
        self._hash = xxhash.xxh3_128()
        self.name = name or path.name
        self.closed = False

    def write(self, data: Any) -> int:
        """Append bytes."""
        self._hash.update(data)
        return self._file.write(data)

    def flush(self) -> None:
        """Nothing that hangs on it: what packs into this file asks for it."""

    def close(self) -> dict[str, str]:
        """The hash by the name."""
        self.closed = True
        self._file.close()
        return {self.name: self._hash.hexdigest()}


class JsonlWriter:
    """`corpus.jsonl`, plain or packed (with no time in it, so that equal runs give equal bytes)."""

    def __init__(self, folder: Path, packing: str) -> None:
        """Open the file in `folder`; `packing`: "gz", "zst" or none."""
        self._file = HashedFile(folder / f"corpus.jsonl{'.' if packing else ''}{packing}")
        self._pack = packing_file(self._file, packing) if packing else None

    def write(self, identity: str, text: str, source: str, fields: dict[str, Any]) -> None:
        """One line."""
        self.write_rows(to_json({"id": identity, "text": text, "source": source} | fields))

    def write_rows(self, rows: bytes | memoryview) -> None:
        """Lines that are made already."""
        if self._pack is not None:
            self._pack.write(rows)
        else:
            self._file.write(rows)

    def close(self) -> dict[str, str]:
        """Finish the file."""
        if self._pack is not None:
            self._pack.close()
        return self._file.close()


class TreeWriter:
    """A folder `corpus/` of UTF-8 text files at the ids' paths, made safe."""

    def __init__(self, folder: Path) -> None:
        """Files go below `folder`/corpus."""
        self._root = folder / "corpus"
        self._root.mkdir()
        self._hash = xxhash.xxh3_128()

    def write(self, identity: str, text: str, source: str, fields: dict[str, Any]) -> None:
        """One file. `source` and `fields` have no place in this format."""
        path = self._root / tree_path(identity)
        path.parent.mkdir(parents=True, exist_ok=True)
        data = text.encode("utf-8")
        self._hash.update(to_json(identity) + data)
        with path.open("xb") as file:
            file.write(data)

    def close(self) -> dict[str, str]:
        """One hash for all files."""
        return {"corpus": self._hash.hexdigest()}


def tree_path(identity: str) -> str:
    """A relative path for an id: one for each id, always inside, with no character a file system could refuse.

    The id of a text file is its path and stays it; any other gets `%.txt` (a % of an id is itself escaped, so no two meet).

    >>> tree_path("../../x.txt"), tree_path("17")
    ('%2E%2E/%2E%2E/x.txt', '17%.txt')
    """
    *folders, last = [_safe(part) for part in identity.split("/")]
    folders = [f"{part}%" if part.lower().endswith(".txt") else part for part in folders]  # never the path of a file
    return "/".join([*folders, last if last.endswith(".txt") else f"{last}%.txt"])


def _safe(part: str) -> str:
    if part.strip(".") == "":
        return "%2E" * len(part) if part else "%"
    safe = UNSAFE.sub(lambda match: f"%{ord(match[0]):02X}", part)
    raw = safe.encode("utf-8")
    if len(raw) > NAME_BYTES:
        cut = raw[: NAME_BYTES - 34].decode("utf-8", "ignore")
        safe = f"{cut}%~{xxhash.xxh3_128_hexdigest(part.encode())}"
    return safe


def open_writer(format_: Format, folder: Path) -> CorpusWriter:
    """The writer of a format."""
    if format_ == "parquet":
        from dedup.io.parquet_out import ParquetWriter

        return ParquetWriter(folder, HashedFile(folder / "corpus.parquet"))
    if format_ == "dolma":
        from dedup.io.dolma_out import DolmaWriter

        return DolmaWriter(folder)
    return TreeWriter(folder) if format_ == "txt" else JsonlWriter(folder, format_.removeprefix("jsonl").lstrip("."))


def extra_fields(origin: Origin, text_key: str) -> dict[str, Any]:
    """The fields of a JSON record, in their order, but for its text and what stands under the names `id`, `text`, `source`.

    A field of such a name that was not taken for it (another key was, or it is no text) goes on as `<name>_in`.
    """
    if origin.record is None:
        return {}
    if origin.typed is not None:
        return _going_on(dict(origin.typed), origin.taken)
    if origin.columns:
        return _going_on(_row_fields(origin, text_key), origin.taken)
    line = origin.record[0] if origin.escape == "raw" else f'{origin.record[0]}""{origin.record[1]}'
    return _of_record(json.loads(line), text_key, origin.taken)


def fields_of(origins: Origins, documents: Sequence[int], text_key: str) -> list[dict[str, Any]]:
    """`extra_fields` of documents, by their numbers; of one that stands here twice the same."""
    shells = {document: shell for document in documents if (shell := origins.shell(document)) is not None}
    values = loads_all([line for line, _ in shells.values()]) or []  # each was read before
    found = {document: _of_record(data, text_key, taken) for (document, (_, taken)), data in zip(shells.items(), values, strict=True)}
    return [found[document] if document in found else extra_fields(origins[document], text_key) for document in documents]


def _of_record(data: dict[str, Any], text_key: str, taken: tuple[str, ...]) -> dict[str, Any]:
    data.pop(text_key)
    return _going_on(data, taken)


def _going_on(data: dict[str, Any], taken: tuple[str, ...]) -> dict[str, Any]:
    return {renamed(key, data): value for key, value in data.items() if key not in taken}


def _row_fields(origin: Origin, text_key: str) -> dict[str, Any]:
    """The cells of a row of CSV but for its text, by the names of their columns."""
    assert origin.record is not None
    delimiter, *names = origin.columns
    cells = cells_of("".join(origin.record), delimiter) or [""] * len(names)
    return {name: cell for name, cell in zip(names, cells, strict=True) if name != text_key}


def renamed(key: str, data: dict[str, Any]) -> str:
    """The name under which a field goes on that could be taken for ours."""
    name = key
    if key in ("id", "text", "source"):
        name = f"{key}_in"
        while name in data:
            name += "_"
    return name
