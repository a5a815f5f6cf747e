"""Noise that has no marker: headlines dropped into an article, and headlines run together."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

import regex

from dedup.boilerplate.articles import BY_BYLINE, BY_KNOWN_TITLE
from dedup.boilerplate.page import is_title
from dedup.boilerplate.rules import POINTERS
from dedup.boilerplate.topic import uptake
from dedup.text.lines import DOTS, GLUED

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from dedup.boilerplate.articles import Outline
    from dedup.boilerplate.packs import Rule
    from dedup.boilerplate.page import Line, Page
    from dedup.boilerplate.rules import Hit

GLUED_HEADLINES: Final = "structure/glued-headlines"
KNOWN_HEADLINE: Final = "structure/known-headline"
WOVEN_HEADLINE: Final = "structure/woven-headline"

UNKNOWN_LIST: Final = "structure/unknown-list"

LIST_PROSE: Final = 2  # paragraphs before a list that may end an article
LIST_ITEMS: Final = 3  # headlines that make a list
KNOWN_ITEMS: Final = 2  # of them known from elsewhere, for a list to be one of other articles
WITHIN: Final = ("ad", "embed", "read_also", "media_player", "caption")  # furniture that articles go on behind
MARKER_WORDS: Final = 5  # markers of 39 languages: 95 % have no more
KNOWN_WORDS: Final = 5  # a shorter line that stands elsewhere may be a sub-heading
REFRAIN: Final = 3  # times on one page: more, and it is the article that repeats itself (a question put to each of ten people)
WOVEN_WORDS: Final = (8, 16)  # sub-headings of news articles are shorter (seeds: at most 8, with quotes), prose is longer
QUOTES: Final = '“”«»"'
STRANGER: Final = 0.25  # uptake below which a headline speaks of something else: 95 % of related headlines, 17 % of titles
OWN_TITLE: Final = 0.4  # uptake from which a known headline is the title of what follows: no related headline in 184
WOVEN_HEADS: Final = 2  # so many bylined articles on a page make it an endless scroll, where headlines are woven in

GLUE_POINTS: Final = 3  # found 81 % of 185 real lines of joined headlines, and none of 517 like them in 7,000 clean articles
LONG_WORD: Final = 13  # letters; hardly any Arabic word is so long
MARKS: Final = regex.compile(r"[\u064c-\u065f\u0640]")
LETTERS: Final = regex.compile(r"\p{L}[\p{L}\u064b]*")
INNER_ARTICLE: Final = regex.compile(r"\p{L}{4,}ال\p{L}{3,}$")
SURE: Final = regex.compile(
    r"[ةى](?=\p{Arabic})(?=\p{L})|[»؟”!](?=\p{L})|ا\u064b(?=\p{L})|\p{L}{3}[«“](?=\p{L})|\p{Arabic}{3}(?<!ـ)\d|\p{L}{2}\"\p{L}{3}"
    r"|ء(?=[بتثجحخدذرزسشصضطظعغفقكلمنهو]\p{L}{2})"
)

Key = tuple[int, int]


class Headline(NamedTuple):
    """A line that is a headline: one that goes, or one that `begins` an article of its own."""

    number: int
    rule: str
    begins: bool


def find_glued(page: Page, taken: Container[int]) -> Iterator[tuple[int, str]]:
    """Lines of several headlines run together, with prose before them."""
    for number, line in page.numbered(page.behind(1) + 1):
        if line.flags & GLUED and not line.final and number not in taken and is_glued(page, number):
            yield number, GLUED_HEADLINES


def is_glued(page: Page, number: int) -> bool:
    """Whether the words of a line run into each other where headlines were joined.

    Sure signs count two: a letter that only ends words (ة ى, tanwin) or a closing mark directly before a letter, an opening
    quote or digit directly behind one. Weak signs count one: a word of 13 letters, an article inside a long word, a long
    word that begins with a word of this page. Headlines have no commas; a line with one is prose.
    """
    text = MARKS.sub("", page.lines[number].text)
    if "،" in text:
        return False
    points = 2 * len(SURE.findall(text))
    if points >= GLUE_POINTS:
        return True
    words = [word.replace("\u064b", "") for word in LETTERS.findall(text)]
    points += sum(len(word) >= LONG_WORD or bool(INNER_ARTICLE.match(word)) for word in words)
    if points < GLUE_POINTS:
        others = {word for line in page.lines if line is not page.lines[number] for word in LETTERS.findall(MARKS.sub("", line.text))}
        points += sum(_begins_with_known(word, others) for word in words if word not in others)
    return points >= GLUE_POINTS


def _begins_with_known(word: str, known: set[str]) -> bool:
    return any(word[:cut] in known for cut in range(4, len(word) - 3))


def find_unknown_lists(page: Page, hits: Mapping[int, Hit], taken: Container[int], titles: Container[Key]) -> Iterator[tuple[int, str]]:
    """A short line that no rule knows, with a list of headlines under it that ends the article: marker and items.

    Shape alone would take lists that belong to articles; so an item must be a headline known from elsewhere, or the line must
    stand right behind furniture (a rule's hit within two lines above).
    """
    for number, line in page.numbered(page.behind(LIST_PROSE)):
        if not 0 < line.words <= MARKER_WORDS or line.final or line.bullet or number in taken or number in hits:
            continue
        items = _headline_run(page, hits, taken, number)
        if len(items) < LIST_ITEMS or any(other.prose for other in page.lines[items[-1] + 1 : items[-1] + 2]):
            continue
        if (
            any(near in hits and _closes(hits[near].rule) for near in (number - 2, number - 1))
            or sum(page.lines[item].key in titles for item in items) >= KNOWN_ITEMS
        ):
            yield from ((found, UNKNOWN_LIST) for found in (number, *items))


def _closes(rule: Rule) -> bool:
    """Whether a rule's hits stand behind an article: advertisements, embeds and read-also lines stand in its middle as well."""
    return rule.scope != "boundary" and rule.category not in WITHIN


def _headline_run(page: Page, hits: Mapping[int, Hit], taken: Container[int], marker: int) -> list[int]:
    run: list[int] = []
    for number in range(marker + 1, len(page.lines)):
        line = page.lines[number]
        if number in hits or number in taken or line.prose or line.words < KNOWN_WORDS - 1 or not is_title(line):
            break
        run.append(number)
    return run


def find_headlines(page: Page, hits: Mapping[int, Hit], shape: Outline, titles: Container[Key]) -> Iterator[Headline]:
    """Headlines of other articles that stand in the middle of one, or begin one.

    Three witnesses: the line is the title of an article of this page or an item of one of its lists; it stands twice and more
    on the page; it is in `titles`, headlines known from other documents. They are heard only on pages that show their scraping
    by a marker: articles do repeat lines and share sub-headings. Where what follows takes the headline up, it is no
    stranger: then a known headline is the title of a second article. On an endless-scroll page, where editors weave
    headlines into every article, the way headlines are built is enough of a witness.
    """
    woven = sum(witness == BY_BYLINE for witness in shape.heads.values()) >= WOVEN_HEADS
    if not woven and not any(hit.rule.category in POINTERS for hit in hits.values()):
        return
    inside = [
        number
        for number, line in page.numbered(page.behind(1) + 1)
        if _is_headline(line) and not line.bullet and number not in hits and number not in shape.heads and number not in shape.items
    ]
    known = {page.lines[number].key for number in (*shape.heads, *shape.items)} if inside else set()
    counts = Counter(line.key for line in page.lines if _is_headline(line)) if inside else Counter()
    for number in inside:
        line = page.lines[number]
        if line.key == page.lines[0].key or counts[line.key] > REFRAIN:
            continue
        taken_up = uptake(page, number)
        if line.key in known or counts[line.key] > 1 or line.key in titles:
            if taken_up < (OWN_TITLE if counts[line.key] > 1 else STRANGER):
                yield Headline(number, KNOWN_HEADLINE, begins=False)
            elif taken_up >= OWN_TITLE and number + 1 < len(page.lines) and page.lines[number + 1].prose:
                yield Headline(number, BY_KNOWN_TITLE, begins=True)
        elif woven and taken_up < STRANGER and _is_woven(page, number, shape):
            yield Headline(number, WOVEN_HEADLINE, begins=False)


def _is_headline(line: Line) -> bool:
    return line.words >= KNOWN_WORDS and is_title(line)


def _is_woven(page: Page, number: int, shape: Outline) -> bool:
    """Built like a headline ("X..Y", "X: Y"), or long and alone between two ended paragraphs."""
    line = page.lines[number]
    if number + 1 in shape.heads or line.flags & DOTS:
        return True
    after = page.lines[number + 1] if number + 1 < len(page.lines) else line
    alone = page.lines[number - 1].prose and page.lines[number - 1].final and after.prose and after.final
    return alone and WOVEN_WORDS[0] <= line.words <= WOVEN_WORDS[1] and not any(quote in line.text for quote in QUOTES)
