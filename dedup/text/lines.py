"""Lines of documents as flat columns, and the paragraphs made of them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

STRETCH: Final = 1 << 20  # lines that are gone through at a time where columns would be made of what is seen of them
FEW: Final = 1024  # rows for which another thread is not worth its while

# What the scan notes about a line, as bits of `LineTable.flags`.
MARKED: Final = 1  # its words may be a marker of some rule: worth a look by the rules
FINAL: Final = 2  # ends like a sentence: . ! ? and their kin, closing quotes and brackets aside
BULLET: Final = 4  # begins with a bullet, dash or star and white space
GLUED: Final = 8  # words run together as where headlines were joined without a space
AFTER_BLANK: Final = 16  # a blank line, or the beginning of the document, stands before it
TAIL: Final = 64  # the last words of the document's first line, five and more
DOTS: Final = 32  # has ".." or "…" or ":" inside: how headlines are built


@dataclass(frozen=True, slots=True)
class LineTable:
    """The non-blank lines of a batch of documents, in order. All columns have one entry a line.

    `start`, `end`: bytes in the batch's text, without the line end. `character`: where it starts in its document, in
    code points; `characters`: its length in code points. `document`: ordinal within the batch.
    `words`: number of folded words. `first`, `second`: 128 bits of hash of the folded words. `flags`: see above.
    """

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    character: NDArray[np.int32]
    characters: NDArray[np.int32]
    document: NDArray[np.int32]
    words: NDArray[np.int32]
    first: NDArray[np.uint64]
    second: NDArray[np.uint64]
    flags: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.start)

    def part(self, rows: slice) -> LineTable:
        """Some rows that follow each other, not copied."""
        return LineTable(*(getattr(self, name)[rows] for name in LineTable.__slots__))


def take_lines(table: LineTable, rows: NDArray[np.int64], document: NDArray[np.int64]) -> LineTable:
    """Some rows of a table, as lines of other documents."""
    columns = {name: getattr(table, name)[rows] for name in LineTable.__slots__ if name != "document"}
    return LineTable(document=document.astype("int32"), **columns)


def stretches(document: NDArray[np.int32] | NDArray[np.int64]) -> list[slice]:
    """All rows of a table in stretches of whole documents; `document`: its column."""
    borders = [0]
    while borders[-1] < len(document):
        at = min(borders[-1] + STRETCH, len(document))
        borders.append(int(np.searchsorted(document, document[at - 1], side="right")))
    return [slice(low, high) for low, high in pairwise(borders)] or [slice(0, 0)]


def pieces(count: int, size: int) -> list[slice]:
    """So many rows in pieces of a size; of none there is one piece."""
    return [slice(begin, min(begin + size, count)) for begin in range(0, max(count, 1), size)]


def even_pieces(count: int, most: int, threads: int) -> list[slice]:
    """So many rows in pieces of no more than `most`, of about one size, so that all threads have work to the end."""
    turns = max(-(-count // (most * threads)), 1)
    return pieces(count, min(most, max(-(-count // (turns * threads)), FEW)))
