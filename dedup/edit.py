"""A document's edits applied, and proved."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from dedup.errors import InvariantError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.model import Edits, Move, Removal


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
