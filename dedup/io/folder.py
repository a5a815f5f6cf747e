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
    """The output documents' texts in order of id, one look ahead: ask for ids in the order of `documents.jsonl`."""

    def __init__(self, folder: Path, format_: str) -> None:
        """`format_` as in the configuration of the run."""
        self._folder = folder
        self._tree = format_ == "txt"
        self._rows = None if self._tree else self._read(folder / f"corpus.{format_}")
        self._next: dict[str, Any] | None = next(self._rows, None) if self._rows else None

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
        if self._tree:
            path = self._folder / "corpus" / tree_path(identity)
            return path.read_bytes().decode("utf-8") if path.exists() else ""
        if self._next is None or self._next["id"] != identity or self._rows is None:
            return ""
        text: str = self._next["text"]
        self._next = next(self._rows, None)
        return text
