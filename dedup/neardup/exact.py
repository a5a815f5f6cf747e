"""Every pair that the verification could pass, found without sampling: the oracle of the banding, and `--exact`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dedup.kernels.join import probe

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Postings:
    """Sets as numbers of tokens, rarer tokens first, and the sets that hold each token; see `kernels.join.probe`."""

    tokens: NDArray[np.int64]
    bounds: NDArray[np.int64]
    holders: NDArray[np.int64]
    posted: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.bounds) - 1


def post(pool: NDArray[np.uint64], bounds: NDArray[np.int64]) -> Postings:
    """Number the tokens of sets pool[bounds[s]:bounds[s + 1]] by how many sets hold them, and list their holders.

    Rare tokens come first: the heavy ones, at the end, are never asked for whom they stand in (without this the candidates of
    templated text grow with its square).
    """
    distinct, inverse, counts = np.unique(pool, return_inverse=True, return_counts=True)
    number = np.empty(len(distinct), np.int64)
    number[np.lexsort((distinct, counts))] = np.arange(len(distinct))
    token = number[inverse]
    owner = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
    order = np.lexsort((token, owner))
    tokens = token[order]
    by_token = np.lexsort((owner, token))
    posted = np.zeros(len(distinct) + 1, np.int64)
    np.cumsum(np.bincount(token, minlength=len(distinct)), out=posted[1:])
    return Postings(tokens, bounds, owner[by_token], posted)


def join(postings: Postings, share: float, threads: int, queries: NDArray[np.int64] | None = None) -> NDArray[np.uint64]:
    """Pairs, packed smaller << 32 | larger, in which the smaller set has at least `share` of its tokens in the larger.

    `queries`: only pairs whose smaller set is among these; all without it.
    """
    asked = np.arange(len(postings)) if queries is None else queries
    chunks = np.array_split(asked, max(threads * 8, 1))

    def work(chunk: NDArray[np.int64]) -> NDArray[np.uint64]:
        stamp = np.full(len(postings), -1, np.int64)
        room = max(1024, 4 * len(chunk))
        while True:
            out = np.empty(room, np.uint64)
            found = probe(chunk, postings.tokens, postings.bounds, postings.holders, postings.posted, share, stamp, out)
            if found <= room:
                return out[:found]
            room = found
            stamp[:] = -1

    with ThreadPoolExecutor(threads) as pool:
        parts = list(pool.map(work, [chunk for chunk in chunks if len(chunk)]))
    return np.sort(np.concatenate(parts)) if parts else np.zeros(0, np.uint64)
