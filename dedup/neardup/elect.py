"""Who stays: documents in canonical order, then a walk over each component of the match graph (DESIGN section 5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dedup.kernels.groups import best_of
from dedup.kernels.pairs import components, elect
from dedup.text.groups import ascending

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.neardup.match import Graph


@dataclass(frozen=True, slots=True)
class Election:
    """For each paragraph the paragraph it may go for, itself where it stays, and the similarity measured between them.

    `rewalked`: walks repeated because a fuller paragraph came later.
    """

    canonical: NDArray[np.int64]
    similarity: NDArray[np.float64]
    rewalked: int


def hold_election(class_of: NDArray[np.int64], classes: int, rank: NDArray[np.int64], graph: Graph) -> Election:
    """`class_of`: class of equal paragraphs of each paragraph; `rank`: canonical order of the document of each."""
    best = _best_members(class_of, classes, rank)
    priority = np.empty(classes, np.int64)
    priority[np.lexsort((best, rank[best]))] = np.arange(classes)
    leader, similarity, rewalked = _leaders(classes, priority, graph)
    return Election(best[leader][class_of], similarity[class_of], rewalked)


def _best_members(class_of: NDArray[np.int64], classes: int, rank: NDArray[np.int64]) -> NDArray[np.int64]:
    """Of each class of equal paragraphs, the one in the best document, the first there."""
    best = np.full(classes, -1, np.int64)
    best_of(class_of, rank, best)
    return best


def _leaders(classes: int, priority: NDArray[np.int64], graph: Graph) -> tuple[NDArray[np.int64], NDArray[np.float64], int]:
    leader, similarity = np.arange(classes), np.ones(classes)
    if not len(graph.removed):
        return leader, similarity, 0
    order = np.lexsort((priority[graph.kept], graph.removed))
    edges = graph.kept[order]
    heads = np.searchsorted(graph.removed[order], np.arange(classes + 1)).astype(np.int64)
    root = components(classes, graph.removed, graph.kept)
    touched = ascending(np.concatenate((graph.removed, graph.kept)))
    walk = touched[np.lexsort((priority[touched], root[touched]))]
    roots = root[walk]
    members = np.r_[np.flatnonzero(np.r_[True, roots[1:] != roots[:-1]]), len(walk)].astype(np.int64)
    rewalked = int(elect(heads, edges, walk, members, graph.fullness, leader))
    pair = graph.removed * np.int64(classes) + graph.kept
    by_pair = np.argsort(pair)
    gone = np.flatnonzero(leader != np.arange(classes))
    similarity[gone] = graph.similarity[by_pair[np.searchsorted(pair[by_pair], gone * np.int64(classes) + leader[gone])]]
    return leader, similarity, rewalked


def rank_documents(characters: NDArray[np.int64], tie: NDArray[np.int64], preference: NDArray[np.int64] | None) -> NDArray[np.int64]:
    """Canonical order (0 is best): by preference where there is one, else by most surviving text; ties by id."""
    rank = np.empty(len(characters), np.int64)
    keys = (tie, -characters) if preference is None else (tie, -characters, preference)
    rank[np.lexsort(keys)] = np.arange(len(characters))
    return rank
