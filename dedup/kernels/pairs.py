"""From band keys to candidate pairs, from candidate pairs to verified matches, from matches to leaders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.jit import inlined, kernel

if TYPE_CHECKING:
    from dedup.kernels.fold import Hashes
    from dedup.kernels.shingle import Index

Flags = NDArray[np.bool_]


@kernel
def group_pairs(keys: Hashes, items: Index, wanted: NDArray[np.bool_], limit: int, window: int, out: Hashes) -> tuple[int, int]:
    """Candidate pairs of equal keys; keys are sorted, items[i] is who holds keys[i]. Returns (pairs, large groups).

    A pair is packed as smaller << 32 | larger; one of the two must be among `wanted`, by number. In a group of more than `limit`,
    each item is paired with the first `window` items of the group (its representatives) and with the `window` before it, not
    with all: a group of templated lines costs O(n). With `out` empty, pairs are only counted.
    """
    count = 0
    large = 0
    begin = 0
    while begin < keys.size:
        end = begin + 1
        while end < keys.size and keys[end] == keys[begin]:
            end += 1
        big = end - begin > limit
        large += big
        for j in range(begin + 1, end):
            i = begin
            while i < j:
                if wanted[items[i]] or wanted[items[j]]:
                    if out.size:
                        low, high = min(items[i], items[j]), max(items[i], items[j])
                        out[count] = np.uint64(low) << np.uint64(32) | np.uint64(high)
                    count += 1
                i += 1
                if big and i - begin >= window:
                    i = max(i, j - window)
        begin = end
    return count, large


@inlined
def overlap(first: Hashes, second: Hashes) -> int:
    """Members that two ascending arrays share."""
    i = 0
    j = 0
    found = 0
    while i < first.size and j < second.size:
        a, b = first[i], second[j]
        found += a == b
        i += a <= b
        j += b <= a
    return found


@kernel
def compare_pairs(left: Index, right: Index, pool: Hashes, bounds: Index, out: NDArray[np.int32]) -> None:
    """|A and B| of each pair of sets pool[bounds[k]:bounds[k + 1]]."""
    for p in range(left.size):
        a, b = left[p], right[p]
        out[p] = overlap(pool[bounds[a] : bounds[a + 1]], pool[bounds[b] : bounds[b + 1]])


@kernel
def elect(heads: Index, edges: Index, order: Index, members: Index, size: Index, leader: Index) -> int:
    """Choose who stays. Returns how often a component was walked again.

    Node v may go as long as a node of edges[heads[v]:heads[v + 1]] stays. `order` lists nodes component by component,
    inside a component best first; members[c]:members[c + 1] are the nodes of a component in it. `leader[v]` becomes v for
    those that stay, else the best node that stays and v may go for.

    `size` ranks nodes by fullness, no two alike; an edge without its reverse must go to the larger. Walking in order, a
    node stays unless one that stays already lets it go. A node that stays may then still be let go by a
    fuller one that came after it: such nodes are put last, the fullest of them first, and the component is walked again
    until no node that stays may go for another that stays. So the outcome has no such pair, whatever the order: cleaning
    the outcome again changes nothing.
    """
    demoted = np.zeros(leader.size, np.bool_)
    again = 0
    for c in range(members.size - 1):
        walk = order[members[c] : members[c + 1]].copy()
        while True:
            for v in walk:
                leader[v] = -1
            for v in walk:
                chosen = v
                for e in range(heads[v], heads[v + 1]):
                    u = edges[e]
                    if leader[u] == u:
                        chosen = u
                        break
                leader[v] = chosen
            found = 0
            for v in walk:
                if leader[v] == v and not demoted[v]:
                    for e in range(heads[v], heads[v + 1]):
                        if leader[edges[e]] == edges[e]:
                            demoted[v] = True
                            found += 1
                            break
            if found == 0:
                break
            again += 1
            walk = put_last(walk, demoted, size)
    return again


@inlined
def put_last(walk: Index, demoted: Flags, size: Index) -> Index:
    """The walk with demoted nodes at its end, larger ones first."""
    put = np.empty(walk.size, np.int64)
    stay, back = 0, walk.size
    for v in walk:
        if demoted[v]:
            back -= 1
            put[back] = v
        else:
            put[stay] = v
            stay += 1
    last = put[back:].copy()
    put[back:] = last[np.argsort(size[last])[::-1]]  # numba loads more to negate an array than to turn one round
    return put


@kernel
def components(count: int, left: Index, right: Index) -> Index:
    """The smallest node of each node's connected component (union by smaller root, path halving)."""
    parent = np.arange(count)
    for p in range(left.size):
        a, b = left[p], right[p]
        while parent[a] != a:
            parent[a] = parent[parent[a]]
            a = parent[a]
        while parent[b] != b:
            parent[b] = parent[parent[b]]
            b = parent[b]
        if a < b:
            parent[b] = a
        elif b < a:
            parent[a] = b
    for v in range(count):
        a = v
        while parent[a] != a:
            a = parent[a]
        parent[v] = a
    return parent
