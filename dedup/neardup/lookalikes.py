"""Candidate pairs among look-alikes: MinHash signatures, banding, and representatives where a band holds very many.

What the join does not ask by, because very many sets hold it, stands in lines of one template: all pairs of these would cost
the square of their number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from dedup.kernels import pairs as pair_kernels
from dedup.kernels import shingle as shingle_kernels
from dedup.kernels.prefix import SET
from dedup.memory import memory_limit
from dedup.neardup.banding import banding_of
from dedup.neardup.buckets import rough_words
from dedup.neardup.minhash import permutations
from dedup.neardup.sets import Sets
from dedup.room import Room
from dedup.text.groups import ascending, in_order, packed, unpack

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.config import Config
    from dedup.neardup.banding import Banding
    from dedup.neardup.join import Joined
    from dedup.neardup.sets import Spans
    from dedup.neardup.tokens import Tokens

GROUP_LIMIT: Final = 64  # a band group this large is compared through representatives; ordinary groups have two to ten
GROUP_WINDOW: Final = 8  # representatives and neighbours each item of a large group is compared with
KEYS_PART: Final = 8  # of the memory that a run may take: band keys that are held at a time


def look_alikes(tokens: Tokens, spans: Spans, joined: Joined, config: Config) -> tuple[NDArray[np.uint64], int]:
    """Packed pairs, ascending, of sets that share a band, one of them asked in part only, the other with what it was not asked by;
    and how many band groups were too large to compare all with all.
    """
    alike = np.zeros(len(tokens.sizes), np.bool_)
    rough, room = rough_words(joined.skipped), Room()

    def holders(number: int) -> NDArray[np.uint64]:
        block = tokens.block(number, room)
        return block.posts(joined.bits, joined.skipped, block.numbers, rough, room) & SET

    for holding in tokens.each(holders):
        alike[holding] = True
    numbers = np.flatnonzero(alike)
    order = np.argsort(spans.key[numbers], kind="stable")  # who represents a group does not depend on where it stands
    banding = banding_of(config)
    at_once = max(1, memory_limit(config) // KEYS_PART // (8 * max(len(numbers), 1)))
    low = np.uint64((1 << max(len(numbers), 2).bit_length()) - 1)
    found, large = np.zeros(0, np.uint64), 0
    for first in range(0, banding.bands, at_once):
        keys = band_keys(tokens, alike, banding, first, min(at_once, banding.bands - first), config.seed)
        for band in range(keys.shape[1]):
            more, big = _pair_up(keys[order, band], low, joined.partial[numbers[order]])
            found = ascending(np.concatenate((found, more)))  # most stand in several bands
            large += big
    return _named(found, numbers[order]), large


def band_keys(tokens: Tokens, alike: NDArray[np.bool_], banding: Banding, first: int, count: int, seed: int) -> NDArray[np.uint64]:
    """Keys of some bands, a row for each of the sets in `alike`."""
    rows = banding.rows
    mine = slice(first * rows, (first + count) * rows)
    a, b = (each[mine] for each in permutations(banding.bands * rows, seed))
    room = Room()

    def work(number: int) -> NDArray[np.uint64]:
        low, high = tokens.borders(number)
        sets = Sets(tokens.spans, tokens.texts, low + np.flatnonzero(alike[low:high]), "words", room)
        keys = np.empty((len(sets.sizes), count), np.uint64)
        short = np.empty(int(sets.sizes.max(initial=0)), np.uint32)
        shingle_kernels.band_sets(sets.pool, sets.bounds, a, b, rows, short, np.empty(len(a), np.uint32), keys)
        return keys

    return np.concatenate(list(tokens.each(work)))


def _pair_up(keys: NDArray[np.uint64], low: np.uint64, wanted: NDArray[np.bool_]) -> tuple[NDArray[np.uint64], int]:
    """Packed pairs of equal keys with one of those wanted in each, and how many groups were large.

    Key and number in one word, sorted by value: four times as fast as an argsort. Of a key the upper bits are left; two keys
    that differ below them make a pair that verification throws out.
    """
    words = in_order((keys & ~low) | np.arange(len(keys), dtype=np.uint64))
    column, order = words & ~low, (words & low).astype(np.int64)
    count, big = pair_kernels.group_pairs(column, order, wanted, GROUP_LIMIT, GROUP_WINDOW, np.zeros(0, np.uint64))
    found = np.empty(count, np.uint64)
    if count:
        pair_kernels.group_pairs(column, order, wanted, GROUP_LIMIT, GROUP_WINDOW, found)
    return found, big


def _named(pairs: NDArray[np.uint64], numbers: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Packed pairs of places in `numbers` as pairs of these, ascending, each once."""
    left, right = unpack(pairs)
    return ascending(packed(numbers[left], numbers[right]))
