"""Text on a terminal: how wide it is, what it may hold, where it breaks. Nothing is cut inside a grapheme or reordered."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final, NamedTuple

import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

GRAPHEME: Final = regex.compile(r"\X")
TOKEN: Final = regex.compile(r"\s+|\S+")
# Escape sequences, line breaks and marks that turn the direction around would change what is around them on the screen.
CONTROL: Final = regex.compile(r"[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\p{Cs}]")
HIDDEN: Final = regex.compile(r"[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]")
WIDE: Final = ("\u200d", "\ufe0f")  # joined to one picture, or asked for as a picture: two cells
PICTURES: Final = "\u203c"  # the first of the signs that can be pictures beyond ASCII; letters before it are joined, too
NARROWEST: Final = 20  # a terminal narrower than this is written to as if it were this wide


class Styled(NamedTuple):
    """A stretch of text and the style it is shown in, "" for none."""

    text: str
    style: str = ""


def shown(text: str) -> str:
    r"""A line of page text with what would act on a terminal written out: `\x1b`, `\u202e`; a tab is four blanks."""
    return CONTROL.sub(_escape, text.replace("\t", "    "))


def name(text: str) -> str:
    """An id or file name with everything invisible written out, line ends and marks of direction among it."""
    return HIDDEN.sub(_escape, text)


def _escape(match: regex.Match[str]) -> str:
    code = ord(match[0])
    named = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return named.get(match[0]) or (f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}")


def width(text: str) -> int:
    """Display cells."""
    if text.isascii():
        return len(text)
    return sum(_cells(match[0]) for match in GRAPHEME.finditer(text))


def _cells(grapheme: str) -> int:
    if grapheme[0] >= PICTURES and any(mark in grapheme for mark in WIDE):
        return 2
    return sum(
        0 if unicodedata.category(character) in ("Mn", "Me", "Cf") else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in grapheme
    )


def cut(text: str, limit: int) -> str:
    """At most `limit` cells, with "…" where something is missing."""
    if width(text) <= limit:
        return text
    return text[: _fitting(text, limit - 1)] + "…"


def _fitting(text: str, limit: int) -> int:
    """How many code points fit: whole graphemes."""
    used = end = 0
    for match in GRAPHEME.finditer(text):
        used += _cells(match[0])
        if used > limit:
            break
        end = match.end()
    return end


def wrap(pieces: Iterable[Styled], limit: int) -> Iterator[list[Styled]]:
    """Lines of at most `limit` cells (0: one line, however long), broken at white space, or inside a word that is longer."""
    if not limit:
        yield list(pieces)
        return
    line: list[Styled] = []
    used = 0
    for unit in _units(pieces):
        size = _size(unit)
        if used and used + size > limit:
            yield _stripped(line)
            line, used = [], 0
        if not used and unit[0].text.isspace():
            continue
        rest = unit
        while size > limit:
            head, rest = _split(rest, limit)
            yield head
            size = _size(rest)
        line += rest
        used += size
    if line:
        yield _stripped(line)


def _size(unit: list[Styled]) -> int:
    return sum(width(part.text) for part in unit)


def _units(pieces: Iterable[Styled]) -> Iterator[list[Styled]]:
    """Words and the white space between them; a word may be of several styles."""
    unit: list[Styled] = []
    for piece in pieces:
        for match in TOKEN.finditer(piece.text):
            if unit and unit[-1].text.isspace() != match[0].isspace():
                yield unit
                unit = []
            unit.append(Styled(match[0], piece.style))
    if unit:
        yield unit


def _split(unit: list[Styled], limit: int) -> tuple[list[Styled], list[Styled]]:
    """A word cut where the line is full, at least one grapheme in."""
    head: list[Styled] = []
    left = limit
    for number, part in enumerate(unit):
        size = width(part.text)
        if size > left:
            end = _fitting(part.text, left)
            if not end and not head:
                end = len(GRAPHEME.match(part.text)[0])  # type: ignore[index]  # a part is never empty
            rest = [Styled(part.text[end:], part.style)] if end < len(part.text) else []
            return [*head, Styled(part.text[:end], part.style)], [*rest, *unit[number + 1 :]]
        head.append(part)
        left -= size
    return head, []


def _stripped(line: list[Styled]) -> list[Styled]:
    while line and line[-1].text.isspace():
        line.pop()
    return line
