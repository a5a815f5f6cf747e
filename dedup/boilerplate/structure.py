"""Noise that has no marker: headlines dropped into an article, and headlines run together."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from dedup.boilerplate.page import is_prose, is_title
from dedup.text.lines import DOTS, GLUED

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from dedup.boilerplate.articles import Outline
    from dedup.boilerplate.page import Line, Page
    from dedup.boilerplate.rules import Hit

GLUED_HEADLINES: Final = "structure/glued-headlines"
KNOWN_HEADLINE: Final = "structure/known-headline"
WOVEN_HEADLINE: Final = "structure/woven-headline"

KNOWN_WORDS: Final = 5  # a shorter line that stands elsewhere may be a sub-heading
WOVEN_WORDS: Final = 8  # sub-headings of news articles are shorter (seeds: at most 8, with quotes)
WOVEN_HEADS: Final = 2  # so many bylined articles on a page make it an endless scroll, where headlines are woven in

Key = tuple[int, int]


def find_glued(page: Page, taken: Container[int]) -> Iterator[tuple[int, str]]:
    """Lines of several headlines run together, with prose before them."""
    prose = False
    for number, line in enumerate(page.lines):
        if line.flags & GLUED and not line.final and number not in taken and prose:
            yield number, GLUED_HEADLINES
        prose = prose or is_prose(line)


def find_headlines(page: Page, hits: Mapping[int, Hit], shape: Outline, titles: Container[Key]) -> Iterator[tuple[int, str]]:
    """Headlines of other articles that stand in the middle of one.

    Three witnesses: the line is the title of an article of this page or an item of one of its lists; it stands twice and more
    on the page; it is in `titles`, headlines known from other documents. On an endless-scroll page, where editors weave
    headlines into every article, the way headlines are built is enough.
    """
    known = {page.lines[number].key for number in (*shape.heads, *shape.items)}
    counts = Counter(line.key for line in page.lines if line.words >= KNOWN_WORDS and is_title(line))
    woven = sum(witness == "appended/byline" for witness in shape.heads.values()) >= WOVEN_HEADS
    prose = False
    for number, line in enumerate(page.lines):
        inside = prose and number not in hits and number not in shape.heads and number not in shape.items
        prose = prose or is_prose(line)
        if not inside or not is_title(line) or line.bullet or line.key == page.lines[0].key:
            continue
        if line.words >= KNOWN_WORDS and (line.key in known or counts[line.key] > 1 or line.key in titles):
            yield number, KNOWN_HEADLINE
        elif woven and _is_woven(page, number, shape):
            yield number, WOVEN_HEADLINE


def _is_woven(page: Page, number: int, shape: Outline) -> bool:
    line = page.lines[number]
    if number + 1 in shape.heads:
        return line.words >= KNOWN_WORDS
    built = bool(line.flags & DOTS) and line.words >= KNOWN_WORDS
    return built or (line.words >= WOVEN_WORDS and not _has_quotes(line))


def _has_quotes(line: Line) -> bool:
    return any(quote in line.text for quote in '“”«»"')
