"""What stayed around something that went."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any, NamedTuple

from dedup.io.inputs import line_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Line(NamedTuple):
    """A line of an input document that stays, and its number."""

    text: str
    number: int


def gone_spans(ledger: Iterable[dict[str, Any]]) -> list[tuple[int, int]]:
    """What was removed of a document, white space aside."""
    return [(row["start"], row["end"]) for row in ledger if row["action"] == "remove" and row["reason"] != "whitespace"]


def around(text: str, gone: Sequence[tuple[int, int]], start: int, end: int, count: int = 1) -> tuple[list[Line], list[Line]]:
    """The nearest lines that stay, before and behind a span, in order. `gone`: spans in order."""
    before: list[Line] = []
    at = start
    while at > 0 and len(before) < count:
        begin = text.rfind("\n", 0, at - 1) + 1
        _take(text, gone, begin, at, before)
        at = begin
    behind: list[Line] = []
    at = end
    while at < len(text) and len(behind) < count:
        stop = text.find("\n", at) + 1 or len(text)
        _take(text, gone, at, stop, behind)
        at = stop
    return before[::-1], behind


def _take(text: str, gone: Sequence[tuple[int, int]], begin: int, end: int, found: list[Line]) -> None:
    """Add a line that holds something and stays."""
    line = text[begin:end]
    first = begin + len(line) - len(line.lstrip())
    if first < end and not is_gone(gone, first):
        found.append(Line(line.strip(), line_of(text, begin)))


def is_gone(gone: Sequence[tuple[int, int]], at: int) -> bool:
    """Whether a code point is inside one of the spans."""
    k = bisect_right(gone, (at, 1 << 62)) - 1
    return k >= 0 and gone[k][0] <= at < gone[k][1]
