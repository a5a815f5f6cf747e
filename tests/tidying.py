"""What is removed of a document, in plain Python and by the kernel, held against each other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from dedup.kernels.edits import tidy_documents
from dedup.model import Removal

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Stretch:
    """One output document within its input document: code points [start, end), the spans of its lines, and of those the
    removals decided (whole lines, without their line ends).
    """

    start: int
    end: int
    lines: Sequence[tuple[int, int]]
    removals: Sequence[Removal]


def tidy_plainly(text: str, stretches: Sequence[Stretch], *, apart: bool) -> list[Removal]:
    """All removals of a document: those decided, with their line ends, and the white space that they leave over.

    Where blank lines stood between two lines that stay, the first of them stay, and one gap with them; where none stood, and
    lines went from there, the last line end of these does if they are to stand `apart`. At the end of an output document everything behind the last line's end goes; where nothing stays, all white space goes.
    """
    found: list[Removal] = []
    for stretch in stretches:
        gone = {(removal.start, removal.end): removal for removal in stretch.removals}
        found += _tidy_one(text, stretch, gone, apart=apart)
    return found


def _tidy_one(text: str, stretch: Stretch, gone: dict[tuple[int, int], Removal], *, apart: bool) -> list[Removal]:
    covered = _covered(stretch.lines, sorted(gone))
    if not covered and stretch.lines and stretch.start == 0 and stretch.end == len(text):
        return []  # nothing happened to this document: it stays as it was, to the last blank
    found: list[Removal] = []
    at = kept_end = stretch.start  # behind the last line dealt with, and behind the last one kept
    cutting = gap = bool(stretch.lines) and stretch.lines[0] in covered  # white space that follows a removal goes
    cut = at  # where the latest removal ends, without its line end
    for line in stretch.lines:
        span = covered.get(line)
        if span and span[0] != line[0]:
            continue  # a further line of a removal that is dealt with
        if line[0] > at:
            if cutting and gap:
                found.append(Removal(at, line[0], "whitespace"))
            gap = True  # ... but the first gap between two lines that stay
        elif not cutting:
            gap = False
        if apart and cutting and not gap and not span:
            found[-1] = replace(found[-1], end=cut)
        at = _line_end(text, span[1] if span else line[1], stretch.end)
        if span:
            found.append(replace(gone[span], end=at))
            cut = span[1]
        else:
            kept_end, gap = at, False
        cutting = span is not None
    return _close(found, stretch, kept_end, at)


def _covered(lines: Sequence[tuple[int, int]], spans: Sequence[tuple[int, int]]) -> dict[tuple[int, int], tuple[int, int]]:
    """The removal that covers each line that goes."""
    covered: dict[tuple[int, int], tuple[int, int]] = {}
    k = 0
    for line in lines:
        while k < len(spans) and spans[k][1] <= line[0]:
            k += 1
        if k < len(spans) and spans[k][0] <= line[0] and line[1] <= spans[k][1]:
            covered[line] = spans[k]
    return covered


def _close(found: list[Removal], stretch: Stretch, last_kept_end: int, at: int) -> list[Removal]:
    """White space at the end of an output document, and that before removals which end it."""
    closing: list[Removal] = []
    edge = last_kept_end
    for removal in found:
        if removal.start >= last_kept_end:
            if removal.start > edge:
                closing.append(Removal(edge, removal.start, "whitespace"))
            edge = removal.end
    end = max(edge, at)
    if stretch.end > end:
        closing.append(Removal(end, stretch.end, "whitespace"))
    return sorted([*found, *closing], key=lambda removal: removal.start)


def _line_end(text: str, end: int, limit: int) -> int:
    """Behind the line end that follows a line, if one does."""
    if text.startswith("\r\n", end):
        end += 2
    elif end < len(text) and text[end] in "\r\n":
        end += 1
    return min(end, limit)


def tidy(text: str, stretches: Sequence[Stretch], *, apart: bool = False) -> list[Removal]:
    """By kernel, and the same as plainly."""
    found = _by_kernel(text, stretches, apart=apart)
    assert found == tidy_plainly(text, stretches, apart=apart)
    return found


def _by_kernel(text: str, stretches: Sequence[Stretch], *, apart: bool) -> list[Removal]:
    raw = np.frombuffer(text.encode(), np.uint8)
    byte_of = np.cumsum([0, *(len(character.encode()) for character in text)])
    lines = [line for stretch in stretches for line in stretch.lines]
    part = np.array([number for number, stretch in enumerate(stretches, 1) for _ in stretch.lines], np.int32)
    row_of = {line[0]: row for row, line in enumerate(lines)}
    gone, last = np.zeros(len(lines), np.bool_), np.arange(len(lines))
    decided = {}
    for removal in (each for stretch in stretches for each in stretch.removals):
        first = row_of[removal.start]
        final = max(row for row, line in enumerate(lines) if line[1] <= removal.end)
        gone[first : final + 1], last[first], decided[first] = True, final, removal
    start, end = (np.array([line[k] for line in lines], np.int64) for k in (0, 1))
    out = np.empty((6, 2 * len(lines) + 2 * len(stretches) + 1), np.int64)
    one = np.array([0])
    count = tidy_documents(
        raw, one, np.array([len(raw)]), np.array([len(text)]), np.array([0, len(lines)]), byte_of[start], byte_of[end],
        start.astype(np.int32), (end - start).astype(np.int32), gone, last, part, np.full(len(stretches), apart), one, out,
    )  # fmt: skip
    found = []
    for _, byte, byte_end, begin, until, row in out[:, :count].T.tolist():
        assert (byte, byte_end) == (byte_of[begin], byte_of[until])
        found.append(replace(decided[row], start=begin, end=until) if row >= 0 else Removal(begin, until, "whitespace"))
    return found
