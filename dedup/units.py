"""Output documents as columns: input documents, and the articles moved out of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import regex

from dedup.kernels.paragraphs import count_staying

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.corpus import Corpus
    from dedup.stages import Outcome

PART: Final = regex.compile(r"(.+)#\d+~*")


@dataclass(frozen=True, slots=True)
class Units:
    """Output documents, by (document as read, part). `of_line`: the unit of each line; `source`: site number of each unit;
    `page`: the document it came to us in: its own, or that of `x` for one that an earlier run named `x#2`. `byte`, `byte_end`,
    `start`, `end`: where it stands in its block and, in code points, in its document. `first`: of each document its first
    unit; one entry more than documents.
    """

    document: NDArray[np.int64]
    part: NDArray[np.int64]
    source: NDArray[np.int64]
    page: NDArray[np.int64]
    of_line: NDArray[np.int64]
    byte: NDArray[np.int64]
    byte_end: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    first: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.document)


def make_units(corpus: Corpus, stripped: Outcome) -> Units:
    """One unit for each document (also for an empty one) and each appended article."""
    extra = sorted(stripped.witnesses)
    document = np.array([*range(len(corpus)), *(each[0] for each in extra)], np.int64)
    part = np.array([*([1] * len(corpus)), *(each[1] for each in extra)], np.int64)
    order = np.lexsort((part, document))
    document, part = document[order], part[order]
    first = np.searchsorted(document, np.arange(len(corpus) + 1))
    of_line = (first[corpus.lines.document] + stripped.part - 1).astype(np.int64)
    opens = np.searchsorted(of_line, np.flatnonzero(part > 1))  # the first line of each appended article
    byte, start = corpus.start[document], np.zeros(len(document), np.int64)
    byte[part > 1], start[part > 1] = corpus.lines.start[opens], corpus.lines.character[opens]
    closes = np.r_[document[1:] != document[:-1], True] if len(document) else np.zeros(0, np.bool_)
    byte_end = np.where(closes, corpus.end[document], np.r_[byte[1:], 0])
    end = np.where(closes, corpus.characters[document], np.r_[start[1:], 0])
    number = {name: k for k, name in enumerate(sorted(set(corpus.sources)))}
    source = np.array([number[name] for name in corpus.sources], np.int64)[document]
    return Units(document, part, source, _pages(corpus)[document], corpus.store.rest(of_line), byte, byte_end, start, end, first)


def _pages(corpus: Corpus) -> NDArray[np.int64]:
    """For each document the one whose page it was an article of.

    Where nothing was left of a page itself, the first of its articles stands for it. A numbering that begins with 1 is not one
    of articles: theirs begin with 2.
    """
    pages = np.arange(len(corpus))
    if not corpus.taken:
        return pages
    number = {identity: k for k, identity in enumerate(corpus.ids)}
    for identity in sorted(corpus.taken):
        match = PART.fullmatch(identity)
        if match and (match[1] in number or f"{match[1]}#1" not in corpus.taken):
            pages[number[identity]] = number.setdefault(match[1], number[identity])
    return pages


def surviving_characters(corpus: Corpus, units: Units, reason: NDArray[np.uint8], also: int = 0) -> NDArray[np.int64]:
    """Code points of the lines that stay, for each unit; `also`: a reason to go that is not minded."""
    characters = np.zeros(len(units), np.int64)
    count_staying(units.of_line, reason, also, corpus.lines.characters, characters)
    return characters
