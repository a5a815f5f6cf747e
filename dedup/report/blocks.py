"""What went from a document, block by block, for reading in a terminal: where, why, the text, its twin, what stayed around it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from dedup.io.inputs import LineNumbers
from dedup.report.around import around, gone_spans
from dedup.report.paint import Terminal, differing
from dedup.text.cells import Styled, cut, name, shown
from dedup.text.compare import compare

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from dedup.text.compare import Piece

LINES: Final = 12  # of one block shown, unless all are asked for
BESIDE: Final = 120  # cells of a line beside it
SIGN: Final = {"gone": "  - ", "kept": "  + ", "moved": "  > "}
WORDS: Final = {"appended": "moved"}

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Twin:
    """Where the content of a duplicate stays."""

    document: str
    line: int
    text: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Block:
    """Neighbouring removals by one rule, a duplicate, or a move (`to`). `before`, `behind`: lines that stay around it."""

    first: int
    last: int
    reason: str
    rule: str
    text: str
    to: str
    twin: Twin | None
    before: tuple[str, ...]
    behind: tuple[str, ...]


def blocks_of(text: str, ledger: Sequence[Row], chosen: Sequence[Row], text_of: Callable[[str], str], context: int) -> list[Block]:
    """The `chosen` rows of a document's ledger as blocks. `text_of`: the text of an input document, for twins."""
    gone = gone_spans(text, ledger)
    number = LineNumbers(text)
    blocks: list[Block] = []

    @cache
    def numbered(identity: str) -> tuple[str, LineNumbers]:
        return text_of(identity), LineNumbers(text_of(identity))

    told = -1  # where the last line shown begins: none is shown twice
    for group in _neighbours(chosen, text):
        start, end = group[0]["start"], group[-1]["end"]
        before, behind = around(text, gone, start, end, context) if context and group[0]["action"] == "remove" else ([], [])
        block = Block(
            number.of(start), number.of(start + len(text[start:end].rstrip()) - 1), group[0]["reason"], group[0].get("rule", ""),
            text[start:end].strip("\r\n"), group[0].get("to", ""), _twin(group[0], numbered),
            tuple(text[slice(*line)] for line in before if line[0] > told), tuple(text[slice(*line)] for line in behind if line[0] > told),
        )  # fmt: skip
        told = max([told, *(line[0] for line in (*before, *behind))])
        blocks.append(block)
    return blocks


def _neighbours(rows: Sequence[Row], text: str) -> Iterator[list[Row]]:
    """Removals by one rule with nothing but white space between them, together; anything else alone."""
    group: list[Row] = []
    for row in rows:
        if group and not (_alike(group[-1], row) and not text[group[-1]["end"] : row["start"]].strip()):
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def _alike(one: Row, other: Row) -> bool:
    """Whether two rows are one block: not duplicates, each of which has a twin of its own, nor moves."""
    same = one["reason"] == other["reason"] and one.get("rule") == other.get("rule")
    return same and one["action"] == "remove" and "canonical" not in one and "canonical" not in other


def _twin(row: Row, numbered: Callable[[str], tuple[str, LineNumbers]]) -> Twin | None:
    if "canonical" not in row:
        return None
    place = row["canonical"]
    text, number = numbered(place["document"])
    return Twin(place["document"], number.of(place["start"]), text[place["start"] : place["end"]].strip(), row["similarity"])


def block_lines(head: str, block: Block, why: str, to: Terminal, *, full: bool = False) -> Iterator[str]:
    """One block in lines. `head`: what to call its place; `why`: of its rule, "" where that was told before."""
    because = f", {block.rule}" if block.rule else ""
    yield from to.lines([Styled(head, "head"), Styled(f": {WORDS.get(block.reason, block.reason)}{because}")], "", "    ")
    if why:
        yield from to.lines([Styled(f"({why})", "soft")], "  ", "   ")
    if block.to:
        yield from to.lines([Styled("a document of its own: "), Styled(name(block.to), "moved")], "  ", "    ")
        yield from _text_lines(block.text, "moved", to, full=full)
        return
    for line in block.before:
        yield from _context(line, to)
    if block.twin is None:
        yield from _text_lines(block.text, "gone", to, full=full)
    else:
        yield from _twin_lines(block, block.twin, to)
    for line in block.behind:
        yield from _context(line, to)


def _context(line: str, to: Terminal) -> Iterator[str]:
    """A line that stays, cut where it is long: it only says where we are."""
    return to.lines([Styled(cut(shown(line), BESIDE), "soft")], "  | ", "  | ")


def _text_lines(text: str, style: str, to: Terminal, *, full: bool) -> Iterator[str]:
    """The lines of a text, the middle of many left out."""
    listed = [line.strip() for line in text.split("\n") if line.strip()]
    skip = len(listed) - LINES if not full else 0
    for number, line in enumerate(listed):
        if skip > 1 and number == LINES - 2:
            yield f"    … {skip:,} more lines …"
        if skip <= 1 or number < LINES - 2 or number >= len(listed) - 2:
            yield from to.lines([Styled(shown(line), style)], SIGN[style], "    ")


def _twin_lines(block: Block, twin: Twin, to: Terminal) -> Iterator[str]:
    """What went, where it stays, and what stays there where that says other words."""
    here, there = compare(block.text.strip(), twin.text)
    yield from _compared(here, "gone", to)
    same = not any(piece.differs for piece in [*here, *there])
    how = "word for word" if same else f"similarity {twin.similarity:.4g}"
    yield from to.lines([Styled("stands in "), Styled(f"{name(twin.document)}:{twin.line}", "head"), Styled(f", {how}")], "  ", "    ")
    if not same:
        yield from _compared(there, "kept", to)


def _compared(pieces: list[Piece], style: str, to: Terminal) -> Iterator[str]:
    flat = [piece._replace(text=" ".join(piece.text.split("\n"))) for piece in pieces]
    yield from to.lines(differing(flat, style), SIGN[style], "    ")
