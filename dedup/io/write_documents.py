"""`documents.jsonl`: one row an input document, with what `restore` needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from dedup.edits import REASONS
from dedup.io.how_restored import how_restored
from dedup.io.pieces import Buffer, strings
from dedup.io.write_ledger import moved_of
from dedup.kernels.documents import DOCUMENT_WORDS, Told, document_rows
from dedup.kernels.rows import ROOM
from dedup.tally import STATUS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from dedup.corpus import Corpus
    from dedup.decide import Decision
    from dedup.io.pieces import Names, Numbered
    from dedup.kernels.rows import Moved
    from dedup.tally import Tally

ROWS: Final = 4096  # made before they are written
NEWLINES: Final = ("none", "lf", "crlf", "mixed", "cr", "mixed", "mixed", "mixed")  # by the number of `measure_documents`


def rows_of_documents(corpus: Corpus, decision: Decision, counts: Tally, names: Names) -> Iterator[NDArray[np.uint8]]:
    """Rows in order of id, some at a time, each lost when the next but one are asked for."""
    sources, moved, newline = names.sources, moved_of(decision.units, names), corpus.newline.astype(np.int64)
    plain = np.array(corpus.origins.plain(corpus.ids), np.bool_)
    told = Told(
        sources.number, counts.status, corpus.characters, counts.left, counts.removed, counts.flagged, newline, corpus.hashes,
        np.full(len(corpus), -1),
    )  # fmt: skip
    by_name = np.array(sorted(REASONS, key=REASONS.__getitem__), np.int64)
    reasons = strings([f'"{REASONS[code]}":'.encode() if code in REASONS else b"" for code in range(max(REASONS) + 1)])
    statuses = strings([f',"status":"{name}"'.encode() for name in STATUS])
    newlines, words = strings([f'"{name}"}}'.encode() for name in NEWLINES]), strings(DOCUMENT_WORDS)
    room = _room(corpus, names, sources, moved)
    buffer = Buffer()
    for begin in range(0, len(corpus), ROWS):
        mine = corpus.order[begin : begin + ROWS]
        others, restores = how_restored(corpus, mine[~plain[mine]], NEWLINES)
        told.restore[others] = np.arange(len(others))
        out = buffer.of(int(room[mine].sum()) + len(restores.buffer))
        yield out[
            : document_rows(mine, told, moved, names.literals, sources.literals, statuses, reasons, by_name, newlines, restores, words, out)
        ]


def _room(corpus: Corpus, names: Names, sources: Numbered, moved: Moved) -> NDArray[np.int64]:
    """Bytes that the row of each document takes at most, but for how it comes back if it is no plain file."""
    lengths, source_lengths = np.diff(names.literals.bounds), np.diff(sources.literals.bounds)
    of_units = np.r_[0, np.cumsum(lengths[moved.name] + 1)]  # its own and its articles' ids, with commas
    return np.asarray(ROOM + source_lengths[sources.number] + lengths[: len(corpus)] + np.diff(of_units[moved.first]), np.int64)
