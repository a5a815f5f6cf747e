"""Input documents rebuilt from an output folder, for those who want to look at what went."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any, NamedTuple

import regex

from dedup.io.pick import PickedTexts, pick_rows
from dedup.io.restore import rebuild

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path


class Rebuilt(NamedTuple):
    """An input document: its row of `documents.jsonl`, its ledger rows, its text."""

    row: dict[str, Any]
    ledger: list[dict[str, Any]]
    text: str


def rebuild_inputs(folder: Path, wanted: Collection[str]) -> dict[str, Rebuilt]:
    """Those of the wanted input documents that a run read, by id; one pass over each file of the folder."""
    if not wanted:
        return {}
    documents = list(pick_rows(folder, "documents.jsonl", "id", wanted))
    ledgers: dict[str, list[dict[str, Any]]] = {row["id"]: [] for row in documents}
    for row in pick_rows(folder, "ledger.jsonl", "document", ledgers):
        ledgers[row["document"]].append(row)
    texts = PickedTexts(folder, {name for row in documents for name in (row["id"], *row["moved"])})
    return {row["id"]: Rebuilt(row, ledgers[row["id"]], rebuild(row, ledgers[row["id"]], texts)) for row in documents}


def line_of(text: str, offset: int) -> int:
    """The line number, from 1, of a code point."""
    return text.count("\n", 0, offset) + 1


class LineNumbers:
    """The line numbers of many code points of one text."""

    def __init__(self, text: str) -> None:
        """Goes through the text once."""
        self._ends = [match.start() for match in regex.finditer("\n", text)]

    def of(self, offset: int) -> int:
        """As `line_of`."""
        return bisect_left(self._ends, offset) + 1
