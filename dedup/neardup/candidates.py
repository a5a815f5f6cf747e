"""Who may share enough with whom: what the sets ask by is put beside what they hold, bucket by bucket."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from dedup.kernels import join as kernels
from dedup.kernels.sorting import sort_words
from dedup.neardup.verify import all_shared
from dedup.room import Room
from dedup.text.groups import ascending, deal, order_of, packed, unpack
from dedup.threads import in_threads

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.config import Config
    from dedup.io.store import BlockStore
    from dedup.neardup.tokens import Tokens

    Found = tuple[NDArray[np.uint64], NDArray[np.int32]]

RANGE_BITS: Final = 8  # of a bucket: what is stored is told apart by these, so that each range of buckets is read by itself
ROOM_MET: Final = 1 << 20  # candidates, most of them several times, that are found at a time
WAITING: Final = 2 << 20  # that wait to be put in order


class Dealt(NamedTuple):
    """An array of words, and where in it each range of buckets begins and the last one ends."""

    words: NDArray[np.uint64]
    edges: NDArray[np.int64]


class Ranges:
    """Words, array by array, in a store, each array by ranges of buckets; `shift` bits stand below a bucket of so many bits."""

    def __init__(self, store: BlockStore, bits: int, shift: int) -> None:
        self._count = 1 << min(RANGE_BITS, bits)
        self._shift = bits - min(RANGE_BITS, bits) + shift
        self._store = store
        self._edges: list[NDArray[np.int64]] = []

    def deal(self, words: NDArray[np.uint64]) -> Dealt:
        """An array by ranges."""
        out = np.empty(len(words), np.uint64)
        return Dealt(out, deal([words], self._shift, out, self._count))

    def add(self, dealt: Dealt) -> None:
        """Keep one array more."""
        self._edges.append(dealt.edges)
        self._store.add(dealt.words.data.cast("B"))

    def whole(self, number: int) -> NDArray[np.uint64]:
        """A copy of an array."""
        return np.frombuffer(bytearray(self._store.raw(number)), np.uint64)

    def __len__(self) -> int:
        """How many arrays."""
        return len(self._edges)

    def counts(self) -> NDArray[np.int64]:
        """How many there are in each range of buckets."""
        return np.sum([np.diff(edges) for edges in self._edges], axis=0, dtype=np.int64) + np.zeros(self._count, np.int64)

    def some(self, first: int, stop: int, room: Room, name: str) -> NDArray[np.uint64]:
        """Those of a run of ranges, sorted; they stand in the room under this name."""
        borders = [(int(edges[first]), int(edges[stop])) for edges in self._edges]
        words = room.get(name, sum(end - begin for begin, end in borders), np.uint64)
        at = 0
        for number, (begin, end) in enumerate(borders):
            self._store.copy(number, 8 * begin, words[at : (at := at + end - begin)].data.cast("B"))
        sort_words(words, room.get("spare", len(words), np.uint64))
        return words


class Asked(NamedTuple):
    """What a set must share with one that it asks for, by rank: `spare`: how many tokens it may have that the other has not;
    `sketches`: see `kernels.join.sketch_sets`; `any_size`: also with a smaller one.
    """

    spare: NDArray[np.uint8]
    sketches: NDArray[np.uint64]
    any_size: bool


def candidates(asked: Asked, records: Ranges, posts: Ranges, bits: int, most: int, threads: int) -> NDArray[np.uint64]:
    """Packed rank of the asking set << 32 | that of the other, ascending, each once. `bits`: of a bucket; `most`: records and posts that
    are looked at at a time.
    """
    edges = _runs(records.counts() + posts.counts(), most, 2 * threads)
    room = Room()

    def work(number: int) -> NDArray[np.uint64]:
        asking, held = records.some(*edges[number], room, "records"), posts.some(*edges[number], room, "posts")
        met, place = room.get("met", ROOM_MET, np.uint64), np.zeros(3, np.int64)
        found = []
        while place[0] < len(asking):
            found.append(ascending(met[: kernels.meet(asking, bits, held, *asked, place, met)]))
        return ascending(np.concatenate(found)) if found else met[:0]

    done = np.zeros(0, np.uint64)
    waiting: list[NDArray[np.uint64]] = []
    for more in in_threads(work, range(len(edges)), threads):
        waiting.append(more)
        if sum(map(len, waiting)) > max(WAITING, len(done) // 2):
            done, waiting = ascending(np.concatenate((done, *waiting))), []
    return ascending(np.concatenate((done, *waiting)))


def _runs(counts: NDArray[np.int64], most: int, least: int) -> list[tuple[int, int]]:
    """Runs of ranges with about so many words each; so many runs at the least, if there are as many ranges."""
    wanted = max(-(-int(counts.sum()) // most), min(least, len(counts)))
    at = np.minimum(np.cumsum(counts) * wanted // max(int(counts.sum()), 1), wanted - 1)
    return list(pairwise([0, *(np.flatnonzero(np.diff(at)) + 1).tolist(), len(counts)]))


def confirm(tokens: Tokens, found: NDArray[np.uint64], share: float, config: Config) -> Found:
    """Of candidates, packed asking set << 32 | other, those that share enough, packed smaller number << 32 | larger, ascending; and
    how much.
    """
    first, second = unpack(found)
    common = all_shared(tokens.spans, tokens.texts, first, second, "words", config, tokens.threads).common
    enough = common >= np.ceil(share * tokens.sizes[first] - 1e-9)
    pairs, common = packed(first[enough], second[enough]), common[enough]
    order = order_of(pairs)
    return pairs[order], common[order]
