"""An output folder read back: its rows, and the output documents' texts."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

from dedup.errors import InputError
from dedup.io.corpus_out import tree_path
from dedup.io.output import MANIFEST

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


class Texts:
    """The output documents' texts, asked for by id in nearly the order of `corpus.jsonl`, which is sorted by id."""

    def __init__(self, folder: Path, format_: str) -> None:
        """`format_` as in the configuration of the run."""
        self._folder = folder
        self._rows = None if format_ == "txt" else self._read(folder / f"corpus.{format_}")
        self._next: dict[str, Any] | None = next(self._rows, None) if self._rows else None
        self._passed: dict[str, str] = {}  # read on the way to another, and not yet asked for

    @staticmethod
    def _read(path: Path) -> Iterator[dict[str, Any]]:
        try:
            with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
                for line in file:
                    yield json.loads(line)
        except (OSError, ValueError) as error:
            raise InputError(f"{path}: cannot be read: {error}") from error

    def take(self, identity: str) -> str:
        """The text of an output document, empty where there is none."""
        if self._rows is None:
            path = self._folder / "corpus" / tree_path(identity)
            return path.read_bytes().decode("utf-8") if path.exists() else ""
        while self._next is not None and self._next["id"] <= identity:
            self._passed[self._next["id"]] = self._next["text"]
            self._next = next(self._rows, None)
        return self._passed.pop(identity, "")
