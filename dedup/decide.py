"""Everything a run decides, line by line, before anything is written: strip, match, repeats, elect, remnants."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from dedup.boilerplate import density
from dedup.boilerplate.menus import lines_to_measure
from dedup.errors import InvariantError
from dedup.first_look import FirstLook
from dedup.kernels.pairs import components
from dedup.late import find_repeated, flattened_late, named_titles, stripped_late, titles_left_alone
from dedup.neardup.attach import find_attached
from dedup.neardup.elect import Election, gone_of, hold_election, rank_documents
from dedup.preference import check_preference, preference_of
from dedup.search import Search, longest_of_each, more_pairs, no_search, search_paragraphs
from dedup.stages import Outcome, strip_alone, strip_corpus
from dedup.text.lines import STRETCH, pieces
from dedup.units import Units, make_units, surviving_characters
from dedup.wraps import Wraps, wrapping

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.boilerplate.packs import RuleSet
    from dedup.config import Config
    from dedup.corpus import Corpus
    from dedup.neardup.match import Graph
    from dedup.neardup.paragraphs import Paragraphs

BOILERPLATE, REPEATED, DUPLICATE, REMNANT = 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class Decision:
    """What goes and why. `reason`: for each line 0 (stays) or one of the codes above; `stripped`: rules and parts;
    `search`: the paragraphs compared; for each of them the paragraph it goes for (itself where it does not) and the measured
    similarity; `attached`: lines that go with the paragraph beside them, and the equal line that stays for each. `apart`: output
    documents in which lines must not move together where others go from between them, since that would make other paragraphs of
    them. `unsettled`: see `Wraps`.
    """

    reason: NDArray[np.uint8]
    stripped: Outcome
    units: Units
    search: Search
    canonical: NDArray[np.int64]
    similarity: NDArray[np.float64]
    attached: dict[int, int]
    rewalked: int
    apart: NDArray[np.bool_]
    unsettled: int = 0

    @property
    def paragraphs(self) -> Paragraphs:
        """The paragraphs compared."""
        return self.search.paragraphs

    @property
    def graph(self) -> Graph:
        """The verified pairs among their classes."""
        return self.search.graph


@dataclass(frozen=True, slots=True)
class Begun:
    """What is known before anything is elected: the corpus with its marks looked through, rules and parts, which lines go by
    them, which output documents are wrapped, and the pairs found among the rest. `settle` leaves it as it is, so that it can be
    settled again with other thresholds.
    """

    corpus: Corpus
    stripped: Outcome
    units: Units
    settled: NDArray[np.uint8]
    wrapped: NDArray[np.bool_]
    search: Search


def decide(
    corpus: Corpus, rules: RuleSet, config: Config, threads: int, look: FirstLook | None = None,
    *, duplicates: bool = True, alone: bool = False,
) -> Decision:  # fmt: skip
    """Run the stages. With `duplicates` off, boilerplate and repeats only; with `alone`, each document by itself (no duplicates,
    no repeats). `look`: the one that was taken while the corpus was read; it is used up.
    """
    begun = begin(corpus, rules, config, threads, look, duplicates=duplicates, alone=alone)
    return settle(rules, begun, config, threads, duplicates=duplicates)


def begin(
    corpus: Corpus, rules: RuleSet, config: Config, threads: int, look: FirstLook | None = None,
    *, duplicates: bool = True, alone: bool = False,
) -> Begun:  # fmt: skip
    """Strip and search."""
    if duplicates:
        check_preference(corpus, config)
    corpus, looked = (look or FirstLook(rules, config)).finish(corpus)
    stripped = (strip_alone if alone else strip_corpus)(corpus, looked, rules, config)
    del looked  # what rests in a file by now is held in memory by it
    corpus.store.give_back()
    units = make_units(corpus, stripped)
    corpus.store.give_back()
    if alone:
        units = replace(units, source=units.document)  # each a site of its own
    if config.flattened:
        _strip_flattened(corpus, rules, units, stripped, config)
    corpus.store.give_back()
    settled = np.where(stripped.rule > 0, BOILERPLATE, 0).astype(np.uint8)
    if not duplicates and not config.repeats:
        return Begun(corpus, stripped, units, settled, np.zeros(len(units), np.bool_), no_search())
    wrapped = wrapping(corpus, units, settled == 0, config)
    search = search_paragraphs(corpus, units, settled == 0, wrapped, config, threads, every=duplicates)
    corpus.store.give_back()
    return Begun(corpus, stripped, units, settled, wrapped, search)


def settle(rules: RuleSet, begun: Begun, config: Config, threads: int, *, duplicates: bool = True) -> Decision:
    """Repeats, election, and what they bring about.

    What is removed late can change what the early stages would say about the rest: a title left alone, furniture that now
    stands on most of the pages that are left. So the outcome is looked at again as if it were the input, what that finds is
    settled, and everything after it is decided anew, until a look finds nothing (promise P4). Settled lines only grow, so
    this ends; one or two rounds are the rule.
    """
    corpus, units, search = begun.corpus, begun.units, begun.search
    wraps = Wraps(corpus, units, config, begun.wrapped)
    stripped = replace(begun.stripped, rule=begun.stripped.rule.copy(), rules=list(begun.stripped.rules))
    settled = begun.settled.copy()
    if not duplicates and not config.repeats:
        return _duplicates(corpus, units, stripped, settled, search, search.titles, config, threads)

    def searched() -> Search:
        return search_paragraphs(corpus, units, settled == 0, wraps.wrapped, config, threads, begun.search)

    alone = np.zeros(len(corpus.lines), np.bool_)  # titles that were left alone, and so are compared after all
    while True:
        clusters = _clusters(units, search)
        corpus.store.give_back()
        if _settle_repeated(corpus, units, stripped, settled, settled, clusters, config, threads) and duplicates and wraps.wrapped.any():
            # a paragraph of several lines may have held some of these: it is measured without them
            search = searched()
            continue
        reason = settled.copy()
        exempt = search.titles & ~alone[search.paragraphs.first] if duplicates else np.ones(len(search.paragraphs), np.bool_)
        decision = _duplicates(corpus, units, stripped, reason, search, exempt, config, threads)
        corpus.store.give_back()
        late = _settle_late(rules, begun, stripped, settled, reason, config)
        corpus.store.give_back()
        # of copies one is left now, unless none went
        once = units.page if duplicates else clusters
        again = not late and _settle_repeated(corpus, units, stripped, settled, reason, once, config, threads)
        lone = titles_left_alone(units, reason, search, exempt & duplicates)
        alone[lone] = True
        rewrapped = duplicates and wraps.look_again(reason == 0)
        more = more_pairs(search, reason, corpus.store, config, threads) if duplicates else None
        if not late and not again and not len(lone) and not rewrapped and more is None:
            return replace(decision, apart=wraps.apart(reason == 0), unsettled=wraps.unsettled)
        if more is not None:
            search = replace(search, graph=more)
        if rewrapped or ((late or again) and duplicates and wraps.wrapped.any()):
            search = searched()


def _settle_late(
    rules: RuleSet, begun: Begun, stripped: Outcome, settled: NDArray[np.uint8], reason: NDArray[np.uint8], config: Config
) -> bool:
    """Settle what the early stages would say about what is left; whether there is anything."""
    flat = flattened_late(begun.corpus, begun.units, begun.settled, reason) if config.flattened else {}
    reason[list(flat)] = BOILERPLATE
    late = flat | stripped_late(begun.corpus, rules, begun.units, begun.settled, reason, config)
    for row, rule in late.items():
        stripped.rule[row] = stripped.number_of(rule)
        settled[row] = BOILERPLATE
    return bool(late)


def _settle_repeated(
    corpus: Corpus, units: Units, stripped: Outcome, settled: NDArray[np.uint8], reason: NDArray[np.uint8], cluster: NDArray[np.int64],
    config: Config, threads: int,
) -> bool:  # fmt: skip
    """Settle what goes for its repetition in what stays by `reason`, if that is asked for; whether anything does."""
    found = find_repeated(corpus, units, reason, cluster, config, threads) if config.repeats else {}
    for rule, rows in found.items():
        settled[rows] = REPEATED
        stripped.rule[rows] = stripped.number_of(rule)
    return bool(found)


def _strip_flattened(corpus: Corpus, rules: RuleSet, units: Units, stripped: Outcome, config: Config) -> None:
    """Menus and all of pages that a naive scraper flattened to lines; nothing where a site's pages are articles already.

    What is left is an article for rules and structure as well, its title perhaps twice: it is looked at again (promise P4).
    """
    before = (stripped.rule > 0).astype(np.uint8)
    while True:
        rows = np.flatnonzero(stripped.rule == 0)
        rows = lines_to_measure(corpus.lines, rows, units.of_line[rows], units.source)
        if not len(rows):
            return
        found = density.find_flattened_sites(corpus.lines, rows, units.of_line[rows], units.source, corpus.bytes_of)
        goes = np.zeros(len(corpus.lines), np.bool_)
        goes[found] = True
        goes[named_titles(units, stripped)] = False
        stripped.rule[goes] = stripped.number_of(density.RULE)
        late = stripped_late(corpus, rules, units, before, (stripped.rule > 0).astype(np.uint8), config)
        for row, rule in late.items():
            stripped.rule[row] = stripped.number_of(rule)
        if not late:
            return


def _duplicates(
    corpus: Corpus, units: Units, stripped: Outcome, reason: NDArray[np.uint8], search: Search, exempt: NDArray[np.bool_], config: Config,
    threads: int,
) -> Decision:  # fmt: skip
    """Elect, attach headings, mark remnants; `reason` is filled in. Paragraphs in `exempt` are compared with nothing."""
    paragraphs = search.paragraphs
    corpus.store.give_back()
    election = _elect(corpus, units, reason, search, config, (reason[paragraphs.first] == 0) & ~exempt, threads)
    corpus.store.give_back()
    gone = gone_of(election.canonical)
    reason[paragraphs.first[gone]] = DUPLICATE
    for row in gone[paragraphs.last[gone] > paragraphs.first[gone]].tolist():
        reason[paragraphs.first[row] : paragraphs.last[row] + 1] = DUPLICATE
    corpus.store.give_back()
    attached = _attach(corpus, units, reason, paragraphs, exempt, gone, election.canonical[gone])
    named = np.r_[paragraphs.first[election.canonical[gone]], np.fromiter(attached.values(), np.int64, len(attached))]
    corpus.store.give_back()
    _mark_remnants(corpus, units, reason, named, config)
    apart = np.zeros(len(units), np.bool_)
    return Decision(reason, stripped, units, search, election.canonical, election.similarity, attached, election.rewalked, apart)


def _attach(
    corpus: Corpus, units: Units, reason: NDArray[np.uint8], paragraphs: Paragraphs, exempt: NDArray[np.bool_],
    gone: NDArray[np.int64], twins: NDArray[np.int64],
) -> dict[int, int]:  # fmt: skip
    """Headings that go with their paragraphs; marks them as duplicates. Documents are asked in order of id."""
    order = np.lexsort((paragraphs.first[gone], corpus.place[paragraphs.document[gone]]))
    gone, twins = gone[order], twins[order]
    compared = np.zeros(len(reason), np.bool_)
    for some in pieces(len(paragraphs), STRETCH):
        for ends in (paragraphs.first, paragraphs.last):
            compared[ends[some][~exempt[some]]] = True
    attached = find_attached(corpus.lines, units.of_line, compared, reason, paragraphs, gone, twins)
    reason[list(attached)] = DUPLICATE
    return attached


def _clusters(units: Units, search: Search) -> NDArray[np.int64]:
    """A number for each unit, the same for those with one longest paragraph (or matching ones), and for articles of one page."""
    cluster = np.arange(len(units)) + search.classes
    holder = units.of_line[search.paragraphs.first]
    longest = longest_of_each(holder, search.paragraphs.words)
    asked = np.zeros(search.classes, np.bool_)
    asked[search.class_of[longest]] = True
    among = asked[search.graph.removed] & asked[search.graph.kept] & ~search.graph.by_characters
    root = components(search.classes, search.graph.removed[among], search.graph.kept[among])
    cluster[holder[longest]] = root[search.class_of[longest]]
    return cluster[np.searchsorted(units.document, units.page)]


def _elect(
    corpus: Corpus, units: Units, reason: NDArray[np.uint8], search: Search, config: Config, stays: NDArray[np.bool_], threads: int
) -> Election:
    """Election among the paragraphs that take part (`stays`); the others keep themselves."""
    characters = surviving_characters(corpus, units, reason)
    tie = corpus.place[units.document] * (int(units.part.max(initial=1)) + 1) + units.part
    rank = rank_documents(
        np.zeros(len(units), np.int64) if config.prefer == "first" else characters, tie, preference_of(corpus, units, config)
    )
    first, of_line = search.paragraphs.first, units.of_line

    def rank_of(mine: slice) -> NDArray[np.int64]:
        return rank[of_line[first[mine]]]

    return hold_election(search.class_of, search.classes, rank_of, stays, search.graph, corpus.store, threads)


def _mark_remnants(corpus: Corpus, units: Units, reason: NDArray[np.uint8], named: NDArray[np.int64], config: Config) -> None:
    """Documents that lost nearly all their text to duplicates go entirely, unless they hold a line that another went for
    (`named`).
    """
    before = surviving_characters(corpus, units, reason, DUPLICATE)
    after = surviving_characters(corpus, units, reason)
    remnant = (after < before) & (after < config.remnant_ratio * before) & (after < config.remnant_characters)
    remnant[units.of_line[named]] = False
    reason[(reason == 0) & remnant[units.of_line]] = REMNANT


def check_survivors(decision: Decision) -> None:
    """Promise P3: what stands for a removed paragraph stays itself. Raises InvariantError."""
    gone = gone_of(decision.canonical)
    if (decision.reason[decision.paragraphs.first[decision.canonical[gone]]] != 0).any():
        raise InvariantError("a paragraph would go for one that goes itself")
