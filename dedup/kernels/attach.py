"""Headings that go with the paragraphs beside them, see `neardup.attach`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.kernels.jit import inlined, kernel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dedup.kernels.fold import Hashes
    from dedup.kernels.shingle import Index


@inlined
def next_heading(reason: NDArray[np.uint8], row: int, step: int) -> int:
    """The next line in a direction that is no boilerplate."""
    row += step
    while 0 <= row < reason.size and reason[row] == 1:
        row += step
    return row


@inlined
def may_go(row: int, beside: int, unit: Index, compared: NDArray[np.bool_], reason: NDArray[np.uint8]) -> bool:
    """Whether a line stays, in the document of the one beside it, and was not compared itself."""
    return 0 <= row < reason.size and unit[row] == unit[beside] and reason[row] == 0 and not compared[row]


@kernel
def attach(
    gone: Index, gone_last: Index, twin: Index, twin_last: Index, unit: Index, compared: NDArray[np.bool_], reason: NDArray[np.uint8],
    first: Hashes, second: Hashes, goes: NDArray[np.bool_], held: NDArray[np.bool_], found: Index, partner: Index,
) -> int:  # fmt: skip
    """Fill `found`: lines that go along, as they are found; `partner`: for each the equal line that stays. Returns their number.

    `goes`, `held`: all false, for notes of those that go and of those that stay for them.
    """
    count = 0
    for k in range(gone.size):
        for side in range(2):
            step = -1 if side == 0 else 1
            row, other = (gone[k], twin[k]) if side == 0 else (gone_last[k], twin_last[k])
            while True:
                beside, across = row, other
                row, other = next_heading(reason, row, step), next_heading(reason, other, step)
                if not may_go(row, beside, unit, compared, reason) or not may_go(other, across, unit, compared, reason):
                    break
                if goes[row] or goes[other] or held[row] or unit[row] == unit[other]:
                    break
                if first[row] != first[other] or second[row] != second[other]:
                    break
                goes[row] = held[other] = True
                found[count], partner[count] = row, other
                count += 1
    return count
