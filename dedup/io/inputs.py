"""Input documents rebuilt from an output folder, for those who want to look at what went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from dedup.io.folder import Texts, manifest_of
from dedup.io.restore import rebuild, with_ledger

if TYPE_CHECKING:
    from collections.abc import Container
    from pathlib import Path


class Rebuilt(NamedTuple):
    """An input document: its row of `documents.jsonl`, its ledger rows, its text."""

    row: dict[str, Any]
    ledger: list[dict[str, Any]]
    text: str


def rebuild_inputs(folder: Path, wanted: Container[str]) -> dict[str, Rebuilt]:
    """Those of the wanted input documents that a run read, by id; one pass over the folder."""
    texts = Texts(folder, manifest_of(folder)["config"]["format"])
    found: dict[str, Rebuilt] = {}
    for row, ledger in with_ledger(folder):
        if row["id"] in wanted:
            found[row["id"]] = Rebuilt(row, ledger, rebuild(row, ledger, texts))
        else:
            for name in (row["id"], *row["moved"]):
                texts.take(name)
    return found


def line_of(text: str, offset: int) -> int:
    """The line number, from 1, of a code point."""
    return text.count("\n", 0, offset) + 1
