"""The near-duplicate search of a run: everything about paragraphs that does not depend on who is elected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dedup.boilerplate.page import TITLE_CHARACTERS, TITLE_WORDS
from dedup.neardup.match import Graph, Spans, build_graph
from dedup.neardup.paragraphs import Paragraphs, classes_of, make_paragraphs
from dedup.text.lines import FINAL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.config import Config
    from dedup.corpus import Corpus
    from dedup.stages import Outcome
    from dedup.text.lines import LineTable
    from dedup.units import Units


@dataclass(frozen=True, slots=True)
class Search:
    """Paragraphs long enough to compare, the class of equal ones each is in, the graph between classes, and which of the
    paragraphs are titles of their documents.
    """

    paragraphs: Paragraphs
    class_of: NDArray[np.int64]
    classes: int
    graph: Graph
    titles: NDArray[np.bool_]


def search_paragraphs(corpus: Corpus, units: Units, stripped: Outcome, config: Config, threads: int) -> Search:
    """Cut, class, sign, band and verify the paragraphs of the lines that stripping left."""
    stays = stripped.rule == 0
    every = make_paragraphs(corpus.lines, stays, stripped.part, config.paragraphs)
    titles = _titles(corpus.lines, units.of_line, every, stays)
    long = np.flatnonzero(every.words >= config.min_words)
    paragraphs = Paragraphs(*(getattr(every, name)[long] for name in Paragraphs.__slots__))
    class_of, classes = classes_of(paragraphs)
    _, member = np.unique(class_of, return_index=True)
    document = paragraphs.document[member]
    spans = Spans(
        corpus.block[document],
        corpus.lines.start[paragraphs.first[member]],
        corpus.lines.end[paragraphs.last[member]],
        paragraphs.one[member],
    )
    return Search(paragraphs, class_of, classes, build_graph(spans, corpus.store, config, threads), titles[long])


def no_search(corpus: Corpus, stripped: Outcome, config: Config) -> Search:
    """A search in which nothing is compared."""
    none, empty = np.zeros(0, np.int64), np.zeros(0, np.float64)
    paragraphs = make_paragraphs(corpus.lines, np.zeros(len(corpus.lines), np.bool_), stripped.part, config.paragraphs)
    graph = Graph(none, none, empty, empty, none.astype(np.bool_), none, 0, 0)
    return Search(paragraphs, none, 0, graph, none.astype(np.bool_))


def _titles(lines: LineTable, unit: NDArray[np.int64], every: Paragraphs, stays: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Paragraphs that are the title of their document: its first line, shaped like a headline, with more behind it.

    A title is compared with nothing: two articles may well have one title. It goes with its paragraphs, or not at all.
    """
    rows = np.flatnonzero(stays)
    if not len(rows):
        return np.zeros(0, np.bool_)
    new = unit[rows][1:] != unit[rows][:-1]
    opens, closes = np.zeros(len(lines), np.bool_), np.zeros(len(lines), np.bool_)
    opens[rows[np.r_[True, new]]] = True
    closes[rows[np.r_[new, True]]] = True
    first = every.first
    short = (every.words <= TITLE_WORDS[1]) & (lines.characters[first] <= TITLE_CHARACTERS) & (first == every.last)
    return np.asarray(opens[first] & ~closes[first] & short & ((lines.flags[first] & FINAL) == 0), np.bool_)
