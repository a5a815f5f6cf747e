"""A change as a unified diff, as `patch` reads it. Only whole lines are told apart, and the input's line ends are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dedup.diff import Change

QUOTED: Final = regex.compile(r'[\x00-\x1f\x7f"\\]')
NAMED: Final = {"\a": "\\a", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\v": "\\v", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


class Step(NamedTuple):
    """A run of lines: equal on both sides, or `old` replaced by `new`."""

    old: list[str]
    new: list[str]
    equal: bool


def unified(change: Change, context: int) -> Iterator[str]:
    """The document against what stays of it, then every document moved out of it, as new ones."""
    parts = iter(change.parts.items())
    _, kept = next(parts)
    moved = [(row["start"], row["end"]) for row in change.chosen if row["action"] == "move"]
    gone = [(row["start"], row["end"]) for row in change.chosen if row["action"] == "remove"]
    yield from _file(change.id, change.id if kept else None, _hunks(steps(change.text, _merged([*moved, *gone])), context))
    for identity, text in parts:
        if text:
            lines = _lines(text)
            yield from _file(None, identity, iter(["@@ -0,0 +1" + _count(len(lines)) + " @@\n", *_signed("+", lines)]))


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _lines(text: str) -> list[str]:
    """Lines with their ends, broken at line feeds only."""
    lines = text.split("\n")
    return [*(f"{line}\n" for line in lines[:-1]), *([lines[-1]] if lines[-1] else [])]


def steps(text: str, gone: Sequence[tuple[int, int]]) -> list[Step]:
    """The lines of a text, those that `gone` touches apart. `gone`: spans in order, free of overlap."""
    found: list[Step] = []
    at = k = 0
    for line in _lines(text):
        end = at + len(line)
        while k < len(gone) and gone[k][1] <= at:
            k += 1
        kept = _kept(text, gone, k, at, end)
        joins = bool(found) and not found[-1].equal and bool(found[-1].new) and not found[-1].new[-1].endswith("\n")
        equal = kept == line and not joins
        if not found or found[-1].equal != equal:
            found.append(Step([], [], equal))
        found[-1].old.append(line)
        if joins:  # the line before lost its end: what is left of both is one line
            found[-1].new[-1] += kept
        elif kept:
            found[-1].new.append(kept)
        at = end
    return found


def _kept(text: str, gone: Sequence[tuple[int, int]], k: int, at: int, end: int) -> str:
    parts = []
    while k < len(gone) and gone[k][0] < end:
        if gone[k][0] > at:
            parts.append(text[at : gone[k][0]])
        at = max(at, gone[k][1])
        k += 1
    if at < end:
        parts.append(text[at:end])
    return "".join(parts)


def _file(old: str | None, new: str | None, hunks: Iterator[str]) -> Iterator[str]:
    yield f"--- {_name('a', old)}\n"
    yield f"+++ {_name('b', new)}\n"
    yield from hunks


def _name(side: str, identity: str | None) -> str:
    """As git and patch quote it."""
    if identity is None:
        return "/dev/null"
    name = f"{side}/{identity}"
    if not QUOTED.search(name):
        return f"{name}\t" if " " in name else name
    return '"' + QUOTED.sub(lambda match: NAMED.get(match[0]) or f"\\{ord(match[0]):03o}", name) + '"'


def _hunks(found: list[Step], context: int) -> Iterator[str]:
    """Changes with up to `context` lines on each side; those that share their context are one hunk."""
    hunk: list[Step] = []
    old = new = 1  # the numbers of the next line on each side
    begin = (1, 1)
    for number, step in enumerate(found):
        if not step.equal:
            hunk.append(step)
        else:
            size = len(step.old)
            last = number == len(found) - 1
            if hunk and (size > 2 * context or last):
                tail = step.old[:context]
                yield from _hunk([*hunk, Step(tail, tail, equal=True)], begin)
                hunk = []
            if hunk:
                hunk.append(step)
            elif not last:
                head = step.old[max(size - context, 0) :]
                begin = (old + size - len(head), new + size - len(head))
                hunk = [Step(head, head, equal=True)]
        old += len(step.old)
        new += len(step.new)
    if any(not step.equal for step in hunk):
        yield from _hunk(hunk, begin)


def _hunk(parts: list[Step], begin: tuple[int, int]) -> Iterator[str]:
    old, new = sum(len(step.old) for step in parts), sum(len(step.new) for step in parts)
    at = begin[0] if old else begin[0] - 1, begin[1] if new else begin[1] - 1
    yield f"@@ -{at[0]}{_count(old)} +{at[1]}{_count(new)} @@\n"
    for step in parts:
        if step.equal:
            yield from _signed(" ", step.old)
        else:
            yield from _signed("-", step.old)
            yield from _signed("+", step.new)


def _count(lines: int) -> str:
    return "" if lines == 1 else f",{lines}"


def _signed(sign: str, lines: list[str]) -> Iterator[str]:
    for line in lines:
        yield f"{sign}{line}" if line.endswith("\n") else f"{sign}{line}\n\\ No newline at end of file\n"
