"""Everything a run decides, line by line, before anything is written: strip, match, repeats, elect, remnants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dedup.boilerplate import repeats
from dedup.boilerplate.page import TITLE_CHARACTERS, TITLE_WORDS
from dedup.kernels.pairs import components
from dedup.neardup.attach import find_attached
from dedup.neardup.elect import Election, hold_election, rank_documents
from dedup.neardup.match import Graph, Spans, build_graph
from dedup.neardup.paragraphs import Paragraphs, classes_of, make_paragraphs
from dedup.stages import Outcome, strip_corpus
from dedup.text.lines import FINAL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.boilerplate.packs import RuleSet
    from dedup.config import Config
    from dedup.corpus import Corpus
    from dedup.text.lines import LineTable

BOILERPLATE, REPEATED, DUPLICATE, REMNANT = 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class Units:
    """Output documents: an input document, or an article moved out of one. Sorted by (document as read, part)."""

    document: NDArray[np.int64]
    part: NDArray[np.int64]
    of_line: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.document)


@dataclass(frozen=True, slots=True)
class Decision:
    """What goes and why. `reason`: for each line 0 (stays) or one of the codes above; `stripped`: rules and parts;
    `paragraphs` with, for each, the paragraph it goes for (itself where it does not) and the measured similarity;
    `attached`: lines that go with the paragraph beside them, and the equal line that stays for each.
    """

    reason: NDArray[np.uint8]
    stripped: Outcome
    units: Units
    paragraphs: Paragraphs
    canonical: NDArray[np.int64]
    similarity: NDArray[np.float64]
    attached: dict[int, int]
    graph: Graph
    rewalked: int


def decide(corpus: Corpus, rules: RuleSet, config: Config, threads: int, *, duplicates: bool = True) -> Decision:
    """Run the stages. With `duplicates` off, boilerplate and repeats only."""
    if not duplicates and not config.repeats:
        return decide_stripping(corpus, rules, config)
    stripped = strip_corpus(corpus, rules, config)
    units = _make_units(corpus, stripped)
    reason = np.where(stripped.rule > 0, BOILERPLATE, 0).astype(np.uint8)
    paragraphs, class_of, classes, graph = _match(corpus, stripped, reason, config, threads)
    if config.repeats:
        reason[_repeats(corpus, units, reason, paragraphs, class_of, classes, graph, config)] = REPEATED
    if not duplicates:
        itself = np.arange(len(paragraphs))
        return Decision(reason, stripped, units, paragraphs, itself, np.ones(len(itself)), {}, graph, 0)
    stays = reason[paragraphs.first] == 0
    election = _elect(corpus, units, reason, paragraphs, class_of, graph, config, stays)
    gone = np.flatnonzero(election.canonical != np.arange(len(paragraphs)))
    for row in gone.tolist():
        reason[paragraphs.first[row] : paragraphs.last[row] + 1] = DUPLICATE
    attached = _attach(corpus, units, reason, paragraphs, gone, election.canonical[gone])
    named = np.r_[paragraphs.first[election.canonical[gone]], np.fromiter(attached.values(), np.int64, len(attached))]
    _mark_remnants(corpus, units, reason, named, config)
    return Decision(reason, stripped, units, paragraphs, election.canonical, election.similarity, attached, graph, election.rewalked)


def _attach(
    corpus: Corpus, units: Units, reason: NDArray[np.uint8], paragraphs: Paragraphs, gone: NDArray[np.int64], twins: NDArray[np.int64]
) -> dict[int, int]:
    """Headings that go with their paragraphs; marks them as duplicates."""
    compared = np.zeros(len(reason), np.bool_)
    compared[paragraphs.first] = True
    compared[paragraphs.last] = True

    def rows(chosen: NDArray[np.int64]) -> list[tuple[int, int]]:
        return list(zip(paragraphs.first[chosen].tolist(), paragraphs.last[chosen].tolist(), strict=True))

    attached = find_attached(corpus.lines, units.of_line, compared, reason, rows(gone), rows(twins))
    reason[list(attached)] = DUPLICATE
    return attached


def decide_stripping(corpus: Corpus, rules: RuleSet, config: Config) -> Decision:
    """Rule packs and structure alone: no paragraph is compared, no repetition counted."""
    stripped = strip_corpus(corpus, rules, config)
    reason = np.where(stripped.rule > 0, BOILERPLATE, 0).astype(np.uint8)
    none, empty = np.zeros(0, np.int64), np.zeros(0, np.float64)
    paragraphs = make_paragraphs(corpus.lines, corpus.first_line, np.zeros(len(reason), np.bool_), stripped.part, config.paragraphs)
    graph = Graph(none, none, empty, empty, none.astype(np.bool_), none.astype(np.int32), 0, 0)
    return Decision(reason, stripped, _make_units(corpus, stripped), paragraphs, none, empty, {}, graph, 0)


def _make_units(corpus: Corpus, stripped: Outcome) -> Units:
    """One unit for each document (also for an empty one) and each appended article."""
    extra = sorted(stripped.witnesses)
    document = np.array([*range(len(corpus)), *(each[0] for each in extra)], np.int64)
    part = np.array([*([1] * len(corpus)), *(each[1] for each in extra)], np.int64)
    order = np.lexsort((part, document))
    document, part = document[order], part[order]
    first_unit = np.searchsorted(document, np.arange(len(corpus)))
    of_line = first_unit[corpus.lines.document] + stripped.part - 1
    return Units(document, part, of_line.astype(np.int64))


def _match(
    corpus: Corpus, stripped: Outcome, reason: NDArray[np.uint8], config: Config, threads: int
) -> tuple[Paragraphs, NDArray[np.int64], int, Graph]:
    """Paragraphs long enough to compare, their classes of equal ones, and the graph between classes."""
    every = make_paragraphs(corpus.lines, corpus.first_line, reason == 0, stripped.part, config.paragraphs)
    long = np.flatnonzero((every.words >= config.min_words) & ~_titles(corpus.lines, every))
    paragraphs = Paragraphs(*(getattr(every, name)[long] for name in Paragraphs.__slots__))
    class_of, classes = classes_of(paragraphs)
    _, member = np.unique(class_of, return_index=True)
    document = paragraphs.document[member]
    spans = Spans(corpus.block[document], corpus.lines.start[paragraphs.first[member]], corpus.lines.end[paragraphs.last[member]])
    return paragraphs, class_of, classes, build_graph(spans, corpus.store, config, threads)


def _titles(lines: LineTable, every: Paragraphs) -> NDArray[np.bool_]:
    """Paragraphs that are the title of their document: its first line, shaped like a headline, with more behind it."""
    if not len(every):
        return np.zeros(0, np.bool_)
    new = np.ones(len(every), np.bool_)
    new[1:] = (every.document[1:] != every.document[:-1]) | (every.part[1:] != every.part[:-1])
    followed = np.zeros(len(every), np.bool_)
    followed[:-1] = ~new[1:]
    short = (every.words <= TITLE_WORDS[1]) & (lines.characters[every.first] <= TITLE_CHARACTERS) & (every.first == every.last)
    return np.asarray(new & followed & short & ((lines.flags[every.first] & FINAL) == 0), np.bool_)


def _repeats(
    corpus: Corpus, units: Units, reason: NDArray[np.uint8], paragraphs: Paragraphs,
    class_of: NDArray[np.int64], classes: int, graph: Graph, config: Config,
) -> NDArray[np.int64]:  # fmt: skip
    """Lines that are furniture of their source; documents with the same longest paragraph (or a match of it) count once."""
    names = sorted(set(corpus.sources))
    number = {name: k for k, name in enumerate(names)}
    source = np.array([number[name] for name in corpus.sources], np.int64)[units.document]
    cluster = np.arange(len(units)) + classes
    root = components(classes, graph.removed, graph.kept)
    holder = units.of_line[paragraphs.first]
    order = np.lexsort((paragraphs.words, holder))
    last = np.flatnonzero(np.r_[holder[order][1:] != holder[order][:-1], True]) if len(order) else order
    cluster[holder[order[last]]] = root[class_of[order[last]]]
    cluster = cluster[np.searchsorted(units.document, units.document)]  # articles of one page are one document
    rows = np.flatnonzero(reason == 0)
    return repeats.find_repeats(corpus.lines, rows, units.of_line[rows], source, cluster, config.repeats_min)


def _elect(
    corpus: Corpus, units: Units, reason: NDArray[np.uint8], paragraphs: Paragraphs, class_of: NDArray[np.int64],
    graph: Graph, config: Config, stays: NDArray[np.bool_],
) -> Election:  # fmt: skip
    """Election among the paragraphs that stay; the others keep themselves, since another reason took them."""
    characters = surviving_characters(corpus, units, reason == 0)
    place = np.empty(len(corpus), np.int64)
    place[corpus.order] = np.arange(len(corpus))
    tie = place[units.document] * (int(units.part.max(initial=1)) + 1) + units.part
    rank = rank_documents(np.zeros(len(units), np.int64) if config.prefer == "first" else characters, tie, None)
    rank_of = rank[units.of_line[paragraphs.first]]
    kept = np.flatnonzero(stays)
    present, local = np.unique(class_of[kept], return_inverse=True)
    inner = _restrict(graph, present, len(graph.letters))
    election = hold_election(local, len(present), rank_of[kept], inner)
    canonical = np.arange(len(paragraphs))
    canonical[kept] = kept[election.canonical]
    similarity = np.ones(len(paragraphs))
    similarity[kept] = election.similarity
    return Election(canonical, similarity, election.edge, election.rewalked)


def _restrict(graph: Graph, present: NDArray[np.int64], classes: int) -> Graph:
    """The graph among the classes in `present`, renumbered."""
    number = np.full(classes, -1, np.int64)
    number[present] = np.arange(len(present))
    both = (number[graph.removed] >= 0) & (number[graph.kept] >= 0)
    return Graph(
        number[graph.removed[both]], number[graph.kept[both]], graph.similarity[both], graph.jaccard[both],
        graph.by_characters[both], graph.letters[present], graph.candidates, graph.large_groups,
    )  # fmt: skip


def surviving_characters(corpus: Corpus, units: Units, stays: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Code points of the lines that stay, for each unit."""
    return np.bincount(units.of_line, corpus.lines.characters * stays, len(units)).astype(np.int64)


def _mark_remnants(corpus: Corpus, units: Units, reason: NDArray[np.uint8], named: NDArray[np.int64], config: Config) -> None:
    """Documents that lost nearly all their text to duplicates go entirely, unless they hold a line that another went for (`named`)."""
    before = surviving_characters(corpus, units, (reason == 0) | (reason == DUPLICATE))
    after = surviving_characters(corpus, units, reason == 0)
    remnant = (after < before) & (after < config.remnant_ratio * before) & (after < config.remnant_characters)
    remnant[units.of_line[named]] = False
    reason[(reason == 0) & remnant[units.of_line]] = REMNANT
