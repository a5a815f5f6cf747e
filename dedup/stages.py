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


def no_outcome(corpus: Corpus) -> Outcome:
    """Nothing goes, and every document is one article."""
    return _outcome(corpus, {})


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
    lone = LonePages(corpus, rules)
    found = _first_look(corpus, rules, config, lone)
    titles, holders = _known_titles(corpus, found)
    for document in holders:
        if lone.plain[document]:
            continue
        found[document] = strip_page(corpus.page(document), rules, titles, config.appended, structure=config.structure)
    return _outcome(corpus, found)


def strip_alone(corpus: Corpus, rules: RuleSet, config: Config) -> Outcome:
    """Strip every document as if it were the only one: the same for any company it comes in."""
    lone = LonePages(corpus, rules)
    found = _first_look(corpus, rules, config, lone)
    is_title, inside = _headlines(corpus, found)
    table = corpus.lines
    place = table.first ^ (table.document.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15))  # a chance hit costs a look, no more
    for document in np.unique(table.document[inside & np.isin(place, place[is_title])]).tolist():
        if lone.plain[document]:
            continue
        rows = np.arange(corpus.first_line[document], corpus.first_line[document + 1])
        own = rows[is_title[rows]]
        titles = set(zip(table.first[own].tolist(), table.second[own].tolist(), strict=True))
        found[document] = strip_page(corpus.page(document), rules, titles, config.appended, structure=config.structure)
    return _outcome(corpus, found)


def _first_look(corpus: Corpus, rules: RuleSet, config: Config, lone: LonePages) -> dict[int, Stripped]:
    """Every document that needs a look, stripped without knowing the others."""
    return {
        document: lone.of(document)
        if lone.plain[document]
        else strip_page(corpus.page(document), rules, NO_TITLES, config.appended, structure=config.structure)
        for document in np.flatnonzero(candidates(corpus.lines, len(corpus))).tolist()
    }


def _known_titles(corpus: Corpus, found: dict[int, Stripped]) -> tuple[set[Key], list[int]]:
    """Headlines of the corpus (titles of documents and of appended articles, items of lists), and the documents in whose
    middle one stands.
    """
    table = corpus.lines
    is_title, inside = _headlines(corpus, found)
    titles = set(zip(table.first[is_title].tolist(), table.second[is_title].tolist(), strict=True))
    holding = np.flatnonzero(inside & np.isin(table.first, np.unique(table.first[is_title])))
    return titles, np.unique(table.document[holding]).tolist()


def _headlines(corpus: Corpus, found: dict[int, Stripped]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Lines that are headlines, and lines inside documents that are shaped like one."""
    table = corpus.lines
    shaped = (table.words >= max(KNOWN_WORDS, TITLE_WORDS[0])) & (table.words <= TITLE_WORDS[1])
    shaped &= table.characters <= TITLE_CHARACTERS
    is_title = np.zeros(len(table), np.bool_)
    filled = np.flatnonzero(np.diff(corpus.first_line) > 0)
    is_title[corpus.first_line[filled]] = True
    inside = shaped & ~is_title & ((table.flags & FINAL) == 0)
    for document, stripped in found.items():
        rows = [int(corpus.first_line[document]) + number for number in (*stripped.items, *stripped.starts)]
        is_title[rows] = True
    return is_title & shaped, inside


def _outcome(corpus: Corpus, found: dict[int, Stripped]) -> Outcome:
    rule = np.zeros(len(corpus.lines), np.int32)
    part = np.ones(len(corpus.lines), np.int32)
    number_of = {"": 0}
    witnesses: dict[tuple[int, int], str] = {}
    for document, stripped in found.items():
        first, stop = int(corpus.first_line[document]), int(corpus.first_line[document + 1])
        for line, name in stripped.gone.items():
            rule[first + line] = number_of.setdefault(name, len(number_of))
        for count, (line, witness) in enumerate(stripped.starts.items(), 2):
            part[first + line : stop] = count
            witnesses[document, count] = witness
    return Outcome(rule, part, list(number_of), witnesses)
