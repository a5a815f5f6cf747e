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
    `one`, `two`: 128 bits of hash of the folded words; `document`: where it stands.
    """

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    words: NDArray[np.int32]
    one: NDArray[np.uint64]
    two: NDArray[np.uint64]
    document: NDArray[np.int32]

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
    if closed:
        blanks = np.cumsum((lines.flags & AFTER_BLANK) != 0)[rows]
        directly = blanks[1:] == blanks[:-1]
    else:
        directly = (rows[1:] == rows[:-1] + 1) & ((flags[1:] & AFTER_BLANK) == 0)
    followed = np.zeros(len(rows), np.bool_)
    followed[:-1] = (unit[1:] == unit[:-1]) & directly
    full = followed & (characters >= WRAPPED_FULL * widest[unit]) & ((flags & FINAL) == 0)
    followers, fulls = np.bincount(unit, followed, count), np.bincount(unit, full, count)
    wrapped = (followers >= WRAPPED_LINES) & (fulls >= WRAPPED_SHARE * followers)
    return np.asarray(wrapped & (widest >= WRAPPED_WIDTH[0]) & (widest <= WRAPPED_WIDTH[1]), np.bool_)


def classes_of(paragraphs: Paragraphs) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The class of equal paragraphs (same folded words) that each belongs to, numbered in the order they stand in, and the first
    paragraph of each class.
    """
    return grouped(paragraphs.one, paragraphs.two)
