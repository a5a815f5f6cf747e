"""Why something is gone: the ledger's rows for a place, and the documents of their twins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dedup.errors import UsageError
from dedup.io.inputs import Rebuilt, line_of, rebuild_inputs

if TYPE_CHECKING:
    from pathlib import Path


def explain(folder: Path, where: str) -> tuple[Rebuilt, list[dict[str, Any]], dict[str, Rebuilt]]:
    """The document, its ledger rows (those on one line where `where` is id:LINE), and the documents of their twins by id.

    Raises UsageError for a document that the run did not read, or a line that it does not have.
    """
    identity, _, number = where.rpartition(":")
    line = int(number) if identity and number.isdecimal() else 0
    found = rebuild_inputs(folder, {where, identity} if line else {where})
    if where in found:
        line = 0
        document = found[where]
    elif identity in found:
        document = found[identity]
    else:
        raise UsageError(f"{folder}: no document {where!r} was read; documents.jsonl lists them")
    if line > document.text.count("\n") + 1:
        raise UsageError(f"{identity}: has {document.text.count(chr(10)) + 1} lines, not {line}")
    rows = [row for row in document.ledger if row["reason"] != "whitespace" and (not line or _on_line(document.text, row, line))]
    twins = {row["canonical"]["document"] for row in rows if "canonical" in row}
    return document, rows, rebuild_inputs(folder, twins)


def _on_line(text: str, row: dict[str, Any], line: int) -> bool:
    return line_of(text, row["start"]) <= line <= line_of(text, max(row["end"] - 1, row["start"]))
