"""What stayed around something that went."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Span = tuple[int, int]


def gone_spans(text: str, ledger: Iterable[dict[str, Any]]) -> list[Span]:
    """What was removed of a document, in order; removals with only white space between them are one span."""
    spans: list[Span] = []
    for row in ledger:
        if row["action"] == "remove" and row["reason"] != "whitespace":
            joins = bool(spans) and not text[spans[-1][1] : row["start"]].strip()
            spans.append((spans.pop()[0] if joins else row["start"], row["end"]))
    return spans


def around(text: str, gone: Sequence[Span], start: int, end: int, count: int = 1) -> tuple[list[Span], list[Span]]:
    """The nearest lines that stay and hold something, before and behind a span, in order."""
    before: list[Span] = []
    at = start
    while at > 0 and len(before) < count:
        hidden = _covering(gone, at - 1)
        begin = hidden[0] if hidden else max(text.rfind("\n", 0, at - 1) + 1, 0)
        if not hidden and (line := _line(text, gone, begin, at)):
            before.append(line)
        at = begin
    behind: list[Span] = []
    at = end
    while at < len(text) and len(behind) < count:
        hidden = _covering(gone, at)
        stop = hidden[1] if hidden else text.find("\n", at) + 1 or len(text)
        if not hidden and (line := _line(text, gone, at, stop)):
            behind.append(line)
        at = stop
    return before[::-1], behind


def _line(text: str, gone: Sequence[Span], begin: int, end: int) -> Span | None:
    """A line without the white space around it, if it holds something, and that stays."""
    line = text[begin:end]
    first = begin + len(line) - len(line.lstrip())
    return (first, begin + len(line.rstrip())) if first < end and not _covering(gone, first) else None


def _covering(gone: Sequence[Span], at: int) -> Span | None:
    """The span that a code point is inside of."""
    k = bisect_right(gone, (at, 1 << 62)) - 1
    return gone[k] if k >= 0 and gone[k][0] <= at < gone[k][1] else None
