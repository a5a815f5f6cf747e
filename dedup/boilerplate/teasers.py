"""Teaser lists without any marker: leads of other articles of the source, one under the other at the end of a document.

One repeated paragraph proves nothing: newsrooms carry background paragraphs from story to story. A list of teasers gives
itself away by moving: each new article pushes the others down, so the same line stands now here, now there in the list,
while background keeps its distance from the end. And it is a habit of its source: the page template puts it everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from dedup.boilerplate.page import are_prose
from dedup.boilerplate.repeats import SPREAD
from dedup.text.groups import distinct, grouped

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.text.lines import LineTable

RULE: Final = "repeated/teasers"
# Measured on 28k documents of ten sources: one has lists (2,252 lines of 451 documents labelled), nine have none.
LEAD_WORDS: Final = 8  # labelled teasers have 11 and more, 99 % of them 15; shorter lines are headlines or furniture
RUN: Final = 3  # known lines that show a list; with 4, lists of three are lost (recall .61 -> .09 when lists are cut to three)
WITNESSES: Final = 2  # of them; 429 of 453 labelled ends with a list have two, none of 38 without
LISTS: Final = 5  # clusters whose documents show a list,
SHARE: Final = 0.01  # and share of all clusters of the source: .20 with lists; without at most .003, a serial that names its parts
SIZE_SHARE: Final = 0.7  # of the lists are equally long (of the labelled .84): then unknown lines within that length are teasers too


@dataclass(frozen=True, slots=True)
class _Lines:
    """The standing lines long enough for a teaser, in order, one entry a line. `at`: place among all standing lines;
    `document`: counted from 0; `left`: how many of these lines follow in the document; `group`: one number for equal words
    in one source; `lead`: the first prose of its document; `behind`: after that.
    """

    at: NDArray[np.int64]
    document: NDArray[np.int32]
    left: NDArray[np.int32]
    group: NDArray[np.int32]
    source: NDArray[np.int32]
    cluster: NDArray[np.int32]
    lead: NDArray[np.bool_]
    behind: NDArray[np.bool_]

    def per_document(self, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Number of chosen lines of each document."""
        return np.bincount(self.document[chosen], minlength=int(self.document[-1]) + 1)

    def holders(self, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
        """For each group, in how many clusters a chosen line of it stands."""
        return np.bincount(distinct(self.group[chosen], self.cluster[chosen]), minlength=int(self.group.max()) + 1)


def find_teasers(
    lines: LineTable, rows: NDArray[np.int64], unit: NDArray[np.int64], source: NDArray[np.int64], cluster: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Rows of the line table that are teasers.

    `rows`: lines that stay, in order; `unit`: the output document of each; `source` and `cluster`: of each unit. Pages that
    are near-duplicates share a cluster and count once. Looks again until nothing is found: lists stand one behind the
    other, and what is left would be left alone (promise P4).
    """
    stays = np.ones(len(rows), np.bool_)
    while True:
        every = bool(stays.all())  # millions of rows are not copied for nothing
        found = _look(_gather(lines, rows if every else rows[stays], unit if every else unit[stays], source, cluster))
        if not len(found):
            return rows[~stays]
        stays[np.flatnonzero(stays)[found]] = False


def _gather(
    lines: LineTable, rows: NDArray[np.int64], unit: NDArray[np.int64], source: NDArray[np.int64], cluster: NDArray[np.int64]
) -> _Lines:
    words = lines.words[rows]
    prose = np.flatnonzero(are_prose(words, lines.flags[rows]))
    first = np.full(int(unit.max(initial=0)) + 1, len(rows))
    np.minimum.at(first, unit[prose], prose)
    at = np.flatnonzero(words >= LEAD_WORDS)
    holder = unit[at].astype(np.int32)
    opens = np.flatnonzero(np.r_[True, holder[1:] != holder[:-1]][: len(at)])
    counts = np.diff(np.r_[opens, len(at)])
    left = np.repeat((opens + counts - 1).astype(np.int32), counts)
    left -= np.arange(len(at), dtype=np.int32)
    place = source.astype(np.int32)[holder]
    keys = place.astype(np.uint64)
    keys *= SPREAD
    keys ^= lines.first[rows[at]]
    group, _ = grouped(keys)
    document = np.repeat(np.arange(len(opens), dtype=np.int32), counts)
    return _Lines(
        at, document, left, group.astype(np.int32), place, cluster[holder].astype(np.int32), at == first[holder], at > first[holder],
    )  # fmt: skip


def _look(lines: _Lines) -> NDArray[np.int64]:
    """Find lists, learn from them which sources have the habit and how long theirs are, then take all that fit."""
    if not len(lines.at):
        return lines.at
    known = lines.behind & (lines.holders(np.ones(len(lines.at), np.bool_)) >= 2)[lines.group]
    run = _reaches_end(lines, known)
    length = lines.per_document(run)
    shown = (length >= RUN) & (lines.per_document(_witnesses(lines, run)) >= WITNESSES)
    habit, size = _habits(lines, shown, length)
    if not habit.any():
        return lines.at[:0]
    fixed = size[lines.source] > 0
    inside = (lines.left < size[lines.source]) & (known | _fills(lines, known, size))
    block = lines.behind & habit[lines.source] & np.where(fixed, inside, _pushed(lines, _reaches_end(lines, known | _gaps(lines, known))))
    shown &= length >= size[lines.source[lines.left == 0]]
    return lines.at[block & _spread(lines, run, block & known, shown)[lines.document]]


def _spread(lines: _Lines, run: NDArray[np.bool_], listed: NDArray[np.bool_], shown: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Documents whose list shares enough lines with whole lists, or with lists found so. Background carried between two
    stories moves too at times, but no whole list has it: without this 12 of 2,152 lines removed are such.
    """
    witnesses = _witnesses(lines, listed)
    sure = run
    while True:
        confirmed = np.zeros(int(lines.group.max()) + 1, np.bool_)
        confirmed[lines.group[sure & shown[lines.document]]] = True
        wider = shown | (lines.per_document(witnesses & confirmed[lines.group]) >= WITNESSES)
        if (wider == shown).all() and sure is listed:
            return shown
        sure, shown = listed, wider


def _reaches_end(lines: _Lines, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Lines from which on all are chosen, to the end of the document."""
    others = np.flatnonzero(~chosen)
    last = np.full(int(lines.document[-1]) + 1, -1)
    np.maximum.at(last, lines.document[others], others)
    return np.asarray(np.arange(len(chosen)) > last[lines.document], np.bool_)


def _witnesses(lines: _Lines, listed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Of the listed lines those that stand at another distance from the end in the list of another cluster, or as the
    lead of another article.
    """
    groups = int(lines.group.max()) + 1
    near, far = np.full(groups, len(listed)), np.full(groups, -1)
    np.minimum.at(near, lines.group[listed], lines.left[listed])
    np.maximum.at(far, lines.group[listed], lines.left[listed])
    leads = np.zeros(groups, np.bool_)
    leads[lines.group[lines.lead]] = True
    witness = leads | ((near < far) & (lines.holders(listed) >= 2))
    return listed & witness[lines.group]


def _habits(lines: _Lines, shown: NDArray[np.bool_], length: NDArray[np.int64]) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """For each source whether lists are its habit, and the length of its lists, 0 where it varies. Counted in clusters."""
    sources = int(lines.source.max()) + 1
    closing = lines.left == 0  # one line of each document
    every = np.bincount(distinct(lines.source[closing], lines.cluster[closing]), minlength=sources)
    (source, cluster, size), _ = _counted(lines.source[closing][shown], lines.cluster[closing][shown], length[shown])
    counts = np.bincount(distinct(source, cluster), minlength=sources)
    habit = (counts >= LISTS) & (counts >= SHARE * every)
    (holder, known), frequency = _counted(source, size)
    common = frequency >= SIZE_SHARE * np.bincount(source, minlength=sources)[holder]
    sizes = np.zeros(sources, np.int64)
    sizes[holder[common]] = known[common]  # of two equally frequent lengths the greater
    return habit, sizes


def _counted(*columns: NDArray[Any]) -> tuple[list[NDArray[Any]], NDArray[np.int64]]:
    """The distinct rows of columns, in order, and how often each stands in them."""
    order = np.lexsort(columns[::-1])
    ordered = [column[order] for column in columns]
    first = np.flatnonzero(np.any([np.diff(column, prepend=-1) != 0 for column in ordered], axis=0))
    return [column[first] for column in ordered], np.diff(first, append=len(order))


def _fills(lines: _Lines, known: NDArray[np.bool_], size: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Unknown lines that may belong to a list of fixed length: nothing stands between them and the next line of it, and the
    line above the list is unknown (else the list stands higher, and something else below it).
    """
    above = known & (lines.left == size[lines.source])
    shifted = lines.per_document(above)[lines.document] > 0
    beside = np.r_[np.diff(lines.at) == 1, False]
    touches = np.where(lines.left > 0, beside, np.r_[False, beside[:-1]])
    return np.asarray(~known & ~shifted & touches, np.bool_)


def _gaps(lines: _Lines, known: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Single unknown lines between known ones."""
    inner = np.zeros(len(known), np.bool_)
    inner[1:-1] = known[:-2] & known[2:] & (lines.document[:-2] == lines.document[2:])
    return np.asarray(inner & ~known, np.bool_)


def _pushed(lines: _Lines, run: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The run from the first line on that stands below another one in the run of another document: a list pushes its lines
    down, while background that happens to stand above the list is always on top.
    """
    below = run & np.r_[False, run[:-1] & (lines.document[1:] == lines.document[:-1])]
    settled = np.flatnonzero(run & (lines.holders(below)[lines.group] > below))
    top = np.full(int(lines.document[-1]) + 1, len(run))
    np.minimum.at(top, lines.document[settled], settled)
    return np.asarray(run & (np.arange(len(run)) >= top[lines.document]), np.bool_)
