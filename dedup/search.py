"""The near-duplicate search of a run: everything about paragraphs that does not depend on who is elected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from dedup.boilerplate.page import TITLE_CHARACTERS, TITLE_WORDS
from dedup.columns import Columns, empty_columns
from dedup.kernels.groups import best_among
from dedup.kernels.paragraphs import Cut, Lines, cut_lines
from dedup.neardup.match import Graph, build_graph, copies
from dedup.neardup.paragraphs import Paragraphs, classes_of
from dedup.neardup.sets import Spans
from dedup.text.lines import stretches
from dedup.threads import in_threads

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from dedup.config import Config
    from dedup.corpus import Corpus
    from dedup.io.store import BlockStore
    from dedup.units import Units


CUT: Final = (np.int64, np.int64, np.int32, np.uint64, np.uint64, np.bool_)  # what the columns of a `Cut` are of


@dataclass(frozen=True, slots=True)
class Search:
    """Paragraphs long enough to compare, the class of equal ones each is in, the graph between classes, and which of the
    paragraphs are titles of their documents. `spans`: where one paragraph of each class stands.
    """

    paragraphs: Paragraphs
    class_of: NDArray[np.int64]
    classes: int
    spans: Spans
    graph: Graph
    titles: NDArray[np.bool_]


def search_paragraphs(
    corpus: Corpus, units: Units, stays: NDArray[np.bool_], wrapped: NDArray[np.bool_], config: Config, threads: int,
    known: Search | None = None, *, every: bool = True,
) -> Search:  # fmt: skip
    """Cut, class, sign, band and verify the paragraphs of the lines that stay; or only the longest one of each unit, which is
    enough to see which units are copies.

    `known`: an earlier search at the same thresholds: where it holds all these paragraphs, its pairs are taken.
    """
    paragraphs, titles = cut_paragraphs(corpus, units, stays, wrapped, config, threads, every=every)
    class_of, member = classes_of(paragraphs)
    class_of, spans = corpus.store.rest(class_of), spans_of(corpus, paragraphs, member, threads)
    corpus.store.give_back()
    graph = _known_pairs(known, paragraphs.one[member], paragraphs.two[member]) if known is not None else None
    if graph is None:
        graph = (build_graph if every else copies)(spans, corpus.store, config, threads)
    return Search(paragraphs, class_of, len(member), spans, graph, titles)


def cut_paragraphs(
    corpus: Corpus, units: Units, stays: NDArray[np.bool_], wrapped: NDArray[np.bool_], config: Config, threads: int,
    *, every: bool = True,
) -> tuple[Paragraphs, NDArray[np.bool_]]:  # fmt: skip
    """The paragraphs long enough to compare, and which of them are titles. Many lines are cut stretch by stretch.

    A title is compared with nothing: two articles may well have one title. It goes with its paragraphs, or not at all.
    """
    lone = not wrapped.any()  # each of one line: its first and its last one are the same column
    names = ("first", "words", "one", "two", "title") if lone else Cut._fields
    found = Columns([*names, "document"], corpus.store, threads)
    for mine in stretches(corpus.lines.document):
        lines, unit = corpus.lines.part(mine), units.of_line[mine]
        cut = Cut(*empty_columns(len(lines), *CUT))
        given = Lines(unit, stays[mine], lines.characters, lines.words, lines.first, lines.second, lines.flags)
        count = cut_lines(given, wrapped, mine.start, config.min_words, TITLE_WORDS[1], TITLE_CHARACTERS, cut)
        some = {name: getattr(cut, name)[:count] for name in names}
        if not every:
            longest = np.sort(longest_of_each(units.of_line[some["first"]], some["words"]))
            some = {name: column[longest] for name, column in some.items()}
        found.add(some | {"document": lines.document[some["first"] - mine.start]})
    columns = found.whole()
    titles = columns.pop("title")
    return Paragraphs(**({"last": columns["first"]} | columns)), titles


def spans_of(corpus: Corpus, paragraphs: Paragraphs, rows: NDArray[np.int64], threads: int) -> Spans:
    """Where some of the paragraphs stand."""
    columns: tuple[Callable[[], NDArray[Any]], ...] = (
        lambda: corpus.block[paragraphs.document[rows]],
        lambda: corpus.lines.start[paragraphs.first[rows]],
        lambda: corpus.lines.end[paragraphs.last[rows]],
        lambda: paragraphs.one[rows],
    )
    return Spans(*in_threads(lambda column: corpus.store.rest(column()), columns, threads))


def _known_pairs(known: Search, one: NDArray[np.uint64], two: NDArray[np.uint64]) -> Graph | None:
    """The graph of an earlier search among the classes of these hashes; None where it did not ask for all of them, or compared
    some through representatives, which are others among fewer.
    """
    _, member = np.unique(known.class_of, return_index=True)
    order = np.argsort(known.paragraphs.one[member])
    every = known.paragraphs.one[member][order]
    if known.graph.large_groups or not len(every):
        return None
    at = order[np.minimum(np.searchsorted(every, one), len(every) - 1)]
    if not np.array_equal(known.paragraphs.one[member][at], one) or not np.array_equal(known.paragraphs.two[member][at], two):
        return None
    return restrict(known.graph, at, known.classes)


def restrict(graph: Graph, present: NDArray[np.int64], classes: int) -> Graph:
    """The graph among the classes in `present`, renumbered."""
    number = np.full(classes, -1, np.int64)
    number[present] = np.arange(len(present))
    both = (number[graph.removed] >= 0) & (number[graph.kept] >= 0)
    return Graph(
        number[graph.removed[both]], number[graph.kept[both]], graph.similarity[both], graph.jaccard[both],
        graph.by_characters[both], graph.fullness[present], graph.candidates, graph.large_groups,
    )  # fmt: skip


def longest_of_each(holder: NDArray[np.int64], words: NDArray[np.int32]) -> NDArray[np.int64]:
    """The longest paragraph of each holder, of which they are in order; of several the last."""
    if not len(holder):
        return np.zeros(0, np.int64)
    count = int(holder[-1] - holder[0]) + 1
    best, lowest = np.full(count, -1, np.int64), np.empty(count, np.int64)
    best_among(holder[::-1] - holder[0], -words[::-1].astype(np.int64), np.ones(len(holder), np.bool_), 0, best, lowest)
    return len(holder) - 1 - best[best >= 0]


def no_search() -> Search:
    """A search in which nothing is compared."""
    none, empty = np.zeros(0, np.int64), np.zeros(0, np.float64)
    paragraphs = Paragraphs(none, none, none.astype(np.int32), none.astype(np.uint64), none.astype(np.uint64), none.astype(np.int32))
    spans = Spans(none.astype(np.int32), none, none, none.astype(np.uint64))
    graph = Graph(none, none, empty, empty, none.astype(np.bool_), none, 0, 0)
    return Search(paragraphs, none, 0, spans, graph, none.astype(np.bool_))


def more_pairs(search: Search, reason: NDArray[np.uint8], store: BlockStore, config: Config, threads: int) -> Graph | None:
    """Groups of look-alikes are compared through representatives, and what stays of a large one is a smaller one with other
    representatives. The graph with the pairs that are found so; None where there are no new ones.
    """
    if not search.graph.large_groups:
        return None
    alive = np.unique(search.class_of[reason[search.paragraphs.first] == 0])
    spans = search.spans.some(alive)
    found = build_graph(spans, store, config, threads)
    removed, kept = alive[found.removed], alive[found.kept]
    known = search.graph.removed * np.int64(search.classes) + search.graph.kept
    new = ~np.isin(removed * np.int64(search.classes) + kept, known)
    if not new.any():
        return None
    old = search.graph
    return Graph(
        np.r_[old.removed, removed[new]], np.r_[old.kept, kept[new]], np.r_[old.similarity, found.similarity[new]],
        np.r_[old.jaccard, found.jaccard[new]], np.r_[old.by_characters, found.by_characters[new]], old.fullness,
        old.candidates + found.candidates, old.large_groups,
    )  # fmt: skip
