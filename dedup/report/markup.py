"""HTML out of values: whatever is not markup already is escaped, here and nowhere else."""

from __future__ import annotations

import html
from string import Template
from typing import TYPE_CHECKING, Final

import regex

from dedup.text.cells import name
from dedup.text.compare import Piece, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable

PICTURES: Final = {code: 0x2400 + code for code in range(0x20) if code not in (0x09, 0x0A)} | {0x7F: 0x2421}
LONGEST: Final = 900  # characters of one text shown
LONGEST_NAME: Final = 300  # of an id, a path, a value of the configuration
SURROGATE: Final = regex.compile(r"\p{Cs}")


class Html(str):
    """Markup that may stand in the page as it is."""

    __slots__ = ()


def escape(value: object) -> Html:
    """The one way of a value into the page. Control characters, which a page must not hold, are shown by their pictures."""
    if isinstance(value, Html):
        return value
    text = f"{value:,}" if isinstance(value, int) else str(value)
    return Html(html.escape(SURROGATE.sub("\ufffd", text.translate(PICTURES))))


def fill(template: str, **values: object) -> Html:
    """A template with `$name` filled in."""
    return Html(Template(template).substitute({key: escape(value) for key, value in values.items()}))


def join(parts: Iterable[Html]) -> Html:
    """Markup after markup."""
    return Html("".join(parts))


def identity(text: str) -> Html:
    """An id or file name inside a line, with what is invisible in it written out."""
    shown = text if len(text) <= LONGEST_NAME else f"{text[:LONGEST_NAME]}…"
    return fill('<bdi class="id">$name</bdi>', name=name(shown))


def page_text(text: str, limit: int = LONGEST) -> Html:
    """Text of a page, in its own direction."""
    text = text.strip()
    rest = len(text) - limit
    shown = text if rest <= 0 else text[:limit]
    more = fill(' <bdi class="cut" dir="ltr">… $count more characters</bdi>', count=rest) if rest > 0 else Html("")
    return fill("$text$more", text=shown, more=more)


def marked(pieces: Iterable[Piece], tag: str) -> Html:
    """A text with the words that differ in `tag` (`ins` or `del`), long stretches and longer texts shortened."""
    parts: list[Html] = []
    left = LONGEST
    for piece in shorten(pieces):
        if left <= 0:
            parts.append(Html(' <bdi class="cut">…</bdi>'))
            break
        if piece.skipped:
            alike = "" if piece.differs else " alike"
            parts.append(fill(' <bdi class="cut" dir="ltr">… $count words$alike …</bdi> ', count=piece.skipped, alike=alike))
            continue
        text = piece.text[:left]
        left -= len(piece.text)
        parts.append(fill(f"<{tag}>$text</{tag}>", text=text) if piece.differs else escape(text))
    return join(parts)
