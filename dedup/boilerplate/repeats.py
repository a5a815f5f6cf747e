"""Site furniture without any marker: short lines at the edges of most pages of one source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from dedup.kernels.groups import mark_edges
from dedup.text.groups import distinct, grouped, seen_often

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.text.lines import LineTable

RULE: Final = "repeated/furniture"
WORDS: Final = (2, 40)  # longer lines are prose, which newsrooms do reuse: the duplicates stage decides about them
SHARE: Final = 0.3  # of a source's distinct documents: bylines and datelines of ten real newsrooms stay under 0.11
EDGE_SHARE: Final = 0.8  # of its occurrences at an edge: columns and sub-headings repeat in the middle
SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)  # makes one key of a line's hash and its source
HEAD_LINES: Final = 3
TAIL_LINES: Final = 5


def find_repeats(
    lines: LineTable, rows: NDArray[np.int64], unit: NDArray[np.int64], source: NDArray[np.int64], cluster: NDArray[np.int64], minimum: int
) -> NDArray[np.int64]:
    """Rows of the line table that are furniture.

    `rows`: lines that stay, in order; `unit`: the output document of each; `source` and `cluster`: of each unit. Pages that
    are near-duplicates share a cluster and count once: a page crawled twice must not make its own lines look like furniture.
    """
    if not len(rows):
        return rows
    edge = _at_edge(unit)
    words = lines.words[rows]
    asked = np.flatnonzero((words >= WORDS[0]) & (words <= WORDS[1]) & seen_often(lines.first[rows], minimum))
    if not len(asked):
        return asked
    place = source[unit[asked]]
    keys = lines.first[rows[asked]] ^ (place.astype(np.uint64) * SPREAD)
    group, first = grouped(keys)
    holders = np.bincount(distinct(group, cluster[unit[asked]]), minlength=len(first))
    at_edge = np.bincount(group, edge[asked], minlength=len(first)) / np.bincount(group, minlength=len(first))
    present = unit[np.r_[True, unit[1:] != unit[:-1]]]  # documents that nothing is left of do not count
    per_source = _clusters_per_source(source[present], cluster[present])
    share = holders / per_source[place[first]]
    furniture = (holders >= minimum) & (share >= SHARE) & (at_edge >= EDGE_SHARE)
    return rows[asked[furniture[group]]]


def _at_edge(unit: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether each line is among the first or last lines of its document; `unit` is non-decreasing."""
    edge = np.empty(len(unit), np.bool_)
    mark_edges(unit, HEAD_LINES, TAIL_LINES, edge)
    return edge


def _clusters_per_source(source: NDArray[np.int64], cluster: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.bincount(distinct(source, cluster), minlength=int(source.max()) + 1)
