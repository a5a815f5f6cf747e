"""From a page to what goes of it: rules, structure and appended articles put together."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dedup.boilerplate.articles import outline
from dedup.boilerplate.page import Page
from dedup.boilerplate.rules import find_hits
from dedup.boilerplate.structure import find_glued, find_headlines, find_unknown_lists
from dedup.boilerplate.titles import BROKEN_RUN, BROKEN_WORDS, find_title_repeats
from dedup.text.lines import GLUED, MARKED, TAIL

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from dedup.boilerplate.articles import Outline
    from dedup.boilerplate.packs import RuleSet
    from dedup.boilerplate.page import Line
    from dedup.boilerplate.rules import Hit
    from dedup.config import Appended

NO_TITLES: Final[frozenset[tuple[int, int]]] = frozenset()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one look at a page finds, by line number from 0: lines that go, with their rule; titles that begin another
    article, with their witness; and which of the lines that go are items of lists.
    """

    gone: dict[int, str]
    heads: dict[int, str]
    items: frozenset[int]


@dataclass(frozen=True, slots=True)
class Stripped:
    """The settled outcome. `gone`: lines that go, with their rule. `starts`: first line of each article of the page but the
    first, with its witness. `items`: lines that were items of lists of headlines.
    """

    gone: dict[int, str]
    starts: dict[int, str]
    items: frozenset[int]


def wants_look(lines: Sequence[Line]) -> bool:
    """Whether a look at a page of these lines could find anything; `scan.candidates` is the same for all pages at once."""
    short, first = 0, None
    for _, _, _, _, words, key, flags, _ in lines:  # by their names takes twice as long
        if flags & (MARKED | GLUED | TAIL) or (key == first and words > 1):
            return True
        first = first or key
        short = short + 1 if 0 < words <= BROKEN_WORDS else 0
        if short >= BROKEN_RUN:
            return True
    return False


def judge(page: Page, rules: RuleSet, titles: Container[tuple[int, int]] = NO_TITLES, *, structure: bool = True) -> Verdict:
    """Look at a page once. `titles`: keys of headlines known from other documents. Without `structure`, only rules and the
    lists and articles under their markers.
    """
    if not page.lines:
        return Verdict({}, {}, frozenset())
    hits = find_hits(page, rules)
    if not structure:
        shape = outline(page, hits, {})
        gone = dict(shape.items) | _rule_removals(page, hits)
        return Verdict(gone, {number: shape.heads[number] for number in shape.heads if number not in gone}, frozenset(shape.items))
    repeats = {number: rule for number, rule in find_title_repeats(page, 0, len(page.lines)).items() if number not in hits}
    shape = outline(page, hits, repeats)
    gone = repeats | dict(shape.items) | _rule_removals(page, hits)
    gone |= {number: rule for number, rule in _later_repeats(page, shape).items() if number not in gone}
    headlines = [headline for headline in find_headlines(page, hits, shape, titles) if headline.number not in gone]
    gone |= {headline.number: headline.rule for headline in headlines if not headline.begins}
    heads = dict(shape.heads) | {headline.number: headline.rule for headline in headlines if headline.begins}
    gone |= dict(find_unknown_lists(page, hits, gone.keys() | heads.keys(), titles))
    gone |= dict(find_glued(page, gone.keys() | heads.keys()))
    return Verdict(gone, {number: heads[number] for number in sorted(heads) if number not in gone}, frozenset(shape.items))


def _rule_removals(page: Page, hits: dict[int, Hit]) -> dict[int, str]:
    gone: dict[int, str] = {}
    for number, hit in hits.items():
        if hit.rule.scope == "boundary":
            continue
        gone[number] = hit.rule.id
        if hit.rule.scope == "to-end" and hit.anchor == "line":
            gone |= dict.fromkeys(range(number + 1, len(page.lines)), hit.rule.id)
    return gone


def _later_repeats(page: Page, shape: Outline) -> dict[int, str]:
    """Repeated titles inside appended articles."""
    found: dict[int, str] = {}
    heads = [*shape.heads, len(page.lines)]
    for head, stop in itertools.pairwise(heads):
        found |= find_title_repeats(page, head, stop)
    return found


def strip_page(
    page: Page,
    rules: RuleSet,
    titles: Container[tuple[int, int]] = NO_TITLES,
    appended: Appended = "split",
    *,
    structure: bool = True,
) -> Stripped:
    """Look until a further look finds nothing: what is left, each article on its own, would be left alone (promise P4)."""
    gone: dict[int, str] = {}
    starts: dict[int, str] = {}
    items: set[int] = set()
    waiting: list[Sequence[int]] = [range(len(page.lines))]
    while waiting:
        numbers = waiting.pop()
        rest = page if len(numbers) == len(page.lines) else Page(tuple(map(page.lines.__getitem__, numbers)), page.source)
        verdict = judge(rest, rules, titles, structure=structure)
        heads = {} if appended == "keep" else verdict.heads
        if not verdict.gone and not heads:
            continue
        gone |= {numbers[k]: rule for k, rule in verdict.gone.items()}
        starts |= {numbers[k]: witness for k, witness in heads.items()}
        items |= {numbers[k] for k in verdict.items}
        borders = [0, *heads, len(numbers)]
        for begin, stop in itertools.pairwise(borders):
            stay = [numbers[k] for k in range(begin, stop) if k not in verdict.gone]
            if wants_look([page.lines[number] for number in stay]):
                waiting.append(stay)
    if appended == "drop" and starts:
        first, witness = min(starts.items())
        gone |= {number: witness for number in range(first, len(page.lines)) if number not in gone}
        starts = {}
    return Stripped(gone, dict(sorted(starts.items())), frozenset(items))
