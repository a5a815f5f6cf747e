"""Styled text as lines of a terminal: colours where it shows them, signs where it does not, wrapped at its width."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Final, NamedTuple

from dedup.text.cells import NARROWEST, Styled, shown, width, wrap
from dedup.text.compare import Piece, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

CODES: Final = {
    "head": "1", "soft": "2", "gone": "31", "kept": "32", "moved": "36", "gone-mark": "1;4;31", "kept-mark": "1;4;32",
}  # fmt: skip
SIGNS: Final = {"gone-mark": ("[-", "-]"), "kept-mark": ("{+", "+}")}  # as in wdiff, where there is no colour


class Terminal(NamedTuple):
    """What the lines are for. `width` in cells, 0 for lines as long as they are."""

    colour: bool = False
    width: int = 0

    def lines(self, pieces: Iterable[Styled], lead: str = "", further: str = "") -> Iterator[str]:
        """Lines that begin with `lead`, from the second on with `further`."""
        limit = max(self.width, NARROWEST) - max(width(lead), width(further)) if self.width else 0
        for number, line in enumerate(wrap(self._signed(pieces), limit)):
            runs = ((style, "".join(piece.text for piece in run)) for style, run in groupby(line, attrgetter("style")))
            yield (further if number else lead) + "".join(self._painted(text, style) for style, text in runs)

    def _signed(self, pieces: Iterable[Styled]) -> Iterator[Styled]:
        for text, style in pieces:
            before, behind = ("", "") if self.colour else SIGNS.get(style, ("", ""))
            yield Styled(f"{before}{text}{behind}", style)

    def _painted(self, text: str, style: str) -> str:
        code = CODES.get(style, "") if self.colour else ""
        return f"\x1b[{code}m{text}\x1b[0m" if code and text else text


def terminal(environment: Mapping[str, str], columns: int, *, is_terminal: bool) -> Terminal:
    """Colour and width for a stream: neither in a pipe, unless FORCE_COLOR asks for colour; NO_COLOR forbids it."""
    wanted = environment.get("FORCE_COLOR", "") not in ("", "0") or (is_terminal and environment.get("TERM") != "dumb")
    return Terminal(wanted and not environment.get("NO_COLOR"), columns if is_terminal else 0)


def differing(pieces: Iterable[Piece], style: str) -> Iterator[Styled]:
    """A compared text, shortened, in `style`, with what differs in `<style>-mark`."""
    for piece in shorten(pieces):
        if piece.skipped:
            yield Styled(f" … {piece.skipped:,} words{'' if piece.differs else ' alike'} … ", "soft")
        else:
            yield Styled(shown(piece.text), f"{style}-mark" if piece.differs else style)
