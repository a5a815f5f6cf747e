"""Headings that go with the paragraphs they belong to.

A title or sub-heading is too short, and too often used again, to go as a duplicate of its own. But where a paragraph goes, the
heading beside it, equal to the heading beside the paragraph that stays, belongs to the copy and goes too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup.kernels.attach import attach

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.neardup.paragraphs import Paragraphs
    from dedup.text.lines import LineTable


def find_attached(
    lines: LineTable, unit: NDArray[np.int64], compared: NDArray[np.bool_], reason: NDArray[np.uint8],
    paragraphs: Paragraphs, gone: NDArray[np.int64], twins: NDArray[np.int64],
) -> dict[int, int]:  # fmt: skip
    """Rows of lines that go along, with the row of the equal line that stays.

    `unit`: output document of each line; `compared`: lines of paragraphs that were compared themselves; `reason`: why each
    line goes, 0 where it stays. `gone`, `twins`: paragraphs that go, and those that stay for them.
    """
    first, last = paragraphs.first, paragraphs.last
    goes, held = np.zeros(len(lines), np.bool_), np.zeros(len(lines), np.bool_)
    found, partner = np.empty(len(lines), np.int64), np.empty(len(lines), np.int64)  # of which the first ones take memory
    count = attach(
        first[gone], last[gone], first[twins], last[twins], unit, compared, reason, lines.first, lines.second, goes, held, found, partner
    )
    return dict(zip(found[:count].tolist(), partner[:count].tolist(), strict=True))
