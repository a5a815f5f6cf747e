"""What the report tells of the documents of a run: sums by source, and a few rows."""

from __future__ import annotations

import heapq
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple, get_args

import numpy as np

from dedup.errors import InputError
from dedup.io.pieces import strings
from dedup.io.whole_lines import behind_end, lines_from, offsets
from dedup.kernels.list_documents import LEAST_DOCUMENT, LISTED_WORDS, ListedDocuments, list_documents
from dedup.model import Reason
from dedup.room import Room

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from dedup.report.ledger import Row

DOCUMENTS: Final = 60  # flagged, and as many that went entirely
RESTORE: Final = b',"restore":{'  # the last and longest field of a row, not looked at here; in no string of JSON
NAME: Final = "documents.jsonl"
REASONS: Final[tuple[Reason, ...]] = get_args(Reason)
FURNITURE: Final = (REASONS.index("boilerplate"), REASONS.index("repeated"))


@dataclass(slots=True)
class SourceTally:
    """Input documents of one site."""

    documents: int = 0
    characters_in: int = 0
    characters_out: int = 0
    removed: Counter[str] = field(default_factory=Counter)


class DocumentFacts(NamedTuple):
    """Sums by source; the flagged documents that lost most; the first of those that went entirely."""

    sources: dict[str, SourceTally]
    flagged: list[Row]
    gone: list[Row]


def read_documents(folder: Path) -> DocumentFacts:
    """Go through the list of documents of an output folder. Raises InputError where it cannot be read."""
    facts = DocumentFacts({}, [], [])
    names: dict[int, str] = {}  # of sources, by hash
    words = strings(LISTED_WORDS)
    reasons = strings([f'"{name}":'.encode() for name in REASONS])
    try:
        with (folder / NAME).open("rb") as file:
            room = Room()
            for place in offsets(file):
                offset, piece = lines_from(file, place, room)
                rows = _room(len(piece) // LEAST_DOCUMENT + 1)
                count = list_documents(piece, words, reasons, rows)
                if count < 0:
                    raise ValueError(f"no row of documents at byte {offset + rows.at[-1 - count]}")
                rows = ListedDocuments._make(column[:count] for column in rows)
                _add_sources(facts.sources, names, rows, piece)
                _add_rows(facts, rows, piece)
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{folder}: {NAME} cannot be read: {error}") from error
    facts.flagged[:] = heapq.nsmallest(DOCUMENTS, facts.flagged, key=_loss)
    return facts


def _room(size: int) -> ListedDocuments:
    at, before, after = np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size, np.int64)
    kept, flagged = np.empty(size, np.bool_), np.empty(size, np.bool_)
    return ListedDocuments(at, np.empty(size, np.uint64), kept, before, after, np.empty((size, len(REASONS)), np.int64), flagged)


def _add_sources(sources: dict[str, SourceTally], names: dict[int, str], rows: ListedDocuments, piece: NDArray[np.uint8]) -> None:
    """Add the rows of a piece to the sums."""
    hashes, first, number, count = np.unique(rows.source, return_index=True, return_inverse=True, return_counts=True)
    sums = np.zeros((len(hashes), 2 + rows.removed.shape[1]), np.int64)
    np.add.at(sums, number, np.column_stack([rows.before, rows.after, rows.removed]))
    for key, row, documents, (before, after, *removed) in zip(hashes.tolist(), first.tolist(), count.tolist(), sums.tolist(), strict=True):
        if key not in names:
            names[key] = _row(piece, int(rows.at[row]))["source"]
        tally = sources.setdefault(names[key], SourceTally())
        tally.documents += documents
        tally.characters_in += before
        tally.characters_out += after
        tally.removed.update({name: size for name, size in zip(REASONS, removed, strict=True) if size})


def _add_rows(facts: DocumentFacts, rows: ListedDocuments, piece: NDArray[np.uint8]) -> None:
    """Keep the rows of a piece that may be shown."""
    flagged = np.flatnonzero(rows.flagged)
    if len(flagged) > DOCUMENTS:  # of these no other can be among those that lost most
        loss = rows.removed[flagged][:, FURNITURE].sum(axis=1)
        flagged = flagged[loss >= np.partition(loss, -DOCUMENTS)[-DOCUMENTS]]
    facts.flagged.extend(_row(piece, at) for at in rows.at[flagged].tolist())
    if len(facts.flagged) > 20 * DOCUMENTS:
        facts.flagged[:] = heapq.nsmallest(DOCUMENTS, facts.flagged, key=_loss)
    gone = np.flatnonzero(~rows.kept & ~rows.flagged)[: DOCUMENTS - len(facts.gone)]
    facts.gone.extend(_row(piece, at) for at in rows.at[gone].tolist())


def _loss(row: Row) -> tuple[int, str]:
    """The biggest losses as furniture first, then by id."""
    return -sum(row["removed"].get(REASONS[number], 0) for number in FURNITURE), row["id"]


def _row(piece: NDArray[np.uint8], at: int) -> Row:
    """The row that begins at a byte, without what `restore` needs."""
    row, restore, _ = piece[at : behind_end(piece, at)].tobytes().partition(RESTORE)
    found: Row = json.loads(row + b"}" if restore else row)
    return found
