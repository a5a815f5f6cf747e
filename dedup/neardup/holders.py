"""How many sets hold a key, counted by threads that share the counters out among them."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from dedup.kernels import holders as kernels
from dedup.kernels.links import KEY_BITS, MIDDLE_BITS
from dedup.text.groups import places_in

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST_BITS: Final = 8
FAST_BITS: Final = 25  # counters of 8 MB stay in the processor's cache: more of them are slower,
MOST_AT_ONCE: Final = 2  # so that the keys of so many blocks are counted together
MOST_BITS: Final = 29  # 240 MB in all at the most, whatever memory there is: what is asked in part only depends on it


class Counters(NamedTuple):
    """How many sets hold a key, by its upper `bits` (see `kernels.holders`)."""

    bits: int
    fine: NDArray[np.uint8]
    coarse: NDArray[np.uint16]

    @classmethod
    def of(cls, bits: int) -> Counters:
        """All none."""
        return cls(bits, np.zeros(1 << bits - 2, np.uint8), np.zeros(1 << bits - kernels.TOGETHER, np.uint16))


class Holders:
    """Counters of tokens and of links, which are more; `crowded`: bitmap of words."""

    def __init__(self, size: int, threads: int) -> None:
        """Counters for paragraphs of `size` bytes."""
        bits = max(min(size.bit_length() - 1, FAST_BITS), min(size.bit_length() - 2, MOST_BITS), LEAST_BITS + 1)
        self.tokens, self.links = Counters.of(bits - 1), Counters.of(bits)
        self.crowded = np.zeros(1 << MIDDLE_BITS - 6, np.uint64)
        self.at_once = min(1 << max(bits - FAST_BITS, 0), MOST_AT_ONCE)
        self._parts = min((threads - 1).bit_length(), LEAST_BITS - kernels.TOGETHER)
        self._counting = [Lock() for _ in range(1 << self._parts)]

    def count(self, tokens: NDArray[np.uint32], links: NDArray[np.uint32], crowded: NDArray[np.uint64], turn: int) -> None:
        """Count the keys of some paragraphs, part by part, each in one thread at a time; threads whose `turn` differs begin with
        different ones. In their order, the counters are walked through once.
        """
        parts = len(self._counting)
        for keys, counters in ((tokens, self.tokens), (links, self.links)):
            keys.sort()
            edges = [0, *places_in(keys, (k << KEY_BITS - self._parts for k in range(1, parts))).tolist(), len(keys)]
            for k in range(parts):
                part = (turn + k) % parts
                with self._counting[part]:
                    kernels.count_keys(keys[edges[part] : edges[part + 1]], *counters)
        with self._counting[0]:
            self.crowded |= crowded

    def look_up(self, tokens: NDArray[np.uint32], links: NDArray[np.uint32]) -> NDArray[np.uint8]:
        """How many sets hold each token and, in a second row, each link; of more than two only that."""
        out = np.empty((2, len(tokens)), np.uint8)
        kernels.look_up(tokens, self.tokens.bits, self.tokens.fine, out[0])
        kernels.look_up(links, self.links.bits, self.links.fine, out[1])
        return out
