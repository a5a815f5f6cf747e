"""Paragraphs cut from the lines that stay, and what stays of each output document."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.jit import kernel
from dedup.kernels.lines import AFTER_BLANK, FINAL

if TYPE_CHECKING:
    from dedup.kernels.fold import Hashes
    from dedup.kernels.shingle import Index

Flags = NDArray[np.bool_]
Numbers = NDArray[np.int32]
MIX = np.uint64(0x9E3779B97F4A7C15)


class Lines(NamedTuple):
    """Some lines, as columns of a `LineTable`; `unit`: the output document of each, ascending; `stays`: whether it does."""

    unit: Index
    stays: Flags
    characters: Numbers
    words: Numbers
    one: Hashes
    two: Hashes
    flags: NDArray[np.uint8]


class Cut(NamedTuple):
    """Paragraphs: first and last line, folded words, 128 bits of hash, and whether it is the title of its document."""

    first: Index
    last: Index
    words: Numbers
    one: Hashes
    two: Hashes
    title: Flags


@kernel
def cut_lines(lines: Lines, wrapped: Flags, at: int, min_words: int, title_words: int, title_characters: int, out: Cut) -> int:
    """Paragraphs of at least `min_words` of the lines that stay: a line each; in `wrapped` output documents a run of lines
    without another between, blank or not. Returns how many. Lines are counted from `at`; `out` has room for one each.

    A title is the first line of its document, with more behind it, not final, and of no more words and characters than given. The
    hash of a line is its paragraph's; of several it is put together of theirs.
    """
    count, begin, last, words = 0, -1, -1, 0
    one = two = np.uint64(0)
    opens = True
    for row in range(lines.stays.size + 1):
        there = row < lines.stays.size
        if there and not lines.stays[row]:
            continue
        same = there and begin >= 0 and lines.unit[row] == lines.unit[begin]
        if same and wrapped[lines.unit[row]] and row == last + 1 and not lines.flags[row] & np.uint8(AFTER_BLANK):
            last = row
            words += lines.words[row]
            one, two = one * MIX + lines.one[row], two * MIX + lines.two[row]
            continue
        if begin >= 0 and words >= min_words:
            short = begin == last and words <= title_words and lines.characters[begin] <= title_characters
            out.first[count], out.last[count], out.words[count] = begin + at, last + at, words
            out.one[count], out.two[count] = one, two
            out.title[count] = opens and same and short and not lines.flags[begin] & np.uint8(FINAL)
            count += 1
        if there:
            opens = not same
            begin, last, words, one, two = row, row, np.int64(lines.words[row]), lines.one[row], lines.two[row]
    return count


@kernel
def count_staying(unit: Index, reason: NDArray[np.uint8], also: int, characters: Numbers, out: Index) -> None:
    """Add the characters of lines without a reason to go, or with the one of `also`, to those of their output document."""
    for row in range(unit.size):
        stays = reason[row] == 0 or reason[row] == also
        out[unit[row]] += np.int64(characters[row]) * np.int64(stays)
