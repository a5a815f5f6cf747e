"""MinHash permutations, the recall that banding gives, and signatures handed on to datasketch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datasketch import MinHash
    from numpy.typing import NDArray


def permutations(num_perm: int, seed: int) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Parameters a (odd) and b of `num_perm` permutations, drawn as datasketch 2 draws those of scheme `affine32`."""
    generator = np.random.RandomState(seed)
    a = generator.randint(0, 1 << 31, num_perm, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    b = generator.randint(0, 1 << 32, num_perm, dtype=np.uint32)
    return a, b


def signatures(sets: Sequence[NDArray[np.uint32]], num_perm: int = 128, seed: int = 1) -> NDArray[np.uint32]:
    """MinHash signatures, one row a set of 32-bit shingle hashes: bit-equal to datasketch's scheme `affine32`."""
    from dedup.kernels.shingle import minhash_sets

    bounds = np.zeros(len(sets) + 1, np.int64)
    np.cumsum([len(each) for each in sets], out=bounds[1:])
    hashes = np.concatenate(sets).astype(np.uint32) if sets else np.zeros(0, np.uint32)
    out = np.empty((len(sets), num_perm), np.uint32)
    minhash_sets(hashes, bounds, *permutations(num_perm, seed), out)
    return out


def to_datasketch(signature: NDArray[np.uint32], seed: int = 1) -> MinHash:
    """A signature as a `datasketch.MinHash`, ready for its indexes."""
    from datasketch import MinHash

    return MinHash(num_perm=len(signature), seed=seed, hashvalues=signature, scheme="affine32")


def band_recall(jaccard: NDArray[np.float64], bands: int, rows: int) -> NDArray[np.float64]:
    """Probability that a pair of a Jaccard similarity shares a band: 1 - (1 - J^rows)^bands (Leskovec et al., section 3.4)."""
    return np.asarray(1.0 - (1.0 - jaccard**rows) ** bands, np.float64)


def containment_jaccard(containment: float, ratio: float) -> float:
    """Jaccard similarity of a set contained by `containment` in one `ratio` times its size (Zhu et al. 2016, section 4)."""
    return containment / (1.0 + ratio - containment)
