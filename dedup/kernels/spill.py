"""The join of `kernels.join` over records that come sorted from disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup.kernels.jit import kernel
from dedup.kernels.join import bucket_of, may_hold

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.kernels.fold import Hashes
    from dedup.kernels.shingle import Index


@kernel
def posting_records(numbers: Index, pool: Hashes, bounds: Index, shift: int, wanted: NDArray[np.bool_], out: Hashes) -> int:
    """For each token of a wanted bucket: bucket << 32 | number of its set. Returns how many."""
    count = 0
    for s in range(numbers.size):
        for i in range(bounds[s], bounds[s + 1]):
            bucket = bucket_of(pool[i], shift)
            if wanted[bucket]:
                out[count] = np.uint64(bucket) << np.uint64(32) | np.uint64(numbers[s])
                count += 1
    return count


@kernel
def probe_records(asked: Hashes, posted: Hashes, sizes: NDArray[np.int32], sketches: Hashes, share: float, out: Hashes) -> int:
    """Pairs of a set that asks by a bucket and one that holds it, as `join.probe` finds them, but by their sketches only.

    `asked`, `posted`: bucket << 32 | set, ascending. Pairs are packed smaller number first; one stands here as often as it
    shares a bucket. Returns their number; what does not fit in `out` is counted only.
    """
    low = np.uint64(0xFFFFFFFF)
    count = 0
    begin = 0
    for k in range(asked.size):
        bucket = asked[k] >> np.uint64(32)
        while begin < posted.size and posted[begin] >> np.uint64(32) < bucket:
            begin += 1
        x = np.int64(asked[k] & low)
        n = np.int64(sizes[x])
        missing = int(n - np.ceil(share * n - 1e-9))
        h = begin
        while h < posted.size and posted[h] >> np.uint64(32) == bucket:
            y = np.int64(posted[h] & low)
            h += 1
            size = np.int64(sizes[y])
            if size < n or (size == n and y <= x) or not may_hold(sketches[x], sketches[y], missing):
                continue
            if count < out.size:
                out[count] = np.uint64(min(x, y)) << np.uint64(32) | np.uint64(max(x, y))
            count += 1
    return count
