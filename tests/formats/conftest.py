"""A run over files given by name and content, looked at from all sides."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from dedup.config import Config, configure
from dedup.io.restore import restore
from dedup.pipeline import run

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Ran:
    """An output folder."""

    folder: Path

    def rows(self, name: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.folder / name).read_bytes().split(b"\n") if line]

    @property
    def corpus(self) -> dict[str, dict[str, Any]]:
        return {row["id"]: row for row in self.rows("corpus.jsonl")}

    @property
    def unreadable(self) -> list[tuple[str, int, str]]:
        return [(row["path"], row["line"], row["why"]) for row in self.rows("unreadable.jsonl")]

    @property
    def passed(self) -> int:
        return json.loads((self.folder / "manifest.json").read_bytes())["counts"]["passed_files"]

    def back(self) -> dict[str, bytes]:
        target = self.folder.with_name(self.folder.name + "-back")
        restore(self.folder, target)
        return {path.relative_to(target).as_posix(): path.read_bytes() for path in target.rglob("*") if path.is_file()}


@pytest.fixture
def ran(tmp_path: Path) -> Any:
    """Runs over files, into a folder of its own each time."""
    count = 0

    def call(files: dict[str, bytes], **options: Any) -> Ran:
        nonlocal count
        count += 1
        source, out = tmp_path / f"in{count}", tmp_path / f"out{count}"
        for name, data in files.items():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes(data)
        run([str(source)], out, configure(Config(threads=1), options))
        return Ran(out)

    return call


@pytest.fixture
def html_reader():
    pytest.importorskip("resiliparse")
