"""Everything that is removed in a run, as columns: the decisions about lines, with line ends and the white space left over."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from dedup.decide import DUPLICATE
from dedup.errors import InvariantError
from dedup.kernels.edits import tidy_documents

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.corpus import Corpus
    from dedup.decide import Decision

WHITESPACE: Final = 5  # a reason beside those of `decide`


@dataclass(frozen=True, slots=True)
class Removals:
    """All removals, by document as read, then by where they start.

    `byte`, `byte_end`: in the document's block; `start`, `end`: code points of the document. `row`: the first line that goes,
    -1 for white space. `reason`: a code of `decide`, or WHITESPACE. `twin`: for duplicates the first and last line of the
    paragraph that stays for it, else -1. `similarity`: to that one. `first`: of each document its first removal; one entry more
    than documents.
    """

    document: NDArray[np.int64]
    byte: NDArray[np.int64]
    byte_end: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    row: NDArray[np.int64]
    reason: NDArray[np.uint8]
    twin: NDArray[np.int64]
    twin_last: NDArray[np.int64]
    similarity: NDArray[np.float64]
    first: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.document)


def make_removals(corpus: Corpus, decision: Decision, threads: int) -> Removals:
    """The removals of every document. Raises InvariantError where they overlap or leave a text (promise P1)."""
    rows, last, twin, twin_last, similarity = _twins(decision)
    last_row = np.arange(len(corpus.lines))
    last_row[rows] = last
    columns = _tidy(corpus, decision, last_row, threads)
    document, byte, byte_end, start, end, row = columns
    line = np.where(row >= 0, row, 0)
    reason = np.where(row >= 0, decision.reason[line] if len(decision.reason) else 0, WHITESPACE).astype(np.uint8)
    at = np.flatnonzero(reason == DUPLICATE)
    found = np.searchsorted(rows, row[at])
    twins, twins_last = np.full(len(row), -1), np.full(len(row), -1)
    similar = np.ones(len(row))
    twins[at], twins_last[at], similar[at] = twin[found], twin_last[found], similarity[found]
    first = np.searchsorted(document, np.arange(len(corpus) + 1))
    removals = Removals(document, byte, byte_end, start, end, row, reason, twins, twins_last, similar, first)
    _check(corpus, removals)
    return removals


def _twins(decision: Decision) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """For each duplicate, by its first line: its last line, first and last line of what stays for it, similarity."""
    paragraphs = decision.paragraphs
    gone = np.flatnonzero(decision.canonical != np.arange(len(paragraphs)))
    gone = gone[decision.reason[paragraphs.first[gone]] == DUPLICATE]
    kept = decision.canonical[gone]
    lines = np.fromiter(decision.attached.keys(), np.int64, len(decision.attached))
    stays = np.fromiter(decision.attached.values(), np.int64, len(decision.attached))
    rows = np.r_[paragraphs.first[gone], lines]
    order = np.argsort(rows, kind="stable")
    return (
        rows[order],
        np.r_[paragraphs.last[gone], lines][order],
        np.r_[paragraphs.first[kept], stays][order],
        np.r_[paragraphs.last[kept], stays][order],
        np.r_[decision.similarity[gone], np.ones(len(lines))][order],
    )


def _tidy(corpus: Corpus, decision: Decision, last_row: NDArray[np.int64], threads: int) -> NDArray[np.int64]:
    """The kernel's columns over all blocks."""
    lines, gone = corpus.lines, decision.reason > 0

    def work(block: int) -> NDArray[np.int64]:
        low, high = np.searchsorted(corpus.block, [block, block + 1])
        begin, stop = corpus.first_line[low], corpus.first_line[high]
        mine = slice(begin, stop)
        part = decision.stripped.part[mine]
        articles = (high - low) + int((part[1:] != part[:-1]).sum())
        out = np.empty((6, 2 * (stop - begin) + 2 * articles + (high - low)), np.int64)
        count = tidy_documents(
            corpus.store.get(block), corpus.start[low:high], corpus.end[low:high], corpus.characters[low:high],
            corpus.first_line[low : high + 1] - begin, lines.start[mine], lines.end[mine], lines.character[mine],
            lines.characters[mine], gone[mine], last_row[mine] - begin, part, out,
        )  # fmt: skip
        found = out[:, :count].copy()
        found[0] += low
        found[5] = np.where(found[5] >= 0, found[5] + begin, -1)
        return found

    with ThreadPoolExecutor(threads) as pool:
        parts = list(pool.map(work, range(len(corpus.store))))
    return np.concatenate(parts, axis=1) if parts else np.zeros((6, 0), np.int64)


def _check(corpus: Corpus, removals: Removals) -> None:
    """Removals are in order, not empty, free of overlap and within their text."""
    same = removals.document[1:] == removals.document[:-1]
    wrong = (removals.start >= removals.end).any() or (removals.end > corpus.characters[removals.document]).any()
    if wrong or (same & (removals.start[1:] < removals.end[:-1])).any() or (removals.start < 0).any():
        raise InvariantError("a span that would go is empty, overlaps one before it, or leaves the text")
