"""Everything that is removed in a run, as columns: the decisions about lines, with line ends and the white space left over."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dedup.columns import Columns, empty_columns
from dedup.errors import InvariantError
from dedup.kernels.edits import Twins, list_removals, list_twins, tidy_documents
from dedup.kernels.rows import Removals
from dedup.resting import letting_go
from dedup.room import Room
from dedup.text.groups import places_in
from dedup.threads import in_threads

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.corpus import Corpus
    from dedup.decide import Decision


def make_removals(corpus: Corpus, decision: Decision, threads: int) -> Removals:
    """The removals of every document. Raises InvariantError where they overlap or leave a text (promise P1)."""
    headings = _headings(decision)
    names = [name for name in Removals._fields if name != "first"]
    found = Columns(names, corpus.store, threads)
    pairs = 0
    room = Room()
    blocks = range(len(corpus.store))
    for part in letting_go(in_threads(lambda block: _of_block(corpus, decision, headings, block, room), blocks, threads)):
        np.add(part.pair, pairs, out=part.pair, where=part.pair >= 0)
        pairs += len(part.twin)
        found.add({name: getattr(part, name) for name in names})
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


def _twins(decision: Decision, headings: _Headings, begin: int, stop: int) -> Twins:
    """Duplicates among lines [begin, stop)."""
    paragraphs = decision.paragraphs
    low, high = places_in(paragraphs.first, (begin, stop)).tolist()
    mine = slice(*places_in(headings.lines, (begin, stop)).tolist())
    lines, stays = headings.lines[mine], headings.stays[mine]
    most = high - low + len(lines)
    out = Twins(*empty_columns(most, np.int64, np.int64, np.int32, np.int32, np.float64))
    count = list_twins(
        paragraphs.first, paragraphs.last, decision.canonical, decision.similarity, low, high, decision.reason, lines, stays, out
    )
    return Twins._make(column[:count] for column in out)


def ten_thousandths(shares: NDArray[np.float64]) -> NDArray[np.int64]:
    """Shares as Python rounds them to four places: those near a half are given to it, since multiplying rounds too."""
    scaled = shares * 10_000
    found = np.rint(scaled).astype(np.int64)
    near = np.flatnonzero(np.abs(scaled - np.floor(scaled) - 0.5) < 1e-6)
    found[near] = [round(round(share, 4) * 10_000) for share in shares[near].tolist()]
    return found


def _of_block(corpus: Corpus, decision: Decision, headings: _Headings, block: int, room: Room) -> Removals:
    """Those of the documents of a block, `pair` counted from 0 in each, without `first`."""
    low, high = places_in(corpus.block, (block, block + 1)).tolist()
    begin, stop = corpus.first_line[low], corpus.first_line[high]
    twins = _twins(decision, headings, begin, stop)
    found, count = _tidy(corpus, decision, twins, block, low, high, room)
    places = np.int32 if corpus.end.max(initial=0) < 1 << 31 else np.int64
    alike, first = ten_thousandths(twins.similarity).astype(np.int16), np.zeros(0, np.int64)
    each = empty_columns(count, np.int32, places, places, np.int32, np.int32, np.int32, np.uint8, np.int32)
    columns = Removals._make([*each, twins.twin, twins.twin_last, alike, first])
    list_removals(found, low, begin, decision.reason, twins.row, columns)
    _check(columns.document, columns.start, columns.end, corpus.characters)
    return columns


def _tidy(corpus: Corpus, decision: Decision, twins: Twins, block: int, low: int, high: int, room: Room) -> tuple[NDArray[np.int64], int]:
    """The kernel's columns for documents [low, high), those of a block, and how many entries of them are filled."""
    lines = corpus.lines
    begin, stop = corpus.first_line[low], corpus.first_line[high]
    mine = slice(begin, stop)
    last = np.arange(stop - begin)
    last[twins.row - begin] = twins.last - begin
    part = decision.stripped.part[mine]
    articles = (high - low) + int((part[1:] != part[:-1]).sum())
    most = 2 * (stop - begin) + 2 * articles + (high - low)
    out = room.get("removals", 6 * most, np.int64).reshape(6, most)
    count = tidy_documents(
        corpus.store.get(block), corpus.start[low:high], corpus.end[low:high], corpus.characters[low:high],
        corpus.first_line[low : high + 1] - begin, lines.start[mine], lines.end[mine], lines.character[mine],
        lines.characters[mine], decision.reason[mine] > 0, last, part, decision.apart, decision.units.first[low:high], out,
    )  # fmt: skip
    return out, count


def _check(document: NDArray[np.int32], start: NDArray[np.int32], end: NDArray[np.int32], characters: NDArray[np.int64]) -> None:
    """Removals are in order, not empty, free of overlap and within their text."""
    same = document[1:] == document[:-1]
    wrong = (start >= end).any() or (end > characters[document]).any()
    if wrong or (same & (start[1:] < end[:-1])).any() or (start < 0).any():
        raise InvariantError("a span that would go is empty, overlaps one before it, or leaves the text")
