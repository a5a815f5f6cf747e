"""Where two texts say different words. Words are compared folded, so a spelling is no difference; shown is what stands there."""

from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final, NamedTuple

import regex

from dedup.text.fold import fold_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SINGLE: Final = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"  # scripts without spaces: a character a word
WORD: Final = regex.compile(rf"[{SINGLE}]\p{{M}}*|(?:(?![{SINGLE}])[\p{{L}}\p{{N}}\p{{M}}\p{{Cf}}ـ])+", regex.V1)
CELLS: Final = 1_000_000  # words times words beyond which an alignment would cost seconds; then words are only counted
CONTEXT: Final = 8  # words left on each side where a long stretch is shortened
SHORTENED: Final = 40  # the shortest stretch worth shortening


class Piece(NamedTuple):
    """A stretch of a text, and whether its words are missing in the other one. `skipped`: words left out here."""

    text: str
    differs: bool = False
    skipped: int = 0


class _Word(NamedTuple):
    key: str
    start: int
    end: int


def compare(one: str, other: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces that agree and pieces that differ; the pieces of each, joined, are the text.

    >>> compare("قال الوزير أمس", "قالَ الوزير اليوم")[0][-1]
    Piece(text='أمس', differs=True, skipped=0)
    """
    words, others = _words(one), _words(other)
    same, same_there = _alike([word.key for word in words], [word.key for word in others])
    return _pieces(one, words, same), _pieces(other, others, same_there)


def shorten(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Long stretches cut down to their edges, with the number of words that are left out."""
    listed = list(pieces)
    for number, piece in enumerate(listed):
        found = [match.span() for match in regex.finditer(r"\S+", piece.text)]
        head = CONTEXT if number else 2 * CONTEXT  # the first words say what this is about
        tail = CONTEXT
        if len(found) < SHORTENED:
            yield piece
            continue
        yield Piece(piece.text[: found[head - 1][1]], piece.differs)
        yield Piece("", piece.differs, len(found) - head - tail)
        yield Piece(piece.text[found[-tail][0] :], piece.differs)


def _words(text: str) -> list[_Word]:
    found = ((match, "".join(fold_words(match[0]))) for match in WORD.finditer(text))
    return [_Word(key, *match.span()) for match, key in found if key]


def _alike(one: list[str], other: list[str]) -> tuple[list[bool], list[bool]]:
    """For each word of both whether it has its partner in an alignment in order."""
    same, there = [False] * len(one), [False] * len(other)
    head = 0
    while head < min(len(one), len(other)) and one[head] == other[head]:
        same[head] = there[head] = True
        head += 1
    tail = 0
    while tail < min(len(one), len(other)) - head and one[-1 - tail] == other[-1 - tail]:
        same[-1 - tail] = there[-1 - tail] = True
        tail += 1
    middle, middle_there = one[head : len(one) - tail], other[head : len(other) - tail]
    if len(middle) * len(middle_there) > CELLS:
        same[head : len(one) - tail] = _counted(middle, Counter(middle_there))
        there[head : len(other) - tail] = _counted(middle_there, Counter(middle))
        return same, there
    for block in SequenceMatcher(None, middle, middle_there, autojunk=False).get_matching_blocks():
        for k in range(block.size):
            same[head + block.a + k] = there[head + block.b + k] = True
    return same, there


def _counted(words: list[str], left: Counter[str]) -> list[bool]:
    found = []
    for word in words:
        left[word] -= 1
        found.append(left[word] >= 0)
    return found


def _pieces(text: str, words: list[_Word], same: list[bool]) -> list[Piece]:
    """Runs of words that differ are one piece, from the first one's start to the last one's end."""
    pieces: list[Piece] = []
    at = k = 0
    while k < len(words):
        if same[k]:
            k += 1
            continue
        first = k
        while k < len(words) and not same[k]:
            k += 1
        if words[first].start > at:
            pieces.append(Piece(text[at : words[first].start]))
        at = words[k - 1].end
        pieces.append(Piece(text[words[first].start : at], differs=True))
    if at < len(text):
        pieces.append(Piece(text[at:]))
    return pieces
