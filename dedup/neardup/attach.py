"""Headings that go with the paragraphs they belong to.

A title or sub-heading is too short, and too often used again, to go as a duplicate of its own. But where a paragraph goes, the
heading beside it, equal to the heading beside the paragraph that stays, belongs to the copy and goes too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dedup.text.lines import LineTable


def find_attached(
    lines: LineTable, unit: NDArray[np.int64], compared: NDArray[np.bool_], reason: NDArray[np.uint8],
    gone: list[tuple[int, int]], twins: list[tuple[int, int]],
) -> dict[int, int]:  # fmt: skip
    """Rows of lines that go along, with the row of the equal line that stays.

    `unit`: output document of each line; `compared`: lines of paragraphs that were compared themselves; `reason`: why each
    line goes, 0 where it stays. `gone` and `twins`: first and last row of each paragraph that goes, and of its canonical one.
    """
    found: dict[int, int] = {}
    held: set[int] = set()

    def stays(row: int, beside: int) -> bool:
        return 0 <= row < len(lines) and unit[row] == unit[beside] and reason[row] == 0 and not compared[row]

    for here, there in zip(gone, twins, strict=True):
        for step, row, twin in ((-1, here[0], there[0]), (1, here[1], there[1])):
            mine, other = _next_heading(reason, row, step), _next_heading(reason, twin, step)
            while stays(mine, row) and stays(other, twin) and mine not in found and other not in found and mine not in held:
                if unit[mine] == unit[other] or lines.first[mine] != lines.first[other] or lines.second[mine] != lines.second[other]:
                    break
                found[mine] = other
                held.add(other)
                mine, other = _next_heading(reason, mine, step), _next_heading(reason, other, step)
    return found


def _next_heading(reason: NDArray[np.uint8], row: int, step: int) -> int:
    """The next line in a direction that is no boilerplate."""
    row += step
    while 0 <= row < len(reason) and reason[row] == 1:
        row += step
    return row
