"""How many sets hold a key, counted by threads that share the counters out among them."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from dedup.kernels import holders as kernels
from dedup.kernels.links import CROWDED_BITS, KEY_BITS
from dedup.room import cache_lines
from dedup.text.groups import deal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dedup.room import Room

    Keys = Sequence[NDArray[np.uint32]]

MOST_PARTS: Final = 3  # bits of the most threads that share counters out
RANGE_BITS: Final = 8  # keys are counted range by range of these: the counters of one stay in the processor's second cache
FAST_BITS: Final = 24  # counters of 8 MB stay in the processor's cache: more of them are slower,
MOST_AT_ONCE: Final = 2  # so that the keys of so many blocks are counted together
MOST_BITS: Final = 29  # 240 MB in all at the most, whatever memory there is: what is asked in part only depends on it


class Counters(NamedTuple):
    """How many sets hold a key: lines of counters, as bytes and as words of 16 bits (see `kernels.holders`)."""

    fine: NDArray[np.uint8]
    coarse: NDArray[np.uint16]

    @classmethod
    def of(cls, bits: int) -> Counters:
        """About 2**bits, all none: in lines that can be shared out among threads."""
        words = cache_lines(5 << max(bits - 10, MOST_PARTS))
        return cls(words.view(np.uint8), words.view(np.uint16))


class Holders:
    """Counters of tokens and of links, which are more; `crowded`: bitmap of tokens (see `kernels.links.list_keys`)."""

    def __init__(self, size: int, threads: int) -> None:
        """Counters for paragraphs of `size` bytes."""
        bits = max(min(size.bit_length() - 1, FAST_BITS), min(size.bit_length() - 2, MOST_BITS))
        self.tokens, self.links = Counters.of(bits - 1), Counters.of(bits)
        self.crowded = np.zeros(1 << CROWDED_BITS - 6, np.uint64)
        self.at_once = min(1 << max(bits - FAST_BITS, 0), MOST_AT_ONCE)
        self._parts = min((threads - 1).bit_length(), MOST_PARTS)
        self._counting = [Lock() for _ in range(1 << self._parts)]

    def count(self, tokens: Keys, links: Keys, crowded: NDArray[np.uint64], turn: int, room: Room) -> None:
        """Count the keys of some paragraphs, part by part of the counters, each in one thread at a time; threads whose `turn` differs
        begin with different ones.
        """
        parts = len(self._counting)
        for keys, counters in ((tokens, self.tokens), (links, self.links)):
            dealt = room.get("dealt", sum(map(len, keys)), np.uint32)
            edges = deal(keys, KEY_BITS - RANGE_BITS, dealt, 1 << RANGE_BITS)
            borders = edges[:: (1 << RANGE_BITS) // parts].tolist()
            for k in range(parts):
                part = (turn + k) % parts
                with self._counting[part]:
                    kernels.count_keys(dealt[borders[part] : borders[part + 1]], *counters)
        with self._counting[0]:
            self.crowded |= crowded

    def look_up(self, tokens: NDArray[np.uint32], links: NDArray[np.uint32], room: Room) -> NDArray[np.uint16]:
        """How many sets hold each token and, in a second row, each link."""
        out = room.get("held", 2 * len(tokens), np.uint16).reshape(2, -1)
        kernels.look_up(tokens, *self.tokens, out[0])
        kernels.look_up(links, *self.links, out[1])
        return out
