"""Output documents as columns: input documents, and the articles moved out of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import regex

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.corpus import Corpus
    from dedup.stages import Outcome

PART: Final = regex.compile(r"(.+)#\d+~*")


@dataclass(frozen=True, slots=True)
class Units:
    """Output documents, by (document as read, part). `of_line`: the unit of each line; `source`: site number of each unit;
    `page`: the document it came to us in: its own, or `x` for one that an earlier run named `x#2`.
    """

    document: NDArray[np.int64]
    part: NDArray[np.int64]
    source: NDArray[np.int64]
    page: NDArray[np.int64]
    of_line: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.document)


def make_units(corpus: Corpus, stripped: Outcome) -> Units:
    """One unit for each document (also for an empty one) and each appended article."""
    extra = sorted(stripped.witnesses)
    document = np.array([*range(len(corpus)), *(each[0] for each in extra)], np.int64)
    part = np.array([*([1] * len(corpus)), *(each[1] for each in extra)], np.int64)
    order = np.lexsort((part, document))
    document, part = document[order], part[order]
    first_unit = np.searchsorted(document, np.arange(len(corpus)))
    of_line = first_unit[corpus.lines.document] + stripped.part - 1
    number = {name: k for k, name in enumerate(sorted(set(corpus.sources)))}
    source = np.array([number[name] for name in corpus.sources], np.int64)[document]
    return Units(document, part, source, _pages(corpus.ids)[document], of_line.astype(np.int64))


def _pages(ids: list[str]) -> NDArray[np.int64]:
    """For each document the one whose page it was an article of."""
    pages = np.arange(len(ids))
    number = {identity: k for k, identity in enumerate(ids)}
    for k, identity in enumerate(ids):
        match = PART.fullmatch(identity) if "#" in identity else None
        if match:
            pages[k] = number.get(match[1], k)
    return pages


def surviving_characters(corpus: Corpus, units: Units, stays: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Code points of the lines that stay, for each unit."""
    return np.bincount(units.of_line, corpus.lines.characters * stays, len(units)).astype(np.int64)
