"""From distinct paragraphs to the graph of who may go for whom."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from dedup.neardup.join import join
from dedup.neardup.lookalikes import look_alikes
from dedup.neardup.tokens import Tokens
from dedup.neardup.verify import FLOOR, Pairs, all_shared, verify
from dedup.text.groups import ascending, order_of, packed, unpack

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.config import Config
    from dedup.io.store import BlockStore
    from dedup.neardup.join import Joined
    from dedup.neardup.sets import Spans
    from dedup.neardup.verify import Verdicts


@dataclass(frozen=True, slots=True)
class Graph:
    """Verified edges between distinct paragraphs: `removed[e]` may go as long as `kept[e]` stays.

    `similarity`: the containment that passed; `jaccard`: of word 2-grams; `by_characters`: which witness passed.
    `fullness`: distinct paragraphs, those of the edges at least, ranked by folded letters (ties by numbers, word pairs and hash, so
    that no two are equal).
    `candidates`, `large_groups`: what the search went through.
    """

    removed: NDArray[np.int64]
    kept: NDArray[np.int64]
    similarity: NDArray[np.float64]
    jaccard: NDArray[np.float64]
    by_characters: NDArray[np.bool_]
    fullness: NDArray[np.int64]
    candidates: int
    large_groups: int


def build_graph(spans: Spans, store: BlockStore, config: Config, threads: int) -> Graph:
    """Join, sign and band what the join did not ask, compare: all verified pairs that are found.

    The join finds every pair but those that only share what very many paragraphs share; among these look-alikes MinHash and its
    representatives find the ones that matter. With `config.exact` the join asks all, at whatever cost.
    """
    with closing(Tokens(spans, store, config, threads)) as tokens:
        joined = join(tokens, FLOOR, config)
        banded, large = look_alikes(tokens, spans, joined, config) if joined.partial.any() else (np.zeros(0, np.uint64), 0)
    pairs = _with_banded(spans, store, joined, banded, tokens.sizes, config, threads)
    graph = _graph(tokens.spans, store, pairs, tokens.letters, config, threads, every=bool(joined.partial.any()))
    return replace(graph, large_groups=max(large, 1) if joined.partial.any() else 0)


def copies(spans: Spans, store: BlockStore, config: Config, threads: int) -> Graph:
    """Verified pairs by their words alone, which is enough to see which documents are copies of another."""
    with closing(Tokens(spans, store, config, threads)) as tokens:
        joined = join(tokens, config.threshold, config)
    left, right = unpack(joined.pairs)
    smaller = tokens.sizes[left] <= tokens.sizes[right]
    removed, kept = np.where(smaller, left, right), np.where(smaller, right, left)
    numbers = all_shared(tokens.spans, store, removed, kept, "numbers", config, threads)
    guarded = numbers.common == numbers.in_left
    count = int(guarded.sum())
    return Graph(
        removed[guarded], kept[guarded], np.ones(count), np.ones(count), np.zeros(count, np.bool_),
        _fullness(spans, ascending(np.concatenate((left, right))), tokens.letters), len(removed), 0,
    )  # fmt: skip


def ask(spans: Spans, asked: NDArray[np.int64], store: BlockStore, config: Config, threads: int) -> Graph:
    """Every verified pair that some of the paragraphs have with any, found without sampling and at whatever cost."""
    with closing(Tokens(spans, store, config, threads)) as tokens:
        joined = join(tokens, FLOOR, config, np.isin(np.arange(len(spans)), asked))
    first = np.r_[np.ones(min(len(joined.pairs), 1), np.bool_), joined.pairs[1:] != joined.pairs[:-1]]  # two that ask each other
    left, right = unpack(joined.pairs[first])
    return _graph(tokens.spans, store, Pairs(left, right, joined.common[first], tokens.sizes), tokens.letters, config, threads)


def verify_again(graph: Graph, spans: Spans, store: BlockStore, config: Config, threads: int) -> Graph:
    """The graph at thresholds that are no lower than those it was made with: what passes them passed those, so no other pair
    need be asked.
    """
    left, right = unpack(ascending(packed(graph.removed, graph.kept)))
    words = all_shared(spans, store, left, right, "words", config, threads)
    sizes = np.zeros(len(spans), np.int32)
    sizes[left], sizes[right] = words.in_left, words.in_right
    pairs = Pairs(left, right, words.common, sizes)
    verified = _edges(pairs, verify(spans, store, pairs, config, threads), graph.fullness)
    return replace(verified, candidates=graph.candidates, large_groups=graph.large_groups)


def _with_banded(
    spans: Spans, store: BlockStore, joined: Joined, banded: NDArray[np.uint64], sizes: NDArray[np.int32], config: Config, threads: int
) -> Pairs:
    """The pairs of the join, and of those that share a band the ones that share as much."""
    new = banded[~np.isin(banded, joined.pairs)] if len(banded) else banded
    left, right = unpack(new)
    common = all_shared(spans, store, left, right, "words", config, threads).common
    enough = common >= np.ceil(FLOOR * np.minimum(sizes[left], sizes[right]) - 1e-9)
    left, right = unpack(np.concatenate((joined.pairs, new[enough])))
    return Pairs(left, right, np.concatenate((joined.common, common[enough])), sizes)


def _graph(
    spans: Spans, store: BlockStore, pairs: Pairs, letters: NDArray[np.int32], config: Config, threads: int, *, every: bool = False
) -> Graph:
    """`every`: rank all paragraphs, also those of no pair, since there may be more pairs later."""
    verdicts = verify(spans, store, pairs, config, threads)
    store.give_back()
    ranked = np.arange(len(spans)) if every else ascending(np.concatenate((pairs.left, pairs.right)))
    return _edges(pairs, verdicts, _fullness(spans, ranked, letters, *_ties(pairs, verdicts, letters)))


def _ties(pairs: Pairs, verdicts: Verdicts, letters: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Numbers and word pairs of paragraphs as long as another that they may go for, or that may go for them, but not both: the
    one with more of them is the fuller one.
    """
    tied = (letters[pairs.left] == letters[pairs.right]) & (verdicts.right.passed != verdicts.left.passed)
    numbers, sizes = np.zeros(len(letters), np.int32), np.zeros(len(letters), np.int32)
    for side, count in ((pairs.left, verdicts.numbers[0]), (pairs.right, verdicts.numbers[1])):
        numbers[side[tied]] = count[tied]
        sizes[side[tied]] = pairs.sizes[side[tied]]
    return numbers, sizes


def _fullness(spans: Spans, ranked: NDArray[np.int64], *keys: NDArray[np.int32]) -> NDArray[np.int64]:
    """The rank by keys, the first one first, of the spans that are to be ranked; 0 of the others."""
    fullness = np.zeros(len(spans), np.int64)
    columns: list[NDArray[Any]] = [spans.key, *keys[::-1]]
    for column in columns:  # each keeps the order of those before among equals
        ranked = ranked[order_of(column[ranked].astype(np.uint64))]
    fullness[ranked] = np.arange(len(ranked))
    return fullness


def _edges(pairs: Pairs, verdicts: Verdicts, fullness: NDArray[np.int64]) -> Graph:
    """The edges that the length guard allows: the shorter may go for the longer; the longer for the shorter only if each is
    contained in the other. Edges that go one way must follow one strict order, or three paragraphs could each wait for the next
    (see `elect`).
    """
    left, right = pairs.left, pairs.right
    jaccard = pairs.common / np.maximum(pairs.sizes[left] + pairs.sizes[right] - pairs.common, 1)
    both = verdicts.right.passed & verdicts.left.passed
    shorter = fullness[left] < fullness[right]
    goes_right = verdicts.right.passed & (shorter | both)
    goes_left = verdicts.left.passed & (~shorter | both)
    return Graph(
        removed=np.concatenate((left[goes_right], right[goes_left])),
        kept=np.concatenate((right[goes_right], left[goes_left])),
        similarity=np.concatenate((verdicts.right.score[goes_right], verdicts.left.score[goes_left])),
        jaccard=np.concatenate((jaccard[goes_right], jaccard[goes_left])),
        by_characters=np.concatenate((verdicts.right.by_characters[goes_right], verdicts.left.by_characters[goes_left])),
        fullness=fullness,
        candidates=len(left),
        large_groups=0,
    )
