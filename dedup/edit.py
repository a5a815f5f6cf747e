"""The only code that deletes anything: a document's edits from the decisions, and the edits applied and proved."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dedup.errors import InvariantError
from dedup.model import Edits, Removal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.model import Move


@dataclass(frozen=True, slots=True)
class Stretch:
    """One output document within its input document: code points [start, end), the spans of its lines, and of those the
    removals decided (whole lines, without their line ends).
    """

    start: int
    end: int
    lines: Sequence[tuple[int, int]]
    removals: Sequence[Removal]


def tidy(text: str, stretches: Sequence[Stretch]) -> list[Removal]:
    """All removals of a document: those decided, with their line ends, and the white space that they leave over.

    Where blank lines stood between two lines that stay, the first of them stay, and one gap with them. At the
    end of an output document everything behind the last line's end goes; where nothing stays, all white space goes.
    """
    found: list[Removal] = []
    for stretch in stretches:
        gone = {(removal.start, removal.end): removal for removal in stretch.removals}
        found += _tidy_one(text, stretch, gone)
    return found


def _tidy_one(text: str, stretch: Stretch, gone: dict[tuple[int, int], Removal]) -> list[Removal]:
    covered = _covered(stretch.lines, sorted(gone))
    if not covered and stretch.lines and stretch.start == 0 and stretch.end == len(text):
        return []  # nothing happened to this document: it stays as it was, to the last blank
    found: list[Removal] = []
    at = kept_end = stretch.start  # behind the last line dealt with, and behind the last one kept
    cutting = gap = bool(stretch.lines) and stretch.lines[0] in covered  # white space that follows a removal goes
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
        at = _line_end(text, span[1] if span else line[1], stretch.end)
        if span:
            found.append(replace(gone[span], end=at))
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


def apply(text: str, edits: Edits) -> dict[int, str]:
    """The output documents of a text: part 1 is what stays of it, part k of a move what stays of what was moved.

    Proves promises P1 and P2 on the way: removals and moves are in order, within the text and free of overlap, and every
    character is in exactly one part or one removal. Raises InvariantError otherwise.
    """
    _check_order(text, edits.removals)
    _check_order(text, edits.moves)
    pieces: dict[int, list[str]] = {1: []}
    borders = [(0, 1)]
    for move in edits.moves:
        if borders[-1][0] == move.start:
            borders.pop()
        borders += [(move.start, move.part), (move.end, 1)]
        pieces[move.part] = []
    borders.append((len(text), 0))
    gaps = [(removal.start, removal.end) for removal in edits.removals]
    kept = 0
    k = 0
    for (start, part), (end, _) in itertools.pairwise(borders):
        at = start
        while at < end:
            while k < len(gaps) and gaps[k][1] <= at:
                k += 1
            stop = min(gaps[k][0], end) if k < len(gaps) else end
            if stop > at:
                pieces[part].append(text[at:stop])
                kept += stop - at
            at = max(stop, min(gaps[k][1], end)) if k < len(gaps) else stop
    removed = sum(end - start for start, end in gaps)
    if kept + removed != len(text):
        raise InvariantError(f"kept {kept} + removed {removed} characters are not the {len(text)} that were read")
    return {part: "".join(parts) for part, parts in pieces.items()}


def _check_order(text: str, spans: Sequence[Removal] | Sequence[Move]) -> None:
    at = 0
    for span in spans:
        if not at <= span.start < span.end <= len(text):
            raise InvariantError(f"span [{span.start}, {span.end}) is empty, overlaps one before it, or leaves the text")
        at = span.end
