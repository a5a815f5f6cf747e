"""The sets of word pairs of all paragraphs, made once and kept block by block: in memory, or in a file beside the output."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

import numpy as np

from dedup.io.store import BlockStore
from dedup.kernels.join import post_keys
from dedup.kernels.links import KEY_BITS, link_slots, list_keys
from dedup.memory import memory_limit
from dedup.neardup.holders import Holders
from dedup.neardup.sets import Spans, words_of_block
from dedup.room import Room
from dedup.text.groups import places_in
from dedup.threads import in_threads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from dedup.config import Config
    from dedup.kernels.sieve import Sieve

Made = TypeVar("Made")

HELD_PART: Final = 6  # of the memory that a run may take: what the sets take before further ones go to a file,
HELD_MOST: Final = 128 << 20  # at most: a file that is read from beginning to end costs little
EXTRAS: Final = 4  # one link without a slot to so many tokens is more than there are in most texts


class Block(NamedTuple):
    """Keys of the paragraphs numbered from `low` (see `kernels.links`): paragraph s has the slots bounds[s]:bounds[s + 1] of tokens
    and links; `extras` are packed.
    """

    low: int
    bounds: NDArray[np.int64]
    tokens: NDArray[np.uint32]
    links: NDArray[np.uint32]
    extras: NDArray[np.uint64]

    @classmethod
    def of(cls, low: int, slots: NDArray[np.int32], stored: NDArray[np.uint64], links: NDArray[np.uint32]) -> Block:
        """From what is stored (see `columns`); `links` are filled in."""
        bounds = totals(slots)
        tokens, extras = columns(stored, int(bounds[-1]))
        link_slots(tokens, bounds, links)
        links.setflags(write=tokens.flags.writeable)  # for kernels, arrays of one type
        return cls(low, bounds, tokens, links, extras)

    def all_links(self) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """Those that have a slot, and the others."""
        return self.links, (self.extras >> np.uint64(KEY_BITS)).astype(np.uint32)

    @property
    def numbers(self) -> NDArray[np.int32]:
        """Those of its paragraphs."""
        return np.arange(self.low, self.low + len(self.bounds) - 1, dtype=np.int32)

    def posts(self, bits: int, wanted: Sieve, names: NDArray[np.int32], rough: NDArray[np.uint64], room: Room) -> NDArray[np.uint64]:
        """Keys that fall into wanted buckets, their upper `bits`, packed bucket << 32 | name of the paragraph: a view of what the room
        holds. `rough`: see `buckets.rough_words`.
        """
        posts = room.get("posts", 2 * len(self.tokens) + len(self.extras) + 1, np.uint64)
        return posts[: post_keys(self.tokens, self.links, self.bounds, self.extras, names, bits, wanted, rough, posts)]


def columns(stored: NDArray[np.uint64], slots: int) -> tuple[NDArray[np.uint32], NDArray[np.uint64]]:
    """The tokens in so many slots, and the extras behind them."""
    return stored[: words_for(slots)].view(np.uint32)[:slots], stored[words_for(slots) :]


def words_for(slots: int) -> int:
    """Of 64 bits, for the tokens in so many slots."""
    return -(-slots // 2)


class Tokens:
    """Sets of word pairs of `spans`, which must be in order of place, as the keys that the join goes by. `sizes`: of each set;
    `letters`: folded ones of each span; `spans`: they, with what is known of their number words.
    """

    def __init__(self, spans: Spans, store: BlockStore, config: Config, threads: int) -> None:
        """Fold and hash, some blocks of the store at a time in threads."""
        self.threads = threads
        self.folder = store.folder
        self.held = min(memory_limit(config) // HELD_PART, HELD_MOST)
        self.sizes = np.zeros(len(spans), np.int32)
        self.letters = np.zeros(len(spans), np.int32)
        self._spelled = np.zeros(len(spans), np.bool_)
        holders = Holders(int((spans.end - spans.start).sum()), threads)
        self._holders: Holders | None = holders
        self.spans, self.texts = replace(spans, spelled=self._spelled), store
        self._slots = np.zeros(len(spans), np.int32)
        self._kept = BlockStore(self.held, store.folder)
        borders = places_in(spans.block, range(len(store) + 1))
        self._blocks = np.flatnonzero(np.diff(borders) > 0)
        self._first = [*borders[self._blocks].tolist(), len(spans)]
        several = holders.at_once
        runs = [range(first, min(first + several, len(self))) for first in range(0, len(self), several)]

        room = Room()

        def make(turn: int) -> list[NDArray[np.uint64]]:
            crowded = np.zeros_like(holders.crowded)
            made = [self._keys_of(number, crowded, room) for number in runs[turn]]
            blocks = [self._block(number, stored, room, place) for place, (number, stored) in enumerate(zip(runs[turn], made, strict=True))]
            holders.count([block.tokens for block in blocks], [part for block in blocks for part in block.all_links()], crowded, turn, room)
            return made

        for stored in chain.from_iterable(in_threads(make, range(len(runs)), threads)):
            self._kept.add(stored.data.cast("B"))
        store.give_back()

    def _keys_of(self, number: int, crowded: NDArray[np.uint64], room: Room) -> NDArray[np.uint64]:
        """What is stored of a block; its tokens that are crowded are marked."""
        mine = slice(*self.borders(number))
        made = words_of_block(self.texts.get(int(self._blocks[number])), self.spans.start[mine], self.spans.end[mine], room)
        lengths = np.diff(made.bounds)
        self._slots[mine] = lengths - (lengths > 1)
        self.letters[mine], self._spelled[mine] = made.letters, made.spelled
        slots = int(self._slots[mine].sum())
        found, spare = slots // EXTRAS, -1
        while found > spare:  # most often there is room at once
            spare = found
            stored = np.empty(words_for(slots) + spare, np.uint64)
            found = list_keys(made.words, made.bounds, self.sizes[mine], *columns(stored, slots), crowded)
        return stored[: words_for(slots) + found]

    def _block(self, number: int, stored: NDArray[np.uint64], room: Room, place: int = 0) -> Block:
        """A block, from what is stored of it. `place`: told apart by it are several that a thread has at a time."""
        low, high = self.borders(number)
        slots = self._slots[low:high]
        return Block.of(low, slots, stored, room.get(f"links {place}", int(slots.sum()), np.uint32))

    def __len__(self) -> int:
        """How many blocks."""
        return len(self._first) - 1

    def borders(self, number: int) -> tuple[int, int]:
        """The first paragraph of a block, and the one behind its last."""
        return self._first[number], self._first[number + 1]

    def give_holders(self) -> Holders:
        """The holders, which are no longer kept here. Raises RuntimeError the second time."""
        if self._holders is None:
            raise RuntimeError("a join has taken the holders")
        holders, self._holders = self._holders, None
        return holders

    def block(self, number: int, room: Room) -> Block:
        """The keys of a block; of each thread's room it takes the place of the one before."""
        return self._block(number, np.frombuffer(self._kept.raw(number), np.uint64), room)

    def drop(self, number: int) -> None:
        """Nobody asks for a block any more."""
        self._kept.drop(number)

    def each(self, work: Callable[[int], Made]) -> Iterator[Made]:
        """What `work` makes of each block, in their order; a few at a time, in threads."""
        return in_threads(work, range(len(self)), self.threads)

    @contextmanager
    def side_store(self) -> Iterator[BlockStore]:
        """Room for what else is kept of each block, half as much of it in memory."""
        store = BlockStore(self.held // 2, self.folder)
        try:
            yield store
        finally:
            store.close()

    def close(self) -> None:
        """Give the file back."""
        self._kept.close()


def totals(sizes: NDArray[np.int32]) -> NDArray[np.int64]:
    """Where each of several stretches of these sizes begins, and where the last one ends."""
    bounds = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=bounds[1:])
    return bounds
