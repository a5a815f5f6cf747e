"""A page as the rules see it: its non-blank lines with what the scan noted about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from dedup.text.fold import fold_words
from dedup.text.lines import BULLET, FINAL

PROSE_WORDS: Final = 12  # a sentence-ended line this long is prose
LONG_WORDS: Final = 25  # a line this long is prose however it ends
TITLE_WORDS: Final = (3, 24)  # headlines of 31k Arabic articles: 99 % lie within
TITLE_CHARACTERS: Final = 170
OPEN_ENDS: Final = (".", "،", ":", "؛", ",", ";")
INVISIBLE: Final = " \t\r\xa0\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
CLOSING: Final = INVISIBLE + "\"'»”’)"


class Line(NamedTuple):
    """One non-blank line; `start` and `end` are code points of the page's text; `key` is 128 bits of its folded words."""

    text: str
    start: int
    end: int
    words: int
    key: tuple[int, int]
    flags: int

    @property
    def final(self) -> bool:
        """Ends like a sentence."""
        return bool(self.flags & FINAL)

    @property
    def bullet(self) -> bool:
        """Begins with a bullet."""
        return bool(self.flags & BULLET)

    def folded(self) -> list[str]:
        """The folded words."""
        return fold_words(self.text)


@dataclass(frozen=True, slots=True)
class Page:
    """One document for stripping."""

    text: str
    lines: tuple[Line, ...]
    source: str = ""


def is_prose(line: Line) -> bool:
    """A paragraph of running text."""
    return line.words >= LONG_WORDS or (line.words >= PROSE_WORDS and line.flags & FINAL != 0)


def is_title(line: Line) -> bool:
    """Shaped like a headline or a list item: short, and not ended like a sentence or an enumeration."""
    if not (TITLE_WORDS[0] <= line.words <= TITLE_WORDS[1]) or line.end - line.start > TITLE_CHARACTERS:
        return False
    text = line.text.rstrip(CLOSING)
    return not text.endswith(OPEN_ENDS) or text.endswith(("..", "…"))
