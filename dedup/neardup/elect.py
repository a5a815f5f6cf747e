"""Who stays: documents in canonical order, then a walk over each component of the match graph (DESIGN section 5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dedup.columns import Columns
from dedup.kernels.groups import best_among
from dedup.kernels.pairs import components, elect
from dedup.text.groups import in_order, order_of, pack, renumbered, unpack
from dedup.text.lines import STRETCH, pieces

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from dedup.io.store import BlockStore
    from dedup.neardup.match import Graph


@dataclass(frozen=True, slots=True)
class Election:
    """For each paragraph the paragraph it may go for, itself where it stays, and the similarity measured between them.

    `rewalked`: walks repeated because a fuller paragraph came later.
    """

    canonical: NDArray[np.int64]
    similarity: NDArray[np.float64]
    rewalked: int


def hold_election(
    class_of: NDArray[np.int64], classes: int, rank_of: Callable[[slice], NDArray[np.int64]], stays: NDArray[np.bool_], graph: Graph,
    store: BlockStore, threads: int,
) -> Election:  # fmt: skip
    """`class_of`: class of equal paragraphs of each paragraph; `rank_of`: canonical order of the documents of a stretch of them;
    `stays`: those that take part, the others keep themselves.
    """
    stretches = pieces(len(class_of), STRETCH)
    best, rank = np.full(classes, -1, np.int64), np.empty(classes, np.int64)
    for mine in stretches:
        best_among(class_of[mine], rank_of(mine), stays[mine], mine.start, best, rank)
    store.give_back()
    led = _leaders(best, rank, graph)
    del rank
    best[led.gone] = best[led.leader]
    place = np.zeros(classes, np.int32)  # among those that go, counted from 1
    place[led.gone] = np.arange(1, len(led.gone) + 1)
    found = Columns(("canonical", "similarity"), store, threads)
    for mine in stretches:
        number = class_of[mine]
        similarity, hit = np.ones(len(number)), stays[mine] & (place[number] > 0)
        similarity[hit] = led.similarity[place[number[hit]] - 1]
        found.add({"canonical": np.where(stays[mine], best[number], np.arange(mine.start, mine.stop)), "similarity": similarity})
    return Election(**found.whole(), rewalked=led.rewalked)


def gone_of(canonical: NDArray[np.int64]) -> NDArray[np.int64]:
    """Paragraphs that go for another."""
    stretches = pieces(len(canonical), STRETCH)
    return np.concatenate([mine.start + np.flatnonzero(canonical[mine] != np.arange(mine.start, mine.stop)) for mine in stretches])


class _Led(NamedTuple):
    """Classes that go, ascending, the one that each goes for, and the similarity between them; how many walks were repeated."""

    gone: NDArray[np.int64]
    leader: NDArray[np.int64]
    similarity: NDArray[np.float64]
    rewalked: int


def _leaders(best: NDArray[np.int64], rank: NDArray[np.int64], graph: Graph) -> _Led:
    """Among the classes that have a member (`best`, of whose document `rank` is the order). Those that no edge touches stay, so
    only the others are looked at.
    """
    there = (best[graph.removed] >= 0) & (best[graph.kept] >= 0)
    ends = graph.removed[there], graph.kept[there]
    touched, removed, kept = renumbered(*ends, len(best))
    count = len(touched)
    by_priority = order_of(pack(rank[touched], best[touched]))
    priority = np.empty(count, np.int64)
    priority[by_priority] = np.arange(count)
    edges = pack(removed, priority[kept])
    order = order_of(edges)
    edges = edges[order]
    heads = np.searchsorted(edges, pack(np.arange(count + 1), np.zeros(count + 1, np.int64)))
    root, walk = unpack(in_order(pack(components(count, removed, kept), priority)))
    members = np.r_[np.flatnonzero(np.diff(root, prepend=-1)), count]
    leader = np.arange(count)
    rewalked = int(elect(heads, by_priority[unpack(edges)[1]], by_priority[walk], members, graph.fullness[touched], leader))
    gone = np.flatnonzero(leader != np.arange(count))
    similarity = graph.similarity[there][order[np.searchsorted(edges, pack(gone, priority[leader[gone]]))]]
    return _Led(touched[gone], touched[leader[gone]], similarity, rewalked)


def rank_documents(characters: NDArray[np.int64], tie: NDArray[np.int64], preference: NDArray[np.int64] | None) -> NDArray[np.int64]:
    """Canonical order (0 is best): by preference where there is one, else by most surviving text; ties by id."""
    rank = np.empty(len(characters), np.int64)
    keys = (tie, -characters) if preference is None else (tie, -characters, preference)
    rank[np.lexsort(keys)] = np.arange(len(characters))
    return rank
