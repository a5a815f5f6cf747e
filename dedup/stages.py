"""The stages between reading and writing, each over the whole corpus: columns in, columns out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from dedup.boilerplate.lone import LonePages
from dedup.boilerplate.marks import find_idle, texts_of
from dedup.boilerplate.page import TITLE_CHARACTERS, TITLE_WORDS
from dedup.boilerplate.scan import candidates
from dedup.boilerplate.strip import NO_TITLES, strip_page
from dedup.boilerplate.structure import KNOWN_WORDS
from dedup.text.lines import FINAL, MARKED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.boilerplate.packs import RuleSet
    from dedup.boilerplate.strip import Stripped
    from dedup.config import Config
    from dedup.corpus import Corpus

Key = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What stripping decided. `rule`: for each line, 0 where it stays, else an index into `rules`.

    `part`: for each line, which article of its document it belongs to, from 1. `witnesses`: for each (document, part) of an
    appended article, the rule that found it.
    """

    rule: NDArray[np.int32]
    part: NDArray[np.int32]
    rules: list[str]
    witnesses: dict[tuple[int, int], str]

    def number_of(self, rule: str) -> int:
        """The index of a rule, which is added if it is new."""
        if rule not in self.rules:
            self.rules.append(rule)
        return self.rules.index(rule)


class _Outcomes:
    """What stripping finds, document by document: columns from the start, since an object for each would take most of the memory.
    `headline`: lines that turned out to be items of lists or to begin an article.
    """

    def __init__(self, corpus: Corpus) -> None:
        """Nothing goes, and every document is one article."""
        self._first_line, self._store = corpus.first_line, corpus.store
        self._rule, self._part = np.zeros(len(corpus.lines), np.int32), np.ones(len(corpus.lines), np.int32)
        self._number_of = {"": 0}
        self._witnesses: dict[Key, str] = {}
        self.headline = np.zeros(len(corpus.lines), np.bool_)

    def put(self, document: int, stripped: Stripped) -> None:
        """What goes of a document."""
        first, stop = int(self._first_line[document]), int(self._first_line[document + 1])
        for line, name in stripped.gone.items():
            self._rule[first + line] = self._number(name)
        for count, (line, witness) in enumerate(stripped.starts.items(), 2):
            self._part[first + line : stop] = count
            self._witnesses[document, count] = witness
        for line in (*stripped.items, *stripped.starts):
            self.headline[first + line] = True

    def put_again(self, document: int, stripped: Stripped) -> None:
        """What goes of a document, in place of what went before."""
        mine = slice(int(self._first_line[document]), int(self._first_line[document + 1]))
        for count in range(2, int(self._part[mine].max(initial=1)) + 1):
            del self._witnesses[document, count]
        self._rule[mine], self._part[mine] = 0, 1
        self.put(document, stripped)

    def put_lone(self, lone: LonePages) -> None:
        """What goes of all plain documents."""
        rows, rule = lone.gone()
        numbers = np.array([self._number(name) for name in lone.names], np.int32)
        self._rule[rows] = numbers[rule]

    def _number(self, name: str) -> int:
        return self._number_of.setdefault(name, len(self._number_of))

    def outcome(self) -> Outcome:
        """All of it."""
        return Outcome(self._rule, self._store.rest(self._part), list(self._number_of), self._witnesses)


def no_outcome(corpus: Corpus) -> Outcome:
    """Nothing goes, and every document is one article."""
    return _Outcomes(corpus).outcome()


def settle_marks(corpus: Corpus, rules: RuleSet) -> Corpus:
    """The corpus without the marks of lines for which no rule could hold: the scan marks by single words, and half of the pages
    it would send on have nothing else.
    """
    flags = corpus.lines.flags.copy()
    for texts in texts_of(corpus, np.flatnonzero(flags & MARKED)):
        flags[texts.rows[find_idle(texts, rules, corpus.triggers)]] &= ~MARKED & 0xFF
    return replace(corpus, lines=replace(corpus.lines, flags=flags))


def strip_corpus(corpus: Corpus, rules: RuleSet, config: Config) -> Outcome:
    """Strip every document that needs a look; then, with the headlines of the whole corpus known, those that hold some."""
    found, lone = _first_look(corpus, rules, config)
    titles, holders = _known_titles(corpus, found.headline)
    holders = holders[~lone.plain[holders]].tolist()
    for document, page in zip(holders, corpus.pages(holders), strict=True):
        found.put_again(document, strip_page(page, rules, titles, config.appended, structure=config.structure))
    return found.outcome()


def strip_alone(corpus: Corpus, rules: RuleSet, config: Config) -> Outcome:
    """Strip every document as if it were the only one: the same for any company it comes in."""
    found, lone = _first_look(corpus, rules, config)
    is_title, inside = _headlines(corpus, found.headline)
    table = corpus.lines
    place = table.first ^ (table.document.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15))  # a chance hit costs a look, no more
    holders = np.unique(table.document[inside & np.isin(place, place[is_title])])
    holders = holders[~lone.plain[holders]].tolist()
    for document, page in zip(holders, corpus.pages(holders), strict=True):
        rows = np.arange(corpus.first_line[document], corpus.first_line[document + 1])
        own = rows[is_title[rows]]
        titles = set(zip(table.first[own].tolist(), table.second[own].tolist(), strict=True))
        found.put_again(document, strip_page(page, rules, titles, config.appended, structure=config.structure))
    return found.outcome()


def _first_look(corpus: Corpus, rules: RuleSet, config: Config) -> tuple[_Outcomes, LonePages]:
    """Every document that needs a look, stripped without knowing the others; and which are plain."""
    found, lone = _Outcomes(corpus), LonePages(corpus, rules)
    found.put_lone(lone)
    asked = np.flatnonzero(candidates(corpus.lines, len(corpus)) & ~lone.plain).tolist()
    for document, page in zip(asked, corpus.pages(asked), strict=True):
        found.put(document, strip_page(page, rules, NO_TITLES, config.appended, structure=config.structure))
    return found, lone


def _known_titles(corpus: Corpus, found: NDArray[np.bool_]) -> tuple[set[Key], NDArray[np.int32]]:
    """The documents in whose middle a headline of the corpus stands (the title of a document or of an appended article, an item
    of a list), and the headlines that stand in any of them.
    """
    table = corpus.lines
    is_title, inside = _headlines(corpus, found)
    rows, inner = np.flatnonzero(is_title), np.flatnonzero(inside)
    holders = np.unique(table.document[inner[np.isin(table.first[inner], table.first[rows])]])
    mine = np.zeros(len(corpus), np.bool_)
    mine[holders] = True
    rows = rows[np.isin(table.first[rows], table.first[mine[table.document]])]
    return set(zip(table.first[rows].tolist(), table.second[rows].tolist(), strict=True)), holders


def _headlines(corpus: Corpus, found: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Lines that are headlines, `found` and the first ones of documents, and lines inside documents that are shaped like one."""
    table = corpus.lines
    shaped = (table.words >= max(KNOWN_WORDS, TITLE_WORDS[0])) & (table.words <= TITLE_WORDS[1])
    shaped &= table.characters <= TITLE_CHARACTERS
    first = np.zeros(len(table), np.bool_)
    first[corpus.first_line[np.flatnonzero(np.diff(corpus.first_line) > 0)]] = True
    inside = shaped & ~first & ((table.flags & FINAL) == 0)
    return (first | found) & shaped, inside
