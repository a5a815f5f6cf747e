"""From distinct paragraphs to the graph of who may go for whom."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from dedup.kernels import pairs as pair_kernels
from dedup.kernels import shingle as shingle_kernels
from dedup.memory import memory_limit
from dedup.neardup.banding import banding_of
from dedup.neardup.exact import bucket_bits, join
from dedup.neardup.minhash import permutations
from dedup.neardup.places import Places
from dedup.neardup.sets import Sets, Spans
from dedup.neardup.spilled import find_candidates, number_mask

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.config import Config
    from dedup.io.store import BlockStore
    from dedup.neardup.spilled import Candidates

GROUP_LIMIT: Final = 64  # a band group this large is compared through representatives; ordinary groups have two to ten
GROUP_WINDOW: Final = 8  # representatives and neighbours each item of a large group is compared with
SEARCH_PART: Final = 3  # of the memory that a run may take: the search's part
BYTES_PER_BYTE: Final = 4  # of memory that the search takes in one piece for each byte of text (measured: 3.1 on 300 MB)
PAIR_BYTES: Final = 2000  # of memory for each pair that is compared: two sets of word pairs, of characters, of numbers
FLOOR: Final = 0.65  # containment of word 2-grams below which characters are not asked; of accepted real pairs none had under .68
HEAVY: Final = 10_000  # paragraphs that share a word pair beyond which the join does not ask by it: templates, not copies


@dataclass(frozen=True, slots=True)
class Graph:
    """Verified edges between distinct paragraphs: `removed[e]` may go as long as `kept[e]` stays.

    `similarity`: the containment that passed; `jaccard`: of word 2-grams; `by_characters`: which witness passed.
    `fullness`: distinct paragraphs ranked by folded letters (ties by hash, so that no two are equal). `candidates`,
    `large_groups`: what the search went through.
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
    """Sign, band, join, compare: all verified pairs that are found.

    The join finds every pair but those that only share what very many paragraphs share; among these look-alikes MinHash and its
    representatives find the ones that matter. With `config.exact` the join asks all, at whatever cost. Where memory does not
    hold the sets of all paragraphs, candidates are found by files, and compared some at a time.
    """
    heavy = len(spans) if config.exact else HEAVY
    budget = memory_limit(config) // SEARCH_PART
    if int((spans.end - spans.start).sum()) * BYTES_PER_BYTE <= budget:
        words = Sets(spans, store, np.arange(len(spans)), "words", threads)
        contained, over = join(words.pool, words.bounds, bucket_bits(spans), FLOOR, heavy, threads)
        found, large = _banded(_sign(words, config, threads))
        left, right = unpack(_unique(np.concatenate((found, contained))))
        return _verify(spans, store, words, _fullness(spans, words.letters), left, right, large + over if over else 0, config, threads)
    named = find_candidates(spans, store, config, threads, budget, FLOOR, heavy, _pair_up)
    fullness = _fullness(spans, named.letters)
    large = named.large + named.heavy if named.heavy else 0
    parts = [
        _verify_some(spans, store, named, fullness, pairs, large, config, threads)
        for pairs in _pieces(_unique(np.concatenate((named.banded, named.asked))), budget)
    ]
    return _joined(parts, fullness, large)


def _fullness(spans: Spans, letters: NDArray[np.int32]) -> NDArray[np.int64]:
    fullness = np.empty(len(spans), np.int64)
    fullness[np.lexsort((spans.key, letters))] = np.arange(len(spans))
    return fullness


def _pieces(pairs: NDArray[np.uint64], budget: int) -> list[NDArray[np.uint64]]:
    """Pairs by as many as may be compared at a time."""
    return np.array_split(pairs, max(1, -(-len(pairs) * PAIR_BYTES // max(budget, 1))))


def _verify_some(
    spans: Spans, store: BlockStore, found: Candidates, fullness: NDArray[np.int64], pairs: NDArray[np.uint64], large: int,
    config: Config, threads: int,
) -> Graph:  # fmt: skip
    """Compare some of the pairs; of those that only their sketches named, the ones that the join would not name are no candidates."""
    left, right = unpack(pairs)
    used, inverse = np.unique(np.concatenate((left, right)), return_inverse=True)
    some = Spans(spans.block[used], spans.start[used], spans.end[used], spans.key[used])
    a, b = inverse[: len(left)], inverse[len(left) :]
    words = Sets(some, store, np.arange(len(used)), "words", threads)
    smaller = np.minimum(words.sizes[a], words.sizes[b])
    named = np.isin(pairs, found.banded) | (words.shared(a, b) >= np.ceil(FLOOR * smaller - 1e-9))
    graph = _verify(some, store, words, fullness[used], a[named], b[named], large, config, threads)
    return replace(graph, removed=used[graph.removed], kept=used[graph.kept])


def _joined(parts: list[Graph], fullness: NDArray[np.int64], large: int) -> Graph:
    """One graph of the edges of several."""

    def column(name: str) -> Any:
        return np.concatenate([getattr(part, name) for part in parts])

    return Graph(
        column("removed"), column("kept"), column("similarity"), column("jaccard"), column("by_characters"),
        fullness, sum(part.candidates for part in parts), large,
    )  # fmt: skip


def copies(spans: Spans, store: BlockStore, config: Config, threads: int) -> Graph:
    """Verified pairs by their words alone, which is enough to see which documents are copies of another."""
    if int((spans.end - spans.start).sum()) * BYTES_PER_BYTE > memory_limit(config) // SEARCH_PART:
        return build_graph(spans, store, config, threads)
    words = Sets(spans, store, np.arange(len(spans)), "words", threads)
    found, _ = join(words.pool, words.bounds, bucket_bits(spans), config.threshold, HEAVY, threads)
    left, right = unpack(found)
    smaller = words.sizes[left] <= words.sizes[right]
    removed, kept = np.where(smaller, left, right), np.where(smaller, right, left)
    guarded, _ = _number_guard(spans, store, removed, kept, threads)
    count = int(guarded.sum())
    return Graph(
        removed[guarded], kept[guarded], np.ones(count), np.ones(count), np.zeros(count, np.bool_), _fullness(spans, words.letters),
        len(found), 0,
    )  # fmt: skip


def ask(spans: Spans, asked: NDArray[np.int64], store: BlockStore, config: Config, threads: int) -> Graph:
    """Every verified pair that some of the paragraphs have with any, found without sampling and at whatever cost."""
    words = Sets(spans, store, np.arange(len(spans)), "words", threads)
    found, _ = join(words.pool, words.bounds, bucket_bits(spans), FLOOR, len(spans), threads, asked)
    left, right = unpack(_unique(found))
    return _verify(spans, store, words, _fullness(spans, words.letters), left, right, 0, config, threads)


def unpack(pairs: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The two members of packed pairs."""
    return (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)


def _sign(words: Sets, config: Config, threads: int) -> NDArray[np.uint64]:
    """The band keys of every set, one row each."""
    banding = banding_of(config)
    a, b = permutations(banding.bands * banding.rows, config.seed)
    keys = np.empty((len(words.sizes), banding.bands), np.uint64)

    def work(chunk: NDArray[np.int64]) -> None:
        first, stop = chunk[0], chunk[-1] + 1
        short = np.empty(int(words.sizes[first:stop].max()), np.uint32)
        signature = np.empty(len(a), np.uint32)
        shingle_kernels.band_sets(words.pool, words.bounds[first : stop + 1], a, b, banding.rows, short, signature, keys[first:stop])

    with ThreadPoolExecutor(threads) as pool:
        for future in [pool.submit(work, chunk) for chunk in np.array_split(np.arange(len(keys)), threads * 4) if len(chunk)]:
            future.result()
    return keys


def _banded(keys: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], int]:
    """Packed pairs that share a band, each once, and how many groups were too large to compare all with all."""
    found: list[NDArray[np.uint64]] = []
    large = 0
    numbers = np.arange(len(keys), dtype=np.uint64)
    low = number_mask(len(keys))
    for band in range(keys.shape[1]):
        words = (keys[:, band] & ~low) | numbers
        words.sort()
        more, big = _pair_up(words, low)
        found.append(more)
        large += big
    return (_unique(np.concatenate(found)) if found else np.zeros(0, np.uint64)), large


def _pair_up(words: NDArray[np.uint64], low: np.uint64) -> tuple[NDArray[np.uint64], int]:
    """Packed pairs of equal keys in sorted words of key and number, and how many groups were large.

    Key and number in one word, sorted by value: four times as fast as an argsort. Of a key the upper bits are left; two keys
    that differ below them make a pair that verification throws out.
    """
    column, order = words & ~low, (words & low).astype(np.int64)
    count, big = pair_kernels.group_pairs(column, order, GROUP_LIMIT, GROUP_WINDOW, np.zeros(0, np.uint64))
    found = np.empty(count, np.uint64)
    if count:
        pair_kernels.group_pairs(column, order, GROUP_LIMIT, GROUP_WINDOW, found)
    return found, big


def _unique(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Sorted, without repeats (np.unique may hash, which is slower here)."""
    values.sort()
    return values[np.r_[np.ones(min(len(values), 1), np.bool_), values[1:] != values[:-1]]]


def _verify(
    spans: Spans, store: BlockStore, sets: Sets, fullness: NDArray[np.int64], left: NDArray[np.int64], right: NDArray[np.int64],
    large: int, config: Config, threads: int,
) -> Graph:  # fmt: skip
    """Exact containment of word 2-grams, then of character 5-grams where that fails, then the number guard.

    Each candidate pair is asked in the direction(s) that the length guard allows: the shorter may go for the longer; the
    longer for the shorter only if each is contained in the other. Equal lengths are told apart by hash: edges that go one way
    must follow one strict order, or three paragraphs could each wait for the next (see `elect`).
    """
    common = sets.shared(left, right)
    union = sets.sizes[left] + sets.sizes[right] - common
    jaccard = common / np.maximum(union, 1)
    in_right = common / np.maximum(sets.sizes[left], 1)
    in_left = common / np.maximum(sets.sizes[right], 1)
    passed_right, passed_left = in_right >= config.threshold, in_left >= config.threshold
    score_right, score_left = in_right.copy(), in_left.copy()
    asked = np.flatnonzero(~(passed_right & passed_left) & (np.maximum(in_right, in_left) >= FLOOR))
    characters_right, characters_left = np.zeros(len(left), np.bool_), np.zeros(len(left), np.bool_)
    if len(asked):
        needed, inverse = np.unique(np.concatenate((left[asked], right[asked])), return_inverse=True)
        grams = Sets(spans, store, needed, "characters", threads)
        x, y = inverse[: len(asked)], inverse[len(asked) :]
        common = grams.shared(x, y)
        for passed, words, score, by, size in (
            (passed_right, in_right, score_right, characters_right, grams.sizes[x]),
            (passed_left, in_left, score_left, characters_left, grams.sizes[y]),
        ):
            value = common / np.maximum(size, 1)
            new = ~passed[asked] & (words[asked] >= FLOOR) & (value >= config.character_threshold)
            score[asked[new]] = value[new]
            by[asked[new]] = True
            passed[asked[new]] = True
    held = np.flatnonzero(passed_right | passed_left)
    guard_right, guard_left = _number_guard(spans, store, left[held], right[held], threads)
    passed_right[held] &= guard_right
    passed_left[held] &= guard_left
    places = Places(spans, store, sets, config.threshold, FLOOR)
    places.confirm(left, right, passed_right, characters_right)
    places.confirm(right, left, passed_left, characters_left)
    both = passed_right & passed_left
    shorter = fullness[left] < fullness[right]
    goes_right = passed_right & (shorter | both)
    goes_left = passed_left & (~shorter | both)
    return Graph(
        removed=np.concatenate((left[goes_right], right[goes_left])),
        kept=np.concatenate((right[goes_right], left[goes_left])),
        similarity=np.concatenate((score_right[goes_right], score_left[goes_left])),
        jaccard=np.concatenate((jaccard[goes_right], jaccard[goes_left])),
        by_characters=np.concatenate((characters_right[goes_right], characters_left[goes_left])),
        fullness=fullness,
        candidates=len(left),
        large_groups=large,
    )


def _number_guard(
    spans: Spans, store: BlockStore, a: NDArray[np.int64], b: NDArray[np.int64], threads: int
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether every number of a occurs in b, and every number of b in a."""
    needed, inverse = np.unique(np.concatenate((a, b)), return_inverse=True)
    x, y = inverse[: len(a)], inverse[len(a) :]
    numbers = Sets(spans, store, needed, "numbers", threads)
    common = numbers.shared(x, y)
    return common == numbers.sizes[x], common == numbers.sizes[y]


def verify_again(graph: Graph, spans: Spans, store: BlockStore, config: Config, threads: int) -> Graph:
    """The graph at thresholds that are no lower than those it was made with: what passes them passed those, so no other pair
    need be asked.
    """
    pairs = np.minimum(graph.removed, graph.kept) << 32 | np.maximum(graph.removed, graph.kept)
    left, right = unpack(_unique(pairs.astype(np.uint64)))
    words = Sets(spans, store, np.arange(len(spans)), "words", threads)
    verified = _verify(spans, store, words, graph.fullness, left, right, graph.large_groups, config, threads)
    return replace(verified, candidates=graph.candidates)
