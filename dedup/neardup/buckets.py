"""Which keys somebody asks by: told from all others by a bitmap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from dedup.kernels.links import KEY_BITS
from dedup.kernels.prefix import MAGNITUDE_BITS
from dedup.kernels.sieve import ROUGH_BITS, Sieve, fold_bits

if TYPE_CHECKING:
    from numpy.typing import NDArray

SPARE_BITS: Final = 3  # beyond as many places as there are tokens,
MOST_BITS: Final = 29  # or 64 MB
ROUGH_PART: Final = 4  # of the bits of a shorter bitmap this part may be set at most, or it says too little


def bucket_bits(sets: int) -> int:
    """Upper bits of a key that have room in a record, with the rank of one of so many sets."""
    return min(KEY_BITS, 64 - MAGNITUDE_BITS - sets.bit_length())


def sieve_of(tokens: int, bits: int) -> Sieve:
    """An empty one, for buckets of so many bits that are chosen from so many tokens."""
    places = min(tokens.bit_length() + SPARE_BITS, MOST_BITS, bits)
    return Sieve(np.zeros((1 << places) // 64 + 1, np.uint64), bits - places)


def rough_words(sieve: Sieve) -> NDArray[np.uint64]:
    """Its bitmap folded to a shorter one that most keys need only be looked up in; none where it would not be shorter, or says too
    little.
    """
    folded = np.zeros((1 << ROUGH_BITS) // 64, np.uint64)
    times = len(sieve.words) // len(folded)
    if not 1 < times <= 64 or fold_bits(sieve.words[: times * len(folded)], folded) > len(folded) * 64 // ROUGH_PART:
        return folded[:0]
    return folded
