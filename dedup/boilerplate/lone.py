"""Pages of which nothing goes but lone lines: furniture that a rule takes wherever it stands. They need no look by `judge`.

Most pages that a rule hits are such: an article with "Follow us" under it. What is found here is what `strip_page` would find;
where a column leaves a doubt, the page is not plain, and is looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from dedup.boilerplate.marks import texts_of
from dedup.boilerplate.page import TITLE_CHARACTERS, TITLE_WORDS, are_prose
from dedup.boilerplate.rules import POINTERS, has_digits, options_of
from dedup.boilerplate.structure import KNOWN_WORDS, LIST_PROSE, MARKER_WORDS
from dedup.boilerplate.titles import BROKEN_RUN, BROKEN_WORDS
from dedup.text.lines import BULLET, FINAL, GLUED, MARKED, TAIL, stretches

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.boilerplate.packs import RuleSet
    from dedup.corpus import Batch
    from dedup.text.lines import LineTable

LEAST_ITEM: Final = KNOWN_WORDS - 1  # words of a headline under a marker that no rule knows


class LonePages:
    """Which documents are plain, and what goes of them."""

    def __init__(self, batch: Batch, rules: RuleSet) -> None:
        """Asks each text of a marked line once."""
        self.names: list[str] = [""]
        self._rows = np.flatnonzero(batch.lines.flags & MARKED)
        self._rule = self._rules_of(batch, rules)
        self._document = batch.lines.document[self._rows]
        self.plain = _has_no_structure(batch.lines, len(batch))
        self.plain[self._document[self._rule == 0]] = False

    def _rules_of(self, batch: Batch, rules: RuleSet) -> NDArray[np.int32]:
        """For each marked line the rule it goes by on any page, by its place in `names`; 0 where that depends on the page."""
        number: dict[str, int] = {"": 0}
        found = np.zeros(len(self._rows), np.int32)
        at = 0
        for texts in texts_of(batch, self._rows):
            asked = np.flatnonzero(texts.first == np.arange(len(texts.rows)))
            said = np.zeros(len(texts.rows), np.int32)
            for k in asked.tolist():
                said[k] = number.setdefault(lone_rule(texts.text(k), rules), len(number))
            found[at : at + len(said)] = said[texts.first]
            at += len(said)
        self.names = list(number)
        return found

    def gone(self) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Lines that go of plain documents, and the rule each goes by, as a place in `names`."""
        mine = self.plain[self._document]
        return self._rows[mine], self._rule[mine]


def lone_rule(text: str, rules: RuleSet) -> str:
    """The rule that a line of this text goes by wherever it stands, with nothing else that goes for it; "" for none such."""
    options = options_of(text, rules)
    if not options:
        return ""
    phrase, rule = options[0], options[0].rule
    conditions = rule.sites or rule.position != "any" or rule.follow or (rule.digits and not has_digits(text))
    alone = rule.scope == "line" and rule.category not in POINTERS and phrase.anchor != "pair"
    return rule.id if alone and not conditions else ""


def _has_no_structure(lines: LineTable, documents: int) -> NDArray[np.bool_]:
    """Documents in which `judge` would find nothing without a rule's hits, be the headlines of all others known, and of which a
    look at what lone lines leave would not be wanted.
    """
    plain = np.ones(documents, np.bool_)
    for rows in stretches(lines.document):
        _leave_structured(lines.part(rows), plain)
    return plain


def _leave_structured(lines: LineTable, plain: NDArray[np.bool_]) -> None:
    """Take documents out of `plain` in which there is something to find."""
    if not len(lines):
        return
    marked = (lines.flags & MARKED) != 0
    head = np.r_[True, lines.document[1:] != lines.document[:-1]]
    opens = np.flatnonzero(head)
    number = np.cumsum(head) - 1
    wrong = (lines.flags & (GLUED | TAIL)) != 0
    wrong |= head & marked
    wrong |= ~head & (lines.first == lines.first[opens][number]) & (lines.words > 1)
    wrong |= _starts_list(lines, marked, opens, number)
    plain[lines.document[wrong]] = False
    short = lines.words <= BROKEN_WORDS
    plain[lines.document[opens]] &= np.add.reduceat(short & ~marked, opens) < BROKEN_RUN  # what could make a run when lines between go
    run = short.copy()
    for back in range(1, BROKEN_RUN):
        run[back:] &= short[:-back] & (lines.document[back:] == lines.document[:-back])
        run[:back] = False
    plain[lines.document[run]] = False


def _starts_list(lines: LineTable, marked: NDArray[np.bool_], opens: NDArray[np.int64], number: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Lines that `find_unknown_lists` might take for the marker of a list, by what stands before and behind them."""
    final = (lines.flags & FINAL) != 0
    prose = np.cumsum(are_prose(lines.words, lines.flags))
    before = prose - np.r_[0, prose][opens][number]
    marker = (lines.words > 0) & (lines.words <= MARKER_WORDS) & ~final & ((lines.flags & BULLET) == 0)
    item = (lines.words >= LEAST_ITEM) & (lines.words <= TITLE_WORDS[1]) & (lines.characters <= TITLE_CHARACTERS) & ~marked
    follows = np.r_[item[1:] & (number[1:] == number[:-1]), False]
    return np.asarray(marker & ~marked & (before >= LIST_PROSE) & follows, np.bool_)
