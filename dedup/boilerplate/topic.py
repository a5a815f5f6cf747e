"""What lines speak of, as far as their words tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dedup.boilerplate.page import Line, Page

CONTENT_LETTERS: Final = 4  # folded words shorter than this are mostly particles
STEM_LETTERS: Final = 4  # words that begin alike behind their article or conjunction count as one
PROCLITICS: Final = ("وال", "بال", "لل", "ال", "و", "ب", "ل")


def content_words(lines: Iterable[Line]) -> set[str]:
    """Stems of the content words of lines: Arabic proclitics cut off, five letters kept."""
    return {_stem(word) for line in lines for word in line.folded() if len(word) >= CONTENT_LETTERS}


def _stem(word: str) -> str:
    for clitic in PROCLITICS:
        if word.startswith(clitic) and len(word) - len(clitic) >= STEM_LETTERS - 1:
            return word[len(clitic) :][: STEM_LETTERS + 1]
    return word[: STEM_LETTERS + 1]


def uptake(page: Page, number: int, paragraphs: int = 1) -> float:
    """Share of a line's content words that the next paragraph(s) take up: high for a title or sub-heading over its own
    text, low for a headline of another article.
    """
    head = content_words((page.lines[number],))
    following = [line for line in page.lines[number + 1 : number + 4] if line.prose][:paragraphs]
    return len(head & content_words(following)) / len(head) if head else 0.0
