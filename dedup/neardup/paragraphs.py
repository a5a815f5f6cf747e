"""The paragraphs that near-duplicate search compares, as columns, and the classes of equal ones among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from dedup.text.groups import grouped
from dedup.text.lines import AFTER_BLANK, FINAL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.text.lines import LineTable

WRAPPED_LINES: Final = 4  # a document needs so many lines with another below them before its wrapping can be told
WRAPPED_WIDTH: Final = (40, 130)  # characters of the widest line of hard-wrapped text
WRAPPED_SHARE: Final = 0.8  # of the lines that another follows directly: so many are nearly as wide as the widest
WRAPPED_FULL: Final = 0.75  # what counts as nearly as wide


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """Paragraphs in order of documents. `first`, `last`: rows of the line table (inclusive); `words`: folded words;
    `one`, `two`: 128 bits of hash of the folded words; `document` and `part`: where it stands.
    """

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    words: NDArray[np.int32]
    one: NDArray[np.uint64]
    two: NDArray[np.uint64]
    document: NDArray[np.int32]
    part: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.first)


def wrapped_units(
    lines: LineTable, rows: NDArray[np.int64], unit: NDArray[np.int64], count: int, *, closed: bool = False
) -> NDArray[np.bool_]:
    """Which of so many output documents are hard-wrapped, going by the lines of `rows`, which belong to `unit`: nearly all that
    another follows directly are nearly full and unended. `closed`: as if nothing had stood between them but the blank ones.
    """
    characters, flags = lines.characters[rows], lines.flags[rows]
    widest = np.zeros(count, np.int64)
    if len(rows):
        opens = np.flatnonzero(np.r_[True, unit[1:] != unit[:-1]])
        widest[unit[opens]] = np.maximum.reduceat(characters, opens)
    followed = np.zeros(len(rows), np.bool_)
    followed[:-1] = (unit[1:] == unit[:-1]) & _directly(lines, rows, closed=closed)
    full = followed & (characters >= WRAPPED_FULL * widest[unit]) & ((flags & FINAL) == 0)
    followers, fulls = np.bincount(unit, followed, count), np.bincount(unit, full, count)
    wrapped = (followers >= WRAPPED_LINES) & (fulls >= WRAPPED_SHARE * followers)
    return np.asarray(wrapped & (widest >= WRAPPED_WIDTH[0]) & (widest <= WRAPPED_WIDTH[1]), np.bool_)


def _directly(lines: LineTable, rows: NDArray[np.int64], *, closed: bool = False) -> NDArray[np.bool_]:
    """Whether no line, blank or not, stands between each row and the next; if `closed`, no blank one."""
    if closed:
        blanks = np.cumsum((lines.flags & AFTER_BLANK) != 0)[rows]
        return np.asarray(blanks[1:] == blanks[:-1])
    return np.asarray((rows[1:] == rows[:-1] + 1) & ((lines.flags[rows[1:]] & AFTER_BLANK) == 0))


def make_paragraphs(
    lines: LineTable, stays: NDArray[np.bool_], part: NDArray[np.int32], unit: NDArray[np.int64], wrapped: NDArray[np.bool_]
) -> Paragraphs:
    """Paragraphs of the lines that stay: a line each; in `wrapped` ones of the output documents, `unit`, a run of lines without a
    blank between.
    """
    rows = np.flatnonzero(stays)
    block, unit = wrapped[unit[rows]], unit[rows]
    opens = np.ones(len(rows), np.bool_)
    if len(rows) > 1:
        opens[1:] = ~(block[1:] & _directly(lines, rows) & (unit[1:] == unit[:-1]))
    begins = np.flatnonzero(opens)
    ends = np.r_[begins[1:], len(rows)] - 1 if len(begins) else begins
    one, two = _combined(lines.first[rows], lines.second[rows], begins, ends)
    words = np.add.reduceat(lines.words[rows], begins, dtype=np.int32) if len(begins) else np.zeros(0, np.int32)
    first = rows[begins]
    last = rows[ends] if len(begins) < len(rows) else first  # of one line each
    return Paragraphs(first, last, words, one, two, lines.document[first], part[first])


def _combined(
    one: NDArray[np.uint64], two: NDArray[np.uint64], begins: NDArray[np.int64], ends: NDArray[np.int64]
) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Hashes of paragraphs from those of their lines; of one line, the line's own."""
    first, second = one[begins], two[begins]
    for k in np.flatnonzero(ends > begins).tolist():
        for line in range(int(begins[k]) + 1, int(ends[k]) + 1):
            for column, source in ((first, one), (second, two)):
                column[k] = np.uint64((int(column[k]) * 0x9E3779B97F4A7C15 + int(source[line])) & 0xFFFFFFFFFFFFFFFF)
    return first, second


def classes_of(paragraphs: Paragraphs) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The class of equal paragraphs (same folded words) that each belongs to, numbered in the order they stand in, and the first
    paragraph of each class.
    """
    return grouped(paragraphs.one, paragraphs.two)
