"""The ledger: one row a removal or move, made by kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from dedup.decide import BOILERPLATE, DUPLICATE, REPEATED
from dedup.edits import REASONS
from dedup.io.pieces import Ready, batches, join, literal, ranges, text_of
from dedup.kernels.emit import ESCAPED, NUMBER, READY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from dedup.corpus import Corpus
    from dedup.decide import Decision
    from dedup.removals import Removals

BATCH_BYTES: Final = 8 << 20
ROW_BYTES: Final = 200  # about what a row takes beside its text
COLUMNS: Final = 10


def ledger(corpus: Corpus, decision: Decision, removals: Removals, order: NDArray[np.int64]) -> Iterator[bytes]:
    """The ledger of the documents in `order`, some rows at a time; in a document by where they start, a move first."""
    units = decision.units
    moved = np.bincount(units.document, minlength=len(corpus)) - 1
    rows = removals.first[1:] - removals.first[:-1] + moved
    sizes = (corpus.end - corpus.start + rows * ROW_BYTES)[order]
    touched = rows[order] > 0
    order, sizes = order[touched], sizes[touched]
    for batch in batches(sizes, BATCH_BYTES):
        yield _Batch(corpus, decision, removals, order[batch]).rows()


class _Batch:
    """The rows of some documents, as a table of pieces."""

    def __init__(self, corpus: Corpus, decision: Decision, removals: Removals, documents: NDArray[np.int64]) -> None:
        self._corpus, self._decision, self._removals, self._documents = corpus, decision, removals, documents
        self._ready = Ready()
        self._empty = self._ready.add(b"")

    def rows(self) -> bytes:
        """All rows."""
        corpus, units, documents = self._corpus, self._decision.units, self._documents
        text, shift = text_of(corpus.store, corpus.block[documents], corpus.start[documents], corpus.end[documents])
        local, _, chosen = ranges(self._removals.first[documents], self._removals.first[documents + 1])
        parent, _, extra = ranges(units.first[documents] + 1, units.first[documents + 1])
        heads = self._texts([f'{{"document":{literal(corpus.ids[each])},"start":' for each in documents.tolist()])
        removal_rows = self._removal_rows(chosen, heads[local], shift[local])
        move_rows = self._move_rows(extra, heads[parent])
        table = np.concatenate((removal_rows, move_rows), axis=1)
        place = np.r_[local, parent]
        start = np.r_[self._removals.start[chosen], units.start[extra]]
        kind = np.r_[np.ones(len(chosen)), np.zeros(len(extra))]
        table = table[:, np.lexsort((kind, start, place))]
        kinds, first, second = (np.ascontiguousarray(part).ravel() for part in table)
        ready_bounds = self._ready.bounds()
        is_ready = kinds == READY
        chosen_ready = first[is_ready]
        first[is_ready], second[is_ready] = ready_bounds[chosen_ready], ready_bounds[chosen_ready + 1]
        return join(kinds.astype(np.uint8), first, second, self._ready, text)

    def _texts(self, texts: list[str]) -> NDArray[np.int64]:
        """Numbers of ready byte strings."""
        return np.array([self._ready.add(text.encode()) for text in texts], np.int64)

    def _table(self, rows: int) -> NDArray[np.int64]:
        """Kind, first, second for each row and column; all ready and empty so far."""
        table = np.zeros((3, rows, COLUMNS), np.int64)
        table[0] = READY
        table[1] = self._empty
        return table

    def _removal_rows(self, chosen: NDArray[np.int64], heads: NDArray[np.int64], shift: NDArray[np.int64]) -> NDArray[np.int64]:
        removals = self._removals
        table = self._table(len(chosen))
        table[1, :, 0] = heads
        table[0, :, 1], table[1, :, 1] = NUMBER, removals.start[chosen]
        table[1, :, 2] = self._ready.add(b',"end":')
        table[0, :, 3], table[1, :, 3] = NUMBER, removals.end[chosen]
        table[1, :, 4] = self._reasons(chosen)
        self._twins(chosen, table)
        table[0, :, 8] = ESCAPED
        table[1, :, 8], table[2, :, 8] = removals.byte[chosen] + shift, removals.byte_end[chosen] + shift
        table[1, :, 9] = self._ready.add(b'"}\n')
        return table

    def _reasons(self, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
        """Action, reason and rule of each removal; and what leads to the text, where no twin stands between."""
        removals, stripped = self._removals, self._decision.stripped
        reason = removals.reason[chosen].astype(np.int64)
        ruled = (reason == BOILERPLATE) | (reason == REPEATED)
        rule = np.where(ruled, stripped.rule[removals.row[chosen]] if len(stripped.rule) else 0, 0)
        kinds, number = np.unique(reason << 32 | rule, return_inverse=True)
        texts = []
        for each in kinds.tolist():
            text = f',"action":"remove","reason":"{REASONS[each >> 32]}"'
            if each & 0xFFFFFFFF:
                text += f',"rule":{literal(stripped.rules[each & 0xFFFFFFFF])}'
            texts.append(text + ("" if each >> 32 == DUPLICATE else ',"text":"'))
        return self._texts(texts)[number] if texts else number

    def _twins(self, chosen: NDArray[np.int64], table: NDArray[np.int64]) -> None:
        """Columns 5 to 7 of duplicates: where the twin stands, and how alike they are."""
        removals, corpus, lines = self._removals, self._corpus, self._corpus.lines
        rows = np.flatnonzero(removals.reason[chosen] == DUPLICATE)
        first, last = removals.twin[chosen[rows]], removals.twin_last[chosen[rows]]
        holders, number = np.unique(lines.document[first], return_inverse=True)
        if not len(rows):
            return
        names = [f',"canonical":{{"document":{literal(corpus.ids[each])},"start":' for each in holders.tolist()]
        table[1, rows, 5] = self._texts(names)[number]
        ends = lines.character[last].astype(np.int64) + lines.characters[last]
        spans, number = np.unique(np.stack((lines.character[first].astype(np.int64), ends), axis=1), axis=0, return_inverse=True)
        table[1, rows, 6] = self._texts([f'{start},"end":{end}' for start, end in spans.tolist()])[number.ravel()]
        alike, number = np.unique(removals.similarity[chosen[rows]], return_inverse=True)
        table[1, rows, 7] = self._texts([f'}},"similarity":{round(each, 4)},"text":"' for each in alike.tolist()])[number]

    def _move_rows(self, extra: NDArray[np.int64], heads: NDArray[np.int64]) -> NDArray[np.int64]:
        units, corpus, witnesses = self._decision.units, self._corpus, self._decision.stripped.witnesses
        table = self._table(len(extra))
        table[1, :, 0] = heads
        table[0, :, 1], table[1, :, 1] = NUMBER, units.start[extra]
        table[1, :, 2] = self._ready.add(b',"end":')
        table[0, :, 3], table[1, :, 3] = NUMBER, units.end[extra]
        texts = []
        for document, part in zip(units.document[extra].tolist(), units.part[extra].tolist(), strict=True):
            rule, to = literal(witnesses[document, part]), literal(corpus.part_id(document, part))
            texts.append(f',"action":"move","reason":"appended","rule":{rule},"to":{to}}}\n')
        table[1, :, 4] = self._texts(texts) if texts else 0
        return table
