"""Which sources could hold flattened pages at all: a look at three columns, before `density` measures every line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from dedup.boilerplate.density import REPEATED, SHORT_LINES
from dedup.boilerplate.shape import SHORT, UNSPACED, WORD_CHARACTERS
from dedup.text.lines import FINAL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.text.lines import LineTable

# A line counts as a short one by half the sum of its words and its characters in words, or by its words in a script without
# spaces; so none has more words or characters than these. A page is flattened with that many of them, or with more.
MOST_WORDS: Final = max(2 * SHORT, SHORT / UNSPACED[1])
MOST_CHARACTERS: Final = max(2 * SHORT * WORD_CHARACTERS, UNSPACED[0] * SHORT / UNSPACED[1])
LEAST_LINES: Final = min(SHORT_LINES, REPEATED[0])


def lines_to_measure(lines: LineTable, rows: NDArray[np.int64], unit: NDArray[np.int64], source: NDArray[np.int64]) -> NDArray[np.int64]:
    """Those of `rows` (lines that stay) whose source has a page that was read with so many short lines that it may be flattened.

    Lines are only compared within their source: without the others `density.find_flattened_sites` finds the same.
    """
    short = (lines.words <= MOST_WORDS) & (lines.characters <= MOST_CHARACTERS) & ((lines.flags & FINAL) == 0)
    menus = np.bincount(lines.document[short]) >= LEAST_LINES
    if not menus.any():
        return rows[:0]
    asked = np.zeros(int(source.max()) + 1, np.bool_)
    holds = np.zeros(int(lines.document[-1]) + 1, np.bool_)
    holds[: len(menus)] = menus
    asked[source[unit[holds[lines.document[rows]]]]] = True
    return rows if asked.all() else rows[asked[source[unit]]]
