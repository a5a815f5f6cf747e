"""Set-similarity join with a prefix filter: every pair of sets that share enough, and no sampling."""

from __future__ import annotations

import numpy as np

from dedup.kernels.fold import Hashes
from dedup.kernels.jit import inlined, kernel
from dedup.kernels.shingle import Index


@inlined
def overlap_at_least(first: Index, second: Index, least: int) -> bool:
    """Whether two ascending arrays share `least` members; stops when they no longer can."""
    i = 0
    j = 0
    found = 0
    while i < first.size and j < second.size and found < least:
        if found + min(first.size - i, second.size - j) < least:
            return False
        if first[i] == second[j]:
            found += 1
            i += 1
            j += 1
        elif first[i] < second[j]:
            i += 1
        else:
            j += 1
    return found >= least


@kernel
def probe(queries: Index, tokens: Index, bounds: Index, holders: Index, posted: Index, share: float, stamp: Index, out: Hashes) -> int:
    """Pairs (query, other) in which the smaller set is the query and shares at least `share` of its tokens with the other.

    tokens[bounds[s]:bounds[s + 1]] are the tokens of set s, rarest first (numbered so that ascending means rarer first);
    holders[posted[t]:posted[t + 1]] the sets that hold token t. A set that shares k of n tokens with another shares one of
    its n - k + 1 rarest (Chaudhuri, Ganti and Kaushik 2006, section 4): only their holders are asked. Of equal sizes the
    lower number is the query. `stamp`: one entry a set, all -1. Returns the number of pairs; what does not fit in `out` is
    counted only.
    """
    count = 0
    for q in range(queries.size):
        x = queries[q]
        mine = tokens[bounds[x] : bounds[x + 1]]
        least = int(np.ceil(share * mine.size))
        for k in range(mine.size - least + 1):
            for h in range(posted[mine[k]], posted[mine[k] + 1]):
                y = holders[h]
                size = bounds[y + 1] - bounds[y]
                if stamp[y] == x or size < mine.size or (size == mine.size and y <= x):
                    continue
                stamp[y] = x
                if overlap_at_least(mine, tokens[bounds[y] : bounds[y + 1]], least):
                    if count < out.size:
                        out[count] = np.uint64(min(x, y)) << np.uint64(32) | np.uint64(max(x, y))
                    count += 1
    return count
