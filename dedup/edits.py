"""Decisions over columns, turned into the edits of one document."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from dedup.decide import BOILERPLATE, DUPLICATE, REMNANT, REPEATED, Decision
from dedup.edit import Stretch, tidy
from dedup.model import Edits, Location, Move, Removal

if TYPE_CHECKING:
    from dedup.corpus import Corpus


class EditMaker:
    """Makes the edits of documents, in any order. Holds look-ups over the columns, no decisions."""

    def __init__(self, corpus: Corpus, decision: Decision) -> None:
        """Look-ups are made once: which documents are touched, and where their paragraphs begin."""
        self._corpus = corpus
        self._decision = decision
        count = len(corpus)
        gone = np.bincount(corpus.lines.document, decision.reason > 0, count) > 0
        gone[decision.units.document[decision.units.part > 1]] = True
        gone |= (np.diff(corpus.first_line) == 0) & (corpus.characters > 0)  # nothing but white space
        self.touched = gone
        self._first_paragraph = np.searchsorted(decision.paragraphs.document, np.arange(count + 1))
        self._first_unit = np.searchsorted(decision.units.document, np.arange(count + 1))

    def edits(self, document: int, text: str) -> Edits:
        """The edits of one document."""
        if not self.touched[document]:
            return Edits()
        lines = self._lines(document)
        removals = sorted([*self._line_removals(document, lines), *self._duplicates(document)], key=lambda removal: removal.start)
        moves = self._moves(document, lines, len(text))
        borders = [0, *(move.start for move in moves), len(text)]
        stretches = [
            Stretch(
                start, end,
                [line for line in lines if start <= line[0] < end],
                [removal for removal in removals if start <= removal.start < end],
            )
            for start, end in itertools.pairwise(borders)
        ]  # fmt: skip
        return Edits(tuple(tidy(text, stretches)), moves)

    def _lines(self, document: int) -> list[tuple[int, int]]:
        rows = slice(int(self._corpus.first_line[document]), int(self._corpus.first_line[document + 1]))
        starts = self._corpus.lines.character[rows].tolist()
        sizes = self._corpus.lines.characters[rows].tolist()
        return [(start, start + size) for start, size in zip(starts, sizes, strict=True)]

    def _line_removals(self, document: int, lines: list[tuple[int, int]]) -> list[Removal]:
        first = int(self._corpus.first_line[document])
        decision = self._decision
        found = []
        for k, (start, end) in enumerate(lines):
            reason = int(decision.reason[first + k])
            if reason == BOILERPLATE:
                found.append(Removal(start, end, "boilerplate", decision.stripped.rules[decision.stripped.rule[first + k]]))
            elif reason == REPEATED:
                found.append(Removal(start, end, "repeated", decision.stripped.rules[decision.stripped.rule[first + k]]))
            elif reason == REMNANT:
                found.append(Removal(start, end, "remnant"))
        return found

    def _duplicates(self, document: int) -> list[Removal]:
        decision = self._decision
        found = []
        for row in range(int(self._first_paragraph[document]), int(self._first_paragraph[document + 1])):
            if decision.reason[decision.paragraphs.first[row]] == DUPLICATE:
                here = self.location(row)
                similarity = round(float(decision.similarity[row]), 4)
                found.append(Removal(here.start, here.end, "duplicate", "", self.location(int(decision.canonical[row])), similarity))
        first, stop = int(self._corpus.first_line[document]), int(self._corpus.first_line[document + 1])
        for row in range(first, stop) if decision.attached else ():
            twin = decision.attached.get(row)
            if twin is not None:
                here = self._place(row, row)
                found.append(Removal(here.start, here.end, "duplicate", "", self._place(twin, twin), 1.0))
        return found

    def location(self, paragraph: int) -> Location:
        """Where a paragraph stands in its input document."""
        paragraphs = self._decision.paragraphs
        return self._place(int(paragraphs.first[paragraph]), int(paragraphs.last[paragraph]))

    def _place(self, first: int, last: int) -> Location:
        """Where the lines from row `first` to row `last` stand."""
        corpus = self._corpus
        end = int(corpus.lines.character[last]) + int(corpus.lines.characters[last])
        return Location(corpus.ids[int(corpus.lines.document[first])], int(corpus.lines.character[first]), end)

    def _moves(self, document: int, lines: list[tuple[int, int]], length: int) -> tuple[Move, ...]:
        first = int(self._corpus.first_line[document])
        parts = self._decision.stripped.part[first : first + len(lines)].tolist()
        starts = [lines[k][0] for k in range(1, len(lines)) if parts[k] != parts[k - 1]]
        numbers = [parts[k] for k in range(1, len(lines)) if parts[k] != parts[k - 1]]
        ends = [*starts[1:], length] if starts else []
        witnesses = self._decision.stripped.witnesses
        return tuple(Move(start, end, part, witnesses[document, part]) for start, end, part in zip(starts, ends, numbers, strict=True))
