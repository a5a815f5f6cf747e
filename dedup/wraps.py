"""Which documents' paragraphs are runs of lines rather than lines, and how that changes while lines go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from dedup.neardup.paragraphs import wrapped_documents
from dedup.text.lines import stretches

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.config import Config
    from dedup.corpus import Corpus

REWRAPS: Final = 3  # rounds in which pages may change; more would be pages that make each other change


class Wraps:
    """The documents that are `wrapped` for now."""

    def __init__(self, corpus: Corpus, config: Config, wrapped: NDArray[np.bool_]) -> None:
        """`wrapped`: as they are taken at first."""
        self._corpus, self._config = corpus, config
        self.wrapped = self._looks = wrapped
        self._undone = np.zeros(len(corpus), np.bool_)  # wrapped once, and no longer: so they stay, or they would change for ever
        self._rounds = 0

    def look_again(self, stays: NDArray[np.bool_]) -> bool:
        """Go by the lines that stay; whether any document changes by that."""
        self._looks = wrapping(self._corpus, stays, self._config)
        self._undone |= self.wrapped & ~self._looks
        now = self._looks & ~self._undone
        if self._rounds == REWRAPS or np.array_equal(now, self.wrapped):
            return False
        self.wrapped = now
        self._rounds += 1
        return True

    def apart(self, stays: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Documents in which lines that stay must not move together where others go from between them: they are wrapped, or
        would look so then, and would have other paragraphs.
        """
        return self.wrapped | self._looks | wrapping(self._corpus, stays, self._config, closed=True)


def wrapping(corpus: Corpus, stays: NDArray[np.bool_], config: Config, *, closed: bool = False) -> NDArray[np.bool_]:
    """Which documents' paragraphs are runs of lines, going by the lines that stay; with `closed`, as if the others had never been."""
    if config.paragraphs != "auto":
        return np.full(len(corpus), config.paragraphs == "block", np.bool_)
    wrapped = np.zeros(len(corpus), np.bool_)
    for mine in stretches(corpus.lines.document):
        document = corpus.lines.document[mine]
        few = slice(document[0], document[-1] + 1) if len(document) else slice(0, 0)
        wrapped[few] = wrapped_documents(corpus.lines.part(mine), np.flatnonzero(stays[mine]), few, closed=closed)
    return wrapped
