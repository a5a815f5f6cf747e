"""`dedup diff` in lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.report.blocks import block_lines, blocks_of
from dedup.report.overview import percent
from dedup.text.cells import Styled, name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dedup.diff import Change
    from dedup.report.paint import Terminal


def change_lines(change: Change, text_of: Callable[[str], str], whys: dict[str, str], context: int, to: Terminal) -> Iterator[str]:
    """What would go from one document and what would become a document of its own. A why that is told is taken out of `whys`:
    once is enough.
    """
    gone = sum(row["end"] - row["start"] for row in change.chosen if row["action"] == "remove")
    share = percent(gone, len(change.text))
    yield from to.lines(
        [Styled(name(change.id), "head"), Styled(f": {gone:,} of {len(change.text):,} characters go ({share})")], "", "    "
    )
    if change.file != change.id:
        yield from to.lines([Styled(f"read from {name(change.file)}")], "  ", "    ")
    for block in blocks_of(change.text, change.ledger, change.chosen, text_of, context):
        lines = f"lines {block.first}-{block.last}" if block.last > block.first else f"line {block.first}"
        yield ""
        yield from block_lines(lines, block, whys.pop(block.rule, ""), to)
    yield ""
