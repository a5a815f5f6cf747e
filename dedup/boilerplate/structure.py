"""Noise that has no marker: headlines dropped into an article, and headlines run together."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from dedup.boilerplate.articles import BY_BYLINE, BY_KNOWN_TITLE
from dedup.boilerplate.page import is_prose, is_title
from dedup.boilerplate.topic import uptake
from dedup.text.lines import DOTS, GLUED

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from dedup.boilerplate.articles import Outline
    from dedup.boilerplate.page import Page
    from dedup.boilerplate.rules import Hit

GLUED_HEADLINES: Final = "structure/glued-headlines"
KNOWN_HEADLINE: Final = "structure/known-headline"
WOVEN_HEADLINE: Final = "structure/woven-headline"

KNOWN_WORDS: Final = 5  # a shorter line that stands elsewhere may be a sub-heading
WOVEN_WORDS: Final = (8, 16)  # sub-headings of news articles are shorter (seeds: at most 8, with quotes), prose is longer
QUOTES: Final = '“”«»"'
STRANGER: Final = 0.25  # uptake below which a headline speaks of something else: 95 % of related headlines, 17 % of titles
OWN_TITLE: Final = 0.4  # uptake from which a known headline is the title of what follows: no related headline in 184
WOVEN_HEADS: Final = 2  # so many bylined articles on a page make it an endless scroll, where headlines are woven in

Key = tuple[int, int]


class Headline(NamedTuple):
    """A line that is a headline: one that goes, or one that `begins` an article of its own."""

    number: int
    rule: str
    begins: bool


def find_glued(page: Page, taken: Container[int]) -> Iterator[tuple[int, str]]:
    """Lines of several headlines run together, with prose before them."""
    prose = False
    for number, line in enumerate(page.lines):
        if line.flags & GLUED and not line.final and number not in taken and prose:
            yield number, GLUED_HEADLINES
        prose = prose or is_prose(line)


def find_headlines(page: Page, hits: Mapping[int, Hit], shape: Outline, titles: Container[Key]) -> Iterator[Headline]:
    """Headlines of other articles that stand in the middle of one, or begin one.

    Three witnesses: the line is the title of an article of this page or an item of one of its lists; it stands twice and more
    on the page; it is in `titles`, headlines known from other documents. Where what follows takes the headline up, it is no
    stranger: then a known headline is the title of a second article. On an endless-scroll page, where editors weave
    headlines into every article, the way headlines are built is enough of a witness.
    """
    known = {page.lines[number].key for number in (*shape.heads, *shape.items)}
    counts = Counter(line.key for line in page.lines if line.words >= KNOWN_WORDS and is_title(line))
    woven = sum(witness == BY_BYLINE for witness in shape.heads.values()) >= WOVEN_HEADS
    prose = False
    for number, line in enumerate(page.lines):
        inside = prose and number not in hits and number not in shape.heads and number not in shape.items
        prose = prose or is_prose(line)
        if not inside or line.words < KNOWN_WORDS or not is_title(line) or line.bullet or line.key == page.lines[0].key:
            continue
        taken_up = uptake(page, number)
        if line.key in known or counts[line.key] > 1 or line.key in titles:
            if taken_up < (OWN_TITLE if counts[line.key] > 1 else STRANGER):
                yield Headline(number, KNOWN_HEADLINE, begins=False)
            elif taken_up >= OWN_TITLE and number + 1 < len(page.lines) and is_prose(page.lines[number + 1]):
                yield Headline(number, BY_KNOWN_TITLE, begins=True)
        elif woven and taken_up < STRANGER and _is_woven(page, number, shape):
            yield Headline(number, WOVEN_HEADLINE, begins=False)


def _is_woven(page: Page, number: int, shape: Outline) -> bool:
    """Built like a headline ("X..Y", "X: Y"), or long and alone between two ended paragraphs."""
    line = page.lines[number]
    if number + 1 in shape.heads or line.flags & DOTS:
        return True
    after = page.lines[number + 1] if number + 1 < len(page.lines) else line
    alone = is_prose(page.lines[number - 1]) and page.lines[number - 1].final and is_prose(after) and after.final
    return alone and WOVEN_WORDS[0] <= line.words <= WOVEN_WORDS[1] and not any(quote in line.text for quote in QUOTES)
