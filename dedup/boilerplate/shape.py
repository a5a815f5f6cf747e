"""The shape of lines: all that is known of them without knowing a word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from dedup.boilerplate.page import LONG_WORDS, PROSE_WORDS
from dedup.kernels import density as kernels
from dedup.text.lines import FINAL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.text.lines import LineTable

# A word is worth 6.5 characters: with its space it has 5.8 in the English pages of the samples, 6.0 in Arabic, 6.7 in Greek, 6.9
# in Polish. Scripts without spaces fold to a word a character (1.3 with marks); that such a word says 0.6 of one is an estimate.
WORD_CHARACTERS: Final = 6.5
UNSPACED: Final = (2.0, 0.6)
SHORT: Final = 4.0  # a menu entry: at most so many words, not ended like a sentence
WORDLESS: Final = 0.5  # a line of a few symbols without a word measures less


@dataclass(frozen=True, slots=True)
class Shape:
    """What is known of the standing lines without their words. `length`: in words of a script with spaces; `holders`:
    distinct pages of the source it stands on, `share`: of the other pages; `again`: more than once on its page; `lone`: the
    source has one page.
    """

    length: NDArray[np.float64]
    final: NDArray[np.bool_]
    prose: NDArray[np.bool_]
    holders: NDArray[np.int64]
    share: NDArray[np.float64]
    again: NDArray[np.bool_]
    lone: NDArray[np.bool_]


def lengths(lines: LineTable, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """How long lines are, in words of a script with spaces."""
    words, characters = lines.words[rows].astype(np.float64), lines.characters[rows]
    return np.where(characters < UNSPACED[0] * words, UNSPACED[1] * words, (words + characters / WORD_CHARACTERS) / 2)


def are_short(length: NDArray[np.float64], final: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Lines that could be menu entries."""
    return (length <= SHORT) & (length > WORDLESS) & ~final


def measure(lines: LineTable, rows: NDArray[np.int64], page: NDArray[np.int64], place: NDArray[np.int64]) -> Shape:
    """The shape of lines. `page`: of each line, in order; `place`: its source."""
    length, final = lengths(lines, rows), (lines.flags[rows] & FINAL) != 0
    opens = np.flatnonzero(np.r_[True, page[1:] != page[:-1]])
    number = np.repeat(np.arange(len(opens)), np.diff(np.r_[opens, len(page)]))
    size = 1 << max(4, (2 * len(rows)).bit_length())
    slot = kernels.find_slots(lines.first[rows], place, np.zeros(size, np.uint64))
    holders = kernels.count_pages(slot, number, np.ones(len(opens), np.bool_), size)
    distinct = kernels.find_firsts(lines.first[rows], slot, number, length, holders, size, len(opens))
    holders = np.maximum(kernels.count_pages(slot, number, distinct, size), 1)  # copies are not counted
    pages = np.bincount(place[opens], distinct)[place]
    again = kernels.count_inside(slot, number, size)
    share = (holders - 1) / np.maximum(pages - 1, 1)
    return Shape(length, final, (length >= LONG_WORDS) | (final & (length >= PROSE_WORDS)), holders, share, again, pages <= 1)


def select(shape: Shape, asked: NDArray[np.bool_] | slice) -> Shape:
    """The shape of some of the lines."""
    return Shape(*(getattr(shape, name)[asked] for name in Shape.__slots__))
