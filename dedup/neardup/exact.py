"""Pairs of which one is contained in the other, found without sampling: what MinHash misses where lengths differ."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from dedup.kernels import join as kernels

if TYPE_CHECKING:
    from numpy.typing import NDArray


def join(pool: NDArray[np.uint64], bounds: NDArray[np.int64], share: float, heavy: int, threads: int) -> tuple[NDArray[np.uint64], int]:
    """Pairs of sets pool[bounds[s]:bounds[s + 1]] (ascending), the smaller with at least `share` of its tokens in the larger.

    Packed smaller number << 32 | larger, sorted; and how many tokens were not asked because more than `heavy` sets hold them
    (0: every pair is found). Asking them all would cost the square of a group of templated lines.
    """
    known = np.sort(pool)
    known = known[: kernels.shared_tokens(known)].copy()
    edges = np.arange((1 << kernels.BUCKET_BITS) + 1, dtype=np.uint64) << np.uint64(64 - kernels.BUCKET_BITS)
    buckets = np.searchsorted(known, edges[:-1])
    buckets = np.r_[buckets, len(known)].astype(np.int64)
    numbers, holders = np.empty(len(pool), np.int32), np.zeros(len(known), np.int32)
    kernels.number_tokens(pool, known, buckets, numbers, holders)
    prefix, ends = np.empty(len(pool), np.int32), np.empty(len(bounds), np.int64)
    kernels.choose_prefixes(bounds, numbers, holders, share, prefix, ends)
    prefix = prefix[: ends[-1]].copy()
    wanted = np.zeros(len(known), np.bool_)
    wanted[prefix] = True
    posted = np.zeros(len(known) + 1, np.int64)
    np.cumsum(holders * wanted, out=posted[1:])
    sets = np.empty(int(posted[-1]), np.int32)
    kernels.post_wanted(bounds, numbers, wanted, posted, sets)

    def work(chunk: NDArray[np.int64]) -> NDArray[np.uint64]:
        stamp = np.full(len(bounds) - 1, -1, np.int32)
        room = max(1024, 4 * len(chunk))
        while True:
            out = np.empty(room, np.uint64)
            found = kernels.probe(chunk, pool, bounds, prefix, ends, posted, sets, share, heavy, stamp, out)
            if found <= room:
                return out[:found]
            room = found
            stamp[:] = -1

    asked = np.arange(len(bounds) - 1)
    with ThreadPoolExecutor(threads) as workers:
        parts = list(workers.map(work, [chunk for chunk in np.array_split(asked, threads * 4) if len(chunk)]))
    pairs = np.sort(np.concatenate(parts)) if parts else np.zeros(0, np.uint64)
    return pairs, int((np.diff(posted) > heavy).sum())
