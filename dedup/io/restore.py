"""The input back from an output folder alone, byte for byte."""

from __future__ import annotations

import codecs
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final, Protocol

import xxhash

from dedup.errors import InputError, UsageError
from dedup.io.csv_cells import literal as csv_literal
from dedup.io.folder import Texts, manifest_of, rows
from dedup.io.kinds import kind_of
from dedup.io.output import OutputFolder
from dedup.io.packing import packed

if TYPE_CHECKING:
    from collections.abc import Iterator

BOM: Final = {"utf-8": codecs.BOM_UTF8, "utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}

TEXT_ONLY: Final = ("html", "parquet", "warc", "wet")  # containers of which the text comes back, and not the file


@dataclass(frozen=True, slots=True)
class Restored:
    """How many documents and files came back; `texts`: documents whose text did, and not the file they were in, by kind."""

    documents: int
    files: int
    texts: dict[str, int]


def restore(folder: Path, target: Path) -> Restored:
    """Write every input document of a run below `target` (new or empty), at the path it was read from.

    Each document's bytes are held against the hash taken when they were read; on a difference InputError is raised.
    A packed input (`.gz`, `.zst`) comes back packed, with the same content. Of HTML, Parquet and WARC what comes back is the
    text: a text file a page, a file of JSON lines for the records of a file. Members of an archive come back as files.
    Lines of a JSONL file that were no documents come back with the documents around them; a file that held none at all does not.
    """
    manifest = manifest_of(folder)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(f"{target}: exists and is not empty")
    texts = Texts(folder, manifest["config"]["format"])
    pieces: dict[str, list[tuple[int, bytes]]] = {}
    documents = 0
    texts_only: Counter[str] = Counter()
    for row, removals in with_ledger(folder):
        text = rebuild(row, removals, texts)
        path, line, raw = _raw(row, text)
        pieces.setdefault(path, []).append((line, raw))
        documents += 1
        container = row["restore"].get("container")
        if container in TEXT_ONLY:
            texts_only[container] += 1
    with _Staging(target) as staging:
        for path, parts in sorted(pieces.items()):
            _write(staging.path / path, b"".join(raw for _, raw in sorted(parts)))
        staging.finish()
    return Restored(documents, len(pieces), dict(sorted(texts_only.items())))


class _Staging(OutputFolder):
    """Written beside, then renamed, like any output; the empty folder it replaces is no output of ours."""

    def finish(self) -> bool:
        if self.target.exists():
            self.target.rmdir()
        self.path.rename(self.target)
        return True


def with_ledger(folder: Path) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Each row of documents with its ledger rows; both files are in order of id."""
    groups = groupby(rows(folder, "ledger.jsonl"), key=lambda row: row["document"])
    waiting = next(groups, None)
    for row in rows(folder, "documents.jsonl"):
        found: list[dict[str, Any]] = []
        if waiting is not None and waiting[0] == row["id"]:
            found = list(waiting[1])
            waiting = next(groups, None)
        yield row, found
    if waiting is not None:
        raise InputError(f"{folder}: the ledger speaks of {waiting[0]!r}, which documents.jsonl does not know")


class Takes(Protocol):
    """Has the output documents' texts. `whole`: the input documents' instead, see `folder.Texts`."""

    @property
    def whole(self) -> bool:
        """Which of the two."""

    def take(self, identity: str) -> str:
        """The text of an output document, empty where there is none."""


def rebuild(row: dict[str, Any], ledger: list[dict[str, Any]], texts: Takes) -> str:
    """The input text: what was removed from the ledger, the rest from the output documents in turn."""
    if texts.whole:
        return texts.take(row["id"])
    length = row["characters_in"]
    kept = {row["id"]: _Reader(texts.take(row["id"]))} | {name: _Reader(texts.take(name)) for name in row["moved"]}
    moves = [each for each in ledger if each["action"] == "move"]
    out: list[str] = []
    at = 0
    for each in [*(each for each in ledger if each["action"] == "remove"), None]:
        stop = each["start"] if each else length
        while at < stop:
            move = next((move for move in moves if move["start"] <= at < move["end"]), None)
            border = min([stop, *(move["end"] for move in moves if move["end"] > at), *(m["start"] for m in moves if m["start"] > at)])
            out.append(kept[move["to"] if move else row["id"]].take(border - at))
            at = border
        if each:
            out.append(each["text"])
            at = each["end"]
    return "".join(out)


class _Reader:
    """A text taken piece by piece."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def take(self, count: int) -> str:
        self._at += count
        return self._text[self._at - count : self._at]


def _raw(row: dict[str, Any], text: str) -> tuple[str, int, bytes]:
    """Where a document goes, its line, and its bytes, proved by their hash."""
    how = row["restore"]
    path = PurePosixPath(how["path"])
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise InputError(f"documents.jsonl: the path {how['path']!r} of {row['id']!r} leads out of the folder")
    if "record" in how:
        from dedup.io.read_jsonl import write_literal  # comes with the kernels, which looking at a run does not need

        before, after = how["record"]
        literal = csv_literal if "columns" in how else write_literal
        raw = (before if how["escape"] == "raw" else before + literal(text, how["escape"]) + after).encode(how.get("encoding", "utf-8"))
    else:
        raw = (BOM[how["encoding"]] if how["bom"] else b"") + text.encode(how["encoding"])
    if xxhash.xxh3_128_hexdigest(raw) != how["xxh3_128"]:
        raise InputError(f"{row['id']!r} does not come back as it was: the output folder was changed since the run")
    return how["path"], how["line"], how.get("lead", "").encode("latin-1") + raw + how.get("ending", "").encode("latin-1")


def _write(path: Path, raw: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    kind = kind_of(path.name)
    path.write_bytes(packed(raw, kind.packing if kind else ""))
