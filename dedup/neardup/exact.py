"""Pairs of which one is contained in the other, found without sampling: what MinHash misses where lengths differ."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

import numpy as np

from dedup.kernels import join as kernels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.neardup.sets import Spans


MOST_BITS: Final = 25  # of a token that tell it from others; the counts take 128 MB then
TOKEN_BYTES: Final = 8  # of text, about, for each word pair of a paragraph


def bucket_bits(spans: Spans) -> int:
    """How many bits of a token tell it from others: more miss the processor's caches, fewer make candidates."""
    return min(max((int((spans.end - spans.start).sum()) // TOKEN_BYTES).bit_length() - 1, 8), MOST_BITS)


def join(
    pool: NDArray[np.uint64], bounds: NDArray[np.int64], bits: int, share: float, heavy: int, threads: int,
    queries: NDArray[np.int64] | None = None,
) -> tuple[NDArray[np.uint64], int]:  # fmt: skip
    """Pairs of sets pool[bounds[s]:bounds[s + 1]] (ascending), the smaller with at least `share` of its tokens in the larger.

    Packed smaller number << 32 | larger, sorted; and how many tokens were not asked because more than `heavy` sets hold them
    (0: every pair is found). Asking them all would cost the square of a group of templated lines. `bits`: see `bucket_bits`.
    `queries`: ask for these sets only, but against all: pairs of which such a set has the share in the other.
    """
    shift = 64 - bits
    holders = np.zeros(1 << bits, np.int32)
    kernels.count_holders(pool, shift, holders)
    asked = np.arange(len(bounds) - 1) if queries is None else queries
    chunks = [chunk for chunk in np.array_split(asked, threads * 4) if len(chunk)]
    with ThreadPoolExecutor(threads) as workers:
        prefixes = list(workers.map(lambda chunk: _prefixes(chunk, pool, bounds, shift, holders, share), chunks))
        wanted = np.zeros(len(holders), np.bool_)
        for prefix, _ in prefixes:
            wanted[prefix] = True
        posted = np.zeros(len(holders) + 1, np.int64)
        np.cumsum(holders * wanted, out=posted[1:])
        sets = np.empty(int(posted[-1]), np.int32)
        kernels.post_wanted(pool, bounds, shift, wanted, posted, sets)
        sketches = np.zeros((len(bounds) - 1, kernels.SKETCH), np.uint64)
        kernels.sketch_sets(pool, bounds, sketches)

        def work(chunk: NDArray[np.int64], chosen: tuple[NDArray[np.int32], NDArray[np.int64]]) -> NDArray[np.uint64]:
            stamp = np.full(len(bounds) - 1, -1, np.int32)
            room = max(1024, 4 * len(chunk))
            while True:
                out = np.empty(room, np.uint64)
                found = kernels.probe(chunk, pool, bounds, sketches, *chosen, posted, sets, share, heavy, queries is not None, stamp, out)
                if found <= room:
                    return out[:found]
                room = found
                stamp[:] = -1

        parts = list(workers.map(work, chunks, prefixes))
    pairs = np.sort(np.concatenate(parts)) if parts else np.zeros(0, np.uint64)
    return pairs, int((np.diff(posted) > heavy).sum())


def _prefixes(
    chunk: NDArray[np.int64], pool: NDArray[np.uint64], bounds: NDArray[np.int64], shift: int, holders: NDArray[np.int32], share: float
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """The buckets that the sets of a chunk are asked by, and where those of each begin."""
    ends = np.empty(len(chunk) + 1, np.int64)
    prefix = np.empty(int((bounds[chunk + 1] - bounds[chunk]).sum()), np.int32)
    kernels.choose_prefixes(chunk, pool, bounds, shift, holders, share, prefix, ends)
    return prefix[: ends[-1]].copy(), ends
