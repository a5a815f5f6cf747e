"""Everything that is removed in a run, as columns: the decisions about lines, with line ends and the white space left over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from dedup.columns import Columns
from dedup.decide import DUPLICATE
from dedup.errors import InvariantError
from dedup.kernels.edits import tidy_documents
from dedup.kernels.rows import Removals
from dedup.resting import letting_go
from dedup.text.groups import places_in
from dedup.threads import in_threads

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.corpus import Corpus
    from dedup.decide import Decision

WHITESPACE: Final = 5  # a reason beside those of `decide`


def make_removals(corpus: Corpus, decision: Decision, threads: int) -> Removals:
    """The removals of every document. Raises InvariantError where they overlap or leave a text (promise P1)."""
    headings = _headings(decision)
    found = Columns([name for name in Removals._fields if name != "first"], corpus.store)
    pairs = 0
    for part in letting_go(in_threads(lambda block: _of_block(corpus, decision, headings, block), range(len(corpus.store)), threads)):
        part["pair"][part["pair"] >= 0] += pairs
        pairs += len(part["twin"])
        found.add(part)
    columns = found.whole()
    return Removals(**columns, first=np.searchsorted(columns["document"], np.arange(len(corpus) + 1, dtype=np.int32)))


class _Headings(NamedTuple):
    """Lines that go with a paragraph, ascending, and the equal lines that stay for them."""

    lines: NDArray[np.int64]
    stays: NDArray[np.int64]


def _headings(decision: Decision) -> _Headings:
    lines = np.fromiter(decision.attached.keys(), np.int64, len(decision.attached))
    stays = np.fromiter(decision.attached.values(), np.int64, len(decision.attached))
    order = np.argsort(lines)
    return _Headings(lines[order], stays[order])


class _Twins(NamedTuple):
    """Duplicates by their first line, ascending: their last line, first and last line of what stays, ten thousandths of similarity."""

    row: NDArray[np.int64]
    last: NDArray[np.int64]
    twin: NDArray[np.int64]
    twin_last: NDArray[np.int64]
    alike: NDArray[np.int64]


def _twins(decision: Decision, headings: _Headings, begin: int, stop: int) -> _Twins:
    """Those among lines [begin, stop)."""
    paragraphs = decision.paragraphs
    low, high = places_in(paragraphs.first, (begin, stop))
    gone = low + np.flatnonzero(decision.canonical[low:high] != np.arange(low, high))
    gone = gone[decision.reason[paragraphs.first[gone]] == DUPLICATE]
    kept = decision.canonical[gone]
    mine = slice(*places_in(headings.lines, (begin, stop)).tolist())
    lines, stays = headings.lines[mine], headings.stays[mine]
    rows = np.r_[paragraphs.first[gone], lines]
    order = np.argsort(rows, kind="stable")
    return _Twins(
        rows[order],
        np.r_[paragraphs.last[gone], lines][order],
        np.r_[paragraphs.first[kept], stays][order],
        np.r_[paragraphs.last[kept], stays][order],
        np.r_[ten_thousandths(decision.similarity[gone]), np.full(len(lines), 10_000)][order],
    )


def ten_thousandths(shares: NDArray[np.float64]) -> NDArray[np.int64]:
    """Shares as Python rounds them to four places: those near a half are given to it, since multiplying rounds too."""
    scaled = shares * 10_000
    found = np.rint(scaled).astype(np.int64)
    near = np.flatnonzero(np.abs(scaled - np.floor(scaled) - 0.5) < 1e-6)
    found[near] = [round(round(share, 4) * 10_000) for share in shares[near].tolist()]
    return found


def _of_block(corpus: Corpus, decision: Decision, headings: _Headings, block: int) -> dict[str, NDArray[Any]]:
    """The columns of `Removals` for the documents of a block, `pair` counted from 0 in each."""
    low, high = places_in(corpus.block, (block, block + 1)).tolist()
    begin, stop = corpus.first_line[low], corpus.first_line[high]
    twins = _twins(decision, headings, begin, stop)
    document, byte, byte_end, start, end, row = _tidy(corpus, decision, twins, block, low, high)
    reason = np.full(len(row), WHITESPACE, np.uint8)
    reason[row >= 0] = decision.reason[row[row >= 0]]
    _check(document, start, end, corpus.characters)
    duplicate = reason == DUPLICATE
    pair = np.where(duplicate, np.searchsorted(twins.row, row), -1)
    places = np.int32 if corpus.end.max(initial=0) < 1 << 31 else np.int64
    return {
        "document": document.astype(np.int32), "byte": byte.astype(places), "byte_end": byte_end.astype(places),
        "start": start.astype(np.int32), "end": end.astype(np.int32), "row": row.astype(np.int32), "reason": reason,
        "pair": pair.astype(np.int32), "twin": twins.twin.astype(np.int32), "twin_last": twins.twin_last.astype(np.int32),
        "alike": twins.alike.astype(np.int16),
    }  # fmt: skip


def _tidy(corpus: Corpus, decision: Decision, twins: _Twins, block: int, low: int, high: int) -> NDArray[np.int64]:
    """The kernel's columns for documents [low, high), those of a block."""
    lines = corpus.lines
    begin, stop = corpus.first_line[low], corpus.first_line[high]
    mine = slice(begin, stop)
    last = np.arange(stop - begin)
    last[twins.row - begin] = twins.last - begin
    part = decision.stripped.part[mine]
    articles = (high - low) + int((part[1:] != part[:-1]).sum())
    out = np.empty((6, 2 * (stop - begin) + 2 * articles + (high - low)), np.int64)
    count = tidy_documents(
        corpus.store.get(block), corpus.start[low:high], corpus.end[low:high], corpus.characters[low:high],
        corpus.first_line[low : high + 1] - begin, lines.start[mine], lines.end[mine], lines.character[mine],
        lines.characters[mine], decision.reason[mine] > 0, last, part, out,
    )  # fmt: skip
    found = out[:, :count]
    found[0] += low
    found[5] = np.where(found[5] >= 0, found[5] + begin, -1)
    return found


def _check(document: NDArray[np.int64], start: NDArray[np.int64], end: NDArray[np.int64], characters: NDArray[np.int64]) -> None:
    """Removals are in order, not empty, free of overlap and within their text."""
    same = document[1:] == document[:-1]
    wrong = (start >= end).any() or (end > characters[document]).any()
    if wrong or (same & (start[1:] < end[:-1])).any() or (start < 0).any():
        raise InvariantError("a span that would go is empty, overlaps one before it, or leaves the text")
