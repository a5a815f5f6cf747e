"""Stripping over a whole corpus: columns in, columns out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dedup.boilerplate.page import TITLE_CHARACTERS, TITLE_WORDS
from dedup.boilerplate.strip import strip_page
from dedup.boilerplate.structure import KNOWN_WORDS
from dedup.first_look import no_findings, of_document
from dedup.text.groups import among
from dedup.text.lines import FINAL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.boilerplate.packs import RuleSet
    from dedup.config import Config
    from dedup.corpus import Corpus
    from dedup.first_look import Findings, Looked

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
    return _outcome(corpus, no_findings(corpus.first_line))


def strip_corpus(corpus: Corpus, looked: Looked, rules: RuleSet, config: Config) -> Outcome:
    """What goes when the headlines of the whole corpus are known: those documents are looked at again that hold some."""
    found = looked.found
    titles, holders = _known_titles(corpus, looked)
    for document, page in zip(holders, corpus.pages(holders), strict=True):
        found.put_again(document, strip_page(page, rules, titles, config.appended, structure=config.structure))
    return _outcome(corpus, found)


def strip_alone(corpus: Corpus, looked: Looked, rules: RuleSet, config: Config) -> Outcome:
    """What goes of every document as if it were the only one: the same for any company it comes in."""
    found = looked.found
    is_title, inside = _headlines(corpus, found.headline)
    table = corpus.lines
    place = of_document(table.first, table.document)  # a chance hit costs a look, no more
    mine = np.zeros(len(corpus), np.bool_)
    mine[table.document[inside & among(place, place[is_title])]] = True
    holders = np.flatnonzero(mine & looked.open_to(place[is_title], alone=True)).tolist()
    for document, page in zip(holders, corpus.pages(holders), strict=True):
        rows = np.arange(corpus.first_line[document], corpus.first_line[document + 1])
        own = rows[is_title[rows]]
        titles = set(zip(table.first[own].tolist(), table.second[own].tolist(), strict=True))
        found.put_again(document, strip_page(page, rules, titles, config.appended, structure=config.structure))
    return _outcome(corpus, found)


def _outcome(corpus: Corpus, found: Findings) -> Outcome:
    return Outcome(found.rule, corpus.store.rest(found.part), list(found.number_of), found.witnesses)


def _known_titles(corpus: Corpus, looked: Looked) -> tuple[set[Key], list[int]]:
    """The documents in whose middle a headline of the corpus stands (the title of a document or of an appended article, an item
    of a list) that they may lose something for, and the headlines that stand in any of them.
    """
    table = corpus.lines
    is_title, inside = _headlines(corpus, looked.found.headline)
    rows, inner = np.flatnonzero(is_title), np.flatnonzero(inside)
    mine = np.zeros(len(corpus), np.bool_)
    mine[table.document[inner[among(table.first[inner], table.first[rows])]]] = True
    mine &= looked.open_to(table.first[rows])
    rows = rows[among(table.first[rows], table.first[mine[table.document]])]
    return set(zip(table.first[rows].tolist(), table.second[rows].tolist(), strict=True)), np.flatnonzero(mine).tolist()


def _headlines(corpus: Corpus, found: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Lines that are headlines, `found` and the first ones of documents, and lines inside documents that are shaped like one."""
    table = corpus.lines
    shaped = (table.words >= max(KNOWN_WORDS, TITLE_WORDS[0])) & (table.words <= TITLE_WORDS[1])
    shaped &= table.characters <= TITLE_CHARACTERS
    first = np.zeros(len(table), np.bool_)
    first[corpus.first_line[np.flatnonzero(np.diff(corpus.first_line) > 0)]] = True
    inside = shaped & ~first & ((table.flags & FINAL) == 0)
    return (first | found) & shaped, inside
