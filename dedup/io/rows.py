"""Rows of the output files as dictionaries, and their JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.corpus import Corpus
    from dedup.model import Edits, Removal


plain_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode  # made once: json.dumps makes one a call
_escaped = json.JSONEncoder(separators=(",", ":")).encode


def to_json(row: Any) -> bytes:
    """One line of JSON as UTF-8. Half surrogate pairs, which an input's fields may hold, are escaped."""
    try:
        return plain_json(row).encode("utf-8") + b"\n"
    except UnicodeEncodeError:
        return _escaped(row).encode("ascii") + b"\n"


def json_of(value: Any) -> str:
    """The same as text, without the line end."""
    return to_json(value)[:-1].decode("utf-8")


def ledger_rows(corpus: Corpus, document: int, text: str, edits: Edits) -> Iterator[dict[str, Any]]:
    """Removals and moves of a document by where they start; a move before what is removed inside it."""
    identity = corpus.ids[document]
    spans: list[tuple[int, int, dict[str, Any]]] = [(removal.start, 1, _removal_row(identity, text, removal)) for removal in edits.removals]
    for move in edits.moves:
        row = {
            "document": identity, "start": move.start, "end": move.end, "action": "move", "reason": "appended",
            "rule": move.rule, "to": corpus.part_id(document, move.part),
        }  # fmt: skip
        spans.append((move.start, 0, row))
    for _, _, row in sorted(spans, key=lambda span: span[:2]):
        yield row


def _removal_row(document: str, text: str, removal: Removal) -> dict[str, Any]:
    row: dict[str, Any] = {
        "document": document, "start": removal.start, "end": removal.end, "action": "remove", "reason": removal.reason,
    }  # fmt: skip
    if removal.rule:
        row["rule"] = removal.rule
    if removal.canonical is not None:
        row["canonical"] = removal.canonical._asdict()
        row["similarity"] = removal.similarity
    row["text"] = text[removal.start : removal.end]
    return row
