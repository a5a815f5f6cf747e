"""Why something is gone: the ledger's rows for a place, and the documents of their twins."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, Final

from dedup.errors import UsageError
from dedup.io.folder import manifest_of
from dedup.io.folder import rows as rows_of
from dedup.io.inputs import LineNumbers, Rebuilt, rebuild_inputs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    Row = dict[str, Any]

SUGGESTED: Final = 3
LOOKED_AT: Final = 200  # ids compared letter by letter for a suggestion: those that share most runs of three


@dataclass(frozen=True, slots=True)
class Explained:
    """A document, those of its ledger rows that were asked for, and the documents of their twins by id."""

    document: Rebuilt
    rows: list[Row]
    twins: dict[str, Rebuilt]


def explain(folder: Path, where: str) -> list[Explained]:
    """What became of a place: of a document (by its id, or the file it was read from), of one line of it (`:LINE`), or
    of an output document (`x#2`). A file of several documents gives them all, and `FILE:LINE` the one on that line.

    Raises UsageError, with the nearest ids, for a place that the run did not read, InputError for a folder that is none of ours.
    """
    manifest_of(folder)  # raises where the folder is none of ours
    place, _, number = where.rpartition(":")
    line = int(number) if place and number.isascii() and number.isdecimal() else 0
    found, line = _named(folder, where, place, line)
    if not found:
        raise UsageError(_unknown(folder, place if line else where))
    documents = rebuild_inputs(folder, {row["id"] for row, _ in found})
    chosen = [(documents[row["id"]], _chosen(documents[row["id"]], part, line)) for row, part in found]
    twins = rebuild_inputs(folder, {row["canonical"]["document"] for _, rows in chosen for row in rows if "canonical" in row})
    return [Explained(document, rows, twins) for document, rows in chosen]


def _named(folder: Path, where: str, place: str, line: int) -> tuple[list[tuple[Row, str]], int]:
    """The rows of `documents.jsonl` that are meant, each with the output document that was, and the line in it.

    An id goes before an output document, and this before a file; the whole of `where` before a part of it.
    """
    best: tuple[int, list[tuple[Row, str]], int] = (9, [], 0)
    for row in rows_of(folder, "documents.jsonl"):
        for rank, part, at in _readings(row, where, place, line):
            if rank < best[0]:
                best = (rank, [], at)
            if rank == best[0]:
                best[1].append((row, part))
    return best[1], best[2]


def _readings(row: Row, where: str, place: str, line: int) -> Iterator[tuple[int, str, int]]:
    """Every way in which a document can be meant: rank, output document, line."""
    how = row["restore"]
    if row["id"] == where:
        yield 0, "", 0
    if where in row["moved"]:
        yield 1, where, 0
    if line and row["id"] == place:
        yield 2, "", line
    if line and place in row["moved"]:
        yield 3, place, line
    if _is_file(where, how["path"]):
        yield 4, "", 0
    if line and _is_file(place, how["path"]):
        if "record" not in how:
            yield 5, "", line
        elif how["line"] == line:
            yield 5, "", 0


def _is_file(where: str, path: str) -> bool:
    """Whether a path as somebody would type it ends in the path that was read."""
    typed = where.replace("\\", "/").removeprefix("./")
    return typed == path or typed.endswith(f"/{path}")


def _chosen(document: Rebuilt, part: str, line: int) -> list[Row]:
    """The ledger rows asked for: all but white space, those of one line, or those of one output document."""
    rows = [row for row in document.ledger if row["reason"] != "whitespace"]
    number = LineNumbers(document.text)
    if part:
        move = next(row for row in rows if row.get("to") == part)
        rows = [row for row in rows if move["start"] <= row["start"] < move["end"]]
        first, lines = number.of(move["start"]), number.of(move["end"] - 1) - number.of(move["start"]) + 1
    else:
        first, lines = 1, document.text.count("\n") + 1
    if line > lines:
        raise UsageError(f"{part or document.row['id']}: has {lines} lines, not {line}")
    at = first + line - 1  # a line of an output document is counted from where it began in its page
    return [row for row in rows if not line or number.of(row["start"]) <= at <= number.of(max(row["end"] - 1, row["start"]))]


def _unknown(folder: Path, where: str) -> str:
    near = near_ids(where, (name for row in rows_of(folder, "documents.jsonl") for name in (row["id"], *row["moved"])))
    hint = f"Did you mean {' or '.join(repr(name) for name in near)}?" if near else "documents.jsonl lists them"
    return f"{folder}: no document {where!r} was read. {hint}"


def near_ids(where: str, ids: Iterable[str]) -> list[str]:
    """Ids that somebody could have meant: those that hold what was typed, then the most alike."""
    wanted = _runs(where)
    likely = heapq.nsmallest(LOOKED_AT, ids, key=lambda name: (where.lower() not in name.lower(), -len(wanted & _runs(name)), name))
    scored = [(where.lower() in name.lower(), SequenceMatcher(None, where, name).ratio(), name) for name in likely]
    return [name for holds, ratio, name in sorted(scored, key=lambda each: (not each[0], -each[1], each[2])) if holds or ratio > 0.6][
        :SUGGESTED
    ]


def _runs(text: str) -> set[str]:
    return {text[k : k + 3] for k in range(len(text) - 2)}
