"""An output folder read back: its rows, and the output documents' texts."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any

from dedup.errors import InputError
from dedup.io.corpus_out import tree_path
from dedup.io.kinds import kind_of, require_module, require_packing
from dedup.io.output import MANIFEST
from dedup.io.packing import unpacked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def manifest_of(folder: Path) -> dict[str, Any]:
    """The manifest. Raises InputError where the folder is no output of ours."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{folder}: no output folder of dedup ({MANIFEST}: {error})") from error
    if not isinstance(manifest, dict) or "dedup" not in manifest:
        raise InputError(f"{folder}: no output folder of dedup ({MANIFEST} is of something else)")
    return manifest


def rows(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    """The rows of `ledger.jsonl`, `documents.jsonl` or `unreadable.jsonl`."""
    try:
        with (folder / name).open("rb") as file:
            for line in file:
                yield json.loads(line)
    except (OSError, ValueError) as error:
        raise InputError(f"{folder}: {name} cannot be read: {error}") from error


def _corpus(folder: Path, format_: str) -> Iterator[dict[str, Any]]:
    """Rows of a corpus in one of the formats that are files, with their `id` and `text`, in order of id."""
    if format_ == "parquet":
        yield from _parquet(folder / "corpus.parquet")
    elif format_ == "dolma":
        for path in sorted((folder / "documents").glob("*.jsonl.gz")):
            yield from _lines(path)
    else:
        yield from _lines(folder / f"corpus.{format_}")


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    kind = kind_of(path.name)
    require_packing(path.name, kind)
    try:
        with path.open("rb") as disk, unpacked(disk, kind) as file:
            for line in file:
                yield json.loads(line)
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise InputError(f"{path}: cannot be read: {error}") from error


def _parquet(path: Path) -> Iterator[dict[str, Any]]:
    require_module(path.name, "pyarrow", "parquet")
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(path) as table:
            for batch in table.iter_batches(1024, columns=["id", "text"]):
                yield from batch.to_pylist()
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read: {error}") from error


class Texts:
    """The output documents' texts, asked for by id in nearly the order of `corpus.jsonl`, which is sorted by id.

    `whole`: these are the input documents' texts, as the dolma format keeps them.
    """

    def __init__(self, folder: Path, format_: str) -> None:
        """`format_` as in the configuration of the run."""
        self._folder = folder
        self.whole = format_ == "dolma"
        self._rows = None if format_ == "txt" else _corpus(folder, format_)
        self._next: dict[str, Any] | None = next(self._rows, None) if self._rows else None
        self._passed: dict[str, str] = {}  # read on the way to another, and not yet asked for

    def take(self, identity: str) -> str:
        """The text of an output document, empty where there is none."""
        if self._rows is None:
            path = self._folder / "corpus" / tree_path(identity)
            return path.read_bytes().decode("utf-8") if path.exists() else ""
        while self._next is not None and self._next["id"] <= identity:
            self._passed[self._next["id"]] = self._next["text"]
            self._next = next(self._rows, None)
        return self._passed.pop(identity, "")
