"""A title that stands again: whole, broken one word a line, or its tail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dedup.boilerplate.page import LONG_WORDS

if TYPE_CHECKING:
    from dedup.boilerplate.page import Page

REPEATED: Final = "structure/title-repeat"
BROKEN: Final = "structure/title-broken"
TAIL: Final = "structure/title-tail"

MIN_WORDS: Final = 3  # a shorter line that stands twice may be a sub-heading of two parts
MIN_TAIL: Final = 5  # words a tail must have: shorter ones are captions and sub-headings
NEAR: Final = 2  # lines below the title where a repeat of any length is one
REFRAIN_WORDS: Final = 6  # further down, shorter lines that come again are refrains of poems and sub-headings
BROKEN_WORDS: Final = 2  # words on one line of a broken title, at most
BROKEN_RUN: Final = 3  # such lines in a row before they may be one


def find_title_repeats(page: Page, head: int, stop: int) -> dict[int, str]:
    """Lines in (head, stop) that repeat the title at line `head`, by line number.

    The title itself stays. Where it is no title (a paragraph, or too short), nothing is found.
    """
    title = page.lines[head]
    if not MIN_WORDS <= title.words < LONG_WORDS:
        return {}
    words = title.folded()
    far = title.words >= REFRAIN_WORDS
    found = {
        number: REPEATED
        for number in range(head + 1, stop if far else min(stop, head + 1 + NEAR))
        if page.lines[number].key == title.key and not page.lines[number].bullet
    }
    found |= _broken(page, head, stop, words)
    for number in range(head + 1, stop):
        line = page.lines[number]
        if MIN_TAIL <= line.words < len(words) and not line.prose and line.folded() == words[-line.words :]:
            found[number] = TAIL
    return found


def _broken(page: Page, head: int, stop: int, title: list[str]) -> dict[int, str]:
    """The first run of very short lines whose words, in order, are the title."""
    number = head + 1
    while number < stop:
        run: list[str] = []
        begin = number
        while number < stop and page.lines[number].words <= BROKEN_WORDS and len(run) < len(title):
            run += page.lines[number].folded()
            number += 1
        if run == title and number - begin >= BROKEN_RUN:
            return dict.fromkeys(range(begin, number), BROKEN)
        number = max(number, begin + 1)
    return {}
