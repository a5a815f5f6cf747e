"""A result at a glance: as a line of text, and as HTML for notebooks. Texts stand in the direction they are written in."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.result import Removed, Result

ROWS: Final = 10  # removals shown: a glance, no report
CHARACTERS: Final = 160  # of each
STYLE: Final = "text-align:start;vertical-align:top"


def as_text(result: Result) -> str:
    """What a run did, in a line."""
    return f"<dedup.Result: {headline(result)}>"


def headline(result: Result) -> str:
    """Documents in and out, what was removed, what was left out."""
    summary = result.summary
    share = summary.characters_out / max(summary.characters_in, 1)
    said = f"{summary.documents_in:,} documents read, {summary.documents_out:,} kept ({share:.1%} of {summary.characters_in:,} characters)"
    gone = ", ".join(f"{count:,} {reason}" for reason, count in summary.removed.items() if reason != "whitespace")
    said += f"; removed: {gone or 'nothing'}"
    return said + (f"; {summary.unreadable:,} could not be read" if summary.unreadable else "")


def as_html(result: Result) -> str:
    """The line, and the first removals in a table."""
    rows = [row for row in result.removed if row.reason != "whitespace"]
    more = f"<p>and {len(rows) - ROWS:,} more: see <code>.removed</code></p>" if len(rows) > ROWS else ""
    head = "".join(f'<th style="{STYLE}">{name}</th>' for name in ("document", "reason", "text", "twin"))
    body = "".join(f"<tr>{''.join(_cells(result, row))}</tr>" for row in rows[:ROWS])
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}" if rows else ""
    return f"<div><p><b>{escape(headline(result))}</b></p>{table}</div>"


def _cells(result: Result, row: Removed) -> Iterator[str]:
    yield _cell(row.document)
    yield _cell(f"{row.reason}, {row.rule}" if row.rule else row.reason)
    yield _cell(row.text)
    if row.canonical is None:
        yield _cell("")
    else:
        yield _cell(f"{row.canonical.document} ({row.similarity})", result.text_of(row.canonical))


def _cell(*texts: str) -> str:
    """A cell in which each text, Arabic or not, has its own direction."""
    parts = "".join(f'<div dir="auto">{_short(text)}</div>' for text in texts)
    return f'<td style="{STYLE}">{parts}</td>'


def _short(text: str) -> str:
    text = text.strip()
    cut = text if len(text) <= CHARACTERS else text[: CHARACTERS - 1] + "…"
    return f"<bdi>{escape(cut)}</bdi>"
