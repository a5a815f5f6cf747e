"""Which output documents' paragraphs are runs of lines rather than lines, and how that changes while lines go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from dedup.neardup.paragraphs import wrapped_units
from dedup.text.lines import stretches

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.config import Config
    from dedup.corpus import Corpus
    from dedup.units import Units

REWRAPS: Final = 3  # rounds in which pages may change; more would be pages that make each other change


class Wraps:
    """The output documents that are `wrapped` for now.

    Lines of which some are far wider than the rest are not wrapped, and if the wide ones go as duplicates the rest is; taken for
    that, it may keep them again. What is left of such a page may change when it is cleaned again: they are counted.
    """

    def __init__(self, corpus: Corpus, units: Units, config: Config, wrapped: NDArray[np.bool_]) -> None:
        """`wrapped`: as they are taken at first."""
        self._corpus, self._units, self._config = corpus, units, config
        self.wrapped = self._looks = wrapped
        self._undone = np.zeros(len(units), np.bool_)  # wrapped once, and no longer: so they stay, or they would change for ever
        self._rounds = 0

    def look_again(self, stays: NDArray[np.bool_]) -> bool:
        """Go by the lines that stay; whether any document changes by that."""
        self._looks = wrapping(self._corpus, self._units, stays, self._config)
        self._undone |= self.wrapped & ~self._looks
        now = self._looks & ~self._undone
        if self._rounds == REWRAPS or np.array_equal(now, self.wrapped):
            return False
        self.wrapped = now
        self._rounds += 1
        return True

    @property
    def unsettled(self) -> int:
        """How many documents look otherwise than they are taken."""
        return int((self._looks != self.wrapped).sum())

    def apart(self, stays: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Documents in which lines that stay must not move together where others go from between them: they are wrapped, or
        would look so then, and would have other paragraphs.
        """
        return self.wrapped | self._looks | wrapping(self._corpus, self._units, stays, self._config, closed=True)


def wrapping(corpus: Corpus, units: Units, stays: NDArray[np.bool_], config: Config, *, closed: bool = False) -> NDArray[np.bool_]:
    """Which output documents' paragraphs are runs of lines, going by the lines that stay; with `closed`, as if the others had
    never been.
    """
    if config.paragraphs != "auto":
        return np.full(len(units), config.paragraphs == "block", np.bool_)
    wrapped = np.zeros(len(units), np.bool_)
    for mine in stretches(units.of_line):
        unit = units.of_line[mine]
        first, stop = (int(unit[0]), int(unit[-1]) + 1) if len(unit) else (0, 0)
        rows = np.flatnonzero(stays[mine])
        wrapped[first:stop] = wrapped_units(corpus.lines.part(mine), rows, unit[rows] - first, stop - first, closed=closed)
    return wrapped
