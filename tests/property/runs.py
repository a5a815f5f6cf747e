"""Runs over small corpora: what they wrote, read back, and what the tests of promises ask of it."""

from __future__ import annotations

import json
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from dedup import pipeline
from dedup.config import Config
from dedup.io.decode import decode
from hypothesis import strategies as st
from tests import oracles
from tests.corpora import File, unpacked, write

if TYPE_CHECKING:
    from collections.abc import Iterator


CONFIGS = st.builds(
    Config,
    appended=st.sampled_from(["split", "split", "drop", "keep"]),
    paragraphs=st.sampled_from(["auto", "auto", "line", "block"]),
    prefer=st.sampled_from(["longest", "first"]),
    repeats_min=st.sampled_from([2, 5]),
    threads=st.just(1),
)


class Folder(NamedTuple):
    """What a run wrote, read back."""

    path: Path
    corpus: list[dict[str, Any]]
    ledger: list[dict[str, Any]]
    documents: list[dict[str, Any]]
    unreadable: list[dict[str, Any]]
    manifest: dict[str, Any]

    def texts(self) -> dict[str, str]:
        return {row["id"]: row["text"] for row in self.corpus}


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().split(b"\n") if line]


def read(path: Path) -> Folder:
    files = [rows(path / f"{name}.jsonl") for name in ("corpus", "ledger", "documents", "unreadable")]
    return Folder(path, *files, json.loads((path / "manifest.json").read_bytes()))


@contextmanager
def room() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def clean(files: list[File], base: Path, config: Config, name: str = "out") -> Folder:
    if not (base / "in").exists():
        write(files, base / "in")
    pipeline.run([str(base / "in")], base / name, config)
    return read(base / name)


def inputs(files: list[File], out: Folder) -> dict[str, str]:
    """The decoded text of every input document that was read, by id."""
    raw = {file.name: unpacked(file) for file in files}
    found = {}
    for row in out.documents:
        how = row["restore"]
        content = raw[how["path"]]
        if how["line"]:
            found[row["id"]] = json.loads(content.split(b"\n")[how["line"] - 1])["text"]
        else:
            found[row["id"]] = decode(content).utf8.decode()
    return found


def ledger_of(out: Folder, document: str, action: str) -> list[dict[str, Any]]:
    return [row for row in out.ledger if row["document"] == document and row["action"] == action]


def snapshot(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def check_pair(removed: str, kept: str, similarity: float, config: Config) -> None:
    if oracles.fold(removed) == oracles.fold(kept):
        assert similarity == 1.0
        return
    words = oracles.containment(oracles.word_shingles(removed), oracles.word_shingles(kept))
    characters = oracles.containment(oracles.character_shingles(removed), oracles.character_shingles(kept))
    assert oracles.may_go(removed, kept, config.threshold, config.character_threshold)
    assert similarity == pytest.approx(words if words >= config.threshold else characters, abs=1e-4)
    assert len(oracles.fold(removed)) >= config.min_words
    fuller = oracles.letters(removed) > oracles.letters(kept)
    assert not fuller or oracles.may_go(kept, removed, config.threshold, config.character_threshold)


def again(out: Folder, base: Path, config: Config) -> Folder:
    (base / "next").mkdir()
    (base / "next" / "corpus.jsonl").write_bytes((out.path / "corpus.jsonl").read_bytes())
    pipeline.run([str(base / "next")], base / "again", config)
    return read(base / "again")
