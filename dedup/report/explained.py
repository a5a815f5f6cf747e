"""`dedup explain` in lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dedup.report.blocks import block_lines, blocks_of
from dedup.text.cells import Styled, name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dedup.explain import Explained
    from dedup.report.paint import Terminal

GONE: Final = {
    "duplicate": ": every paragraph stands in another document",
    "remnant": ": too little was left once its duplicates went",
    "empty": ": nothing but furniture, or empty",
}


def explain_lines(explained: Sequence[Explained], whys: Mapping[str, str], to: Terminal, *, full: bool = False) -> Iterator[str]:
    """Why rows of documents are gone, and where their twins stand. `full`: no text is shortened."""
    left = dict(whys)  # each is told once
    for number, each in enumerate(explained):
        if number:
            yield ""
        yield from _document(each, left, to, full=full)


def _document(explained: Explained, whys: dict[str, str], to: Terminal, *, full: bool) -> Iterator[str]:
    row = explained.document.row
    kept = f"{row['characters_out']:,} of {row['characters_in']:,} characters stay{GONE.get(row['status'], '')}"
    yield from to.lines([Styled(name(row["id"]), "head"), Styled(f": {kept}")], "", "    ")
    how = row["restore"]
    file = name(how["path"]) + (f":{how['line']}" if "record" in how else "")
    if file != name(row["id"]):
        yield from to.lines([Styled(f"read from {file}")], "  ", "    ")
    if not explained.rows:
        yield "  nothing was removed here"
    document = explained.document
    for block in blocks_of(document.text, document.ledger, explained.rows, lambda twin: explained.twins[twin].text, 1):
        place = f"{name(row['id'])}:{block.first}" + (f"-{block.last}" if block.last > block.first else "")
        yield ""
        yield from block_lines(place, block, whys.pop(block.rule, ""), to, full=full)
