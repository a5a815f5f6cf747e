"""Decisions over columns, turned into the edits of one document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from dedup.decide import BOILERPLATE, DUPLICATE, REMNANT, REPEATED, Decision
from dedup.kernels.rows import WHITESPACE
from dedup.model import Edits, Location, Move, Reason, Removal
from dedup.removals import make_removals

if TYPE_CHECKING:
    from dedup.corpus import Corpus
    from dedup.kernels.rows import Removals

REASONS: Final[dict[int, Reason]] = {
    BOILERPLATE: "boilerplate", REPEATED: "repeated", DUPLICATE: "duplicate", REMNANT: "remnant", WHITESPACE: "whitespace",
}  # fmt: skip


class EditMaker:
    """Makes the edits of documents, in any order. Holds columns, decides nothing."""

    def __init__(self, corpus: Corpus, decision: Decision, threads: int = 1, removals: Removals | None = None) -> None:
        """All removals are made once, by kernel, if they are not given."""
        self._corpus = corpus
        self._decision = decision
        self.removals = make_removals(corpus, decision, threads) if removals is None else removals
        self.touched = (np.diff(self.removals.first) > 0) | (np.diff(decision.units.first) > 1)

    def edits(self, document: int) -> Edits:
        """The edits of one document."""
        table = self.removals
        first, stop = int(table.first[document]), int(table.first[document + 1])
        found = [self._removal(number) for number in range(first, stop)]
        return Edits(tuple(found), self.moves(document))

    def _removal(self, number: int) -> Removal:
        table = self.removals
        reason = int(table.reason[number])
        start, end = int(table.start[number]), int(table.end[number])
        if reason == DUPLICATE:
            pair = int(table.pair[number])
            canonical = self.place(int(table.twin[pair]), int(table.twin_last[pair]))
            return Removal(start, end, "duplicate", "", canonical, int(table.alike[pair]) / 10_000)
        rule = ""
        if reason in (BOILERPLATE, REPEATED):
            rule = self._decision.stripped.rules[self._decision.stripped.rule[table.row[number]]]
        return Removal(start, end, REASONS[reason], rule)

    def location(self, paragraph: int) -> Location:
        """Where a paragraph stands in its input document."""
        paragraphs = self._decision.paragraphs
        return self.place(int(paragraphs.first[paragraph]), int(paragraphs.last[paragraph]))

    def place(self, first: int, last: int) -> Location:
        """Where the lines from row `first` to row `last` stand."""
        corpus = self._corpus
        end = int(corpus.lines.character[last]) + int(corpus.lines.characters[last])
        return Location(corpus.ids[int(corpus.lines.document[first])], int(corpus.lines.character[first]), end)

    def moves(self, document: int) -> tuple[Move, ...]:
        """The articles that become documents of their own."""
        units, witnesses = self._decision.units, self._decision.stripped.witnesses
        return tuple(
            Move(int(units.start[unit]), int(units.end[unit]), int(units.part[unit]), witnesses[document, int(units.part[unit])])
            for unit in range(int(units.first[document]) + 1, int(units.first[document + 1]))
        )
