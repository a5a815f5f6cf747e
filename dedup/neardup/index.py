"""An index over some of the sets: which of them hold a token, and what those that ask it find."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from dedup.kernels import join as kernels
from dedup.kernels.prefix import LOW
from dedup.threads import in_threads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from dedup.neardup.tokens import Tokens

    Found = tuple[NDArray[np.uint64], NDArray[np.int32]]

MOST_MET: Final = 16 << 20  # sets that those of a batch meet and that are written down at a time: 128 MB
MEMBER_BITS: Final = 31  # of a number in an index: a set, and bits of a token


class Batch(NamedTuple):
    """What the sets of some blocks are asked by: sorted records of bucket << 32 | set, counted from `low`, which stand in a store;
    and the witnesses that each set needs.
    """

    blocks: range
    low: int
    need: NDArray[np.uint8]


class Wanted(NamedTuple):
    """Tokens that are asked by: a bitmap of their buckets, which are the tokens without their lower `shift` bits; and how many
    tokens of all sets fall into these.
    """

    buckets: NDArray[np.uint64]
    shift: int
    tokens: int

    @property
    def bits(self) -> int:
        """Of a bucket."""
        return 64 - self.shift


class Room:
    """Arrays used again by every index: memory that is new is slow."""

    def __init__(self) -> None:
        self._arrays: dict[str, NDArray[Any]] = {}

    def get(self, name: str, size: int, kind: type[np.generic]) -> NDArray[Any]:
        """An array of this size; what is in it is left over."""
        if name not in self._arrays or len(self._arrays[name]) < size:
            self._arrays[name] = np.empty(size + size // 8, kind)
        return self._arrays[name][:size]


class Group:
    """An index of the sets of some blocks: `_members[_heads[b]:_heads[b + 1]]` are those that hold bucket b, which has `_coarse`
    bits fewer than the buckets asked by; each member carries these bits.
    """

    def __init__(self, tokens: Tokens, blocks: range, wanted: Wanted, room: Room) -> None:
        """Make the index, the blocks shared out among threads."""
        self._tokens = tokens
        self._base, stop = tokens.borders(blocks[0])[0], tokens.borders(blocks[-1])[1]
        self._sizes = tokens.sizes[self._base : stop]
        self._short = _short(self._sizes)
        share = int(self._sizes.sum()) / max(int(tokens.sizes.sum()), 1)  # of all those wanted, about
        least = max(8, wanted.bits + len(self._sizes).bit_length() - MEMBER_BITS)
        bits = min(max(int(share * wanted.tokens).bit_length() - 1, least), wanted.bits)
        self._coarse = wanted.bits - bits
        parts = [part.tolist() for part in np.array_split(np.array(blocks), tokens.threads)]
        places = room.get("places", len(parts) << bits, np.int32).reshape(len(parts), 1 << bits)
        list(in_threads(lambda part: self._count(parts[part], wanted, places[part]), range(len(parts)), tokens.threads))
        self._heads = room.get("heads", (1 << bits) + 1, np.int32)
        self._members = room.get("members", _lay_out(places, self._heads), np.int32)
        list(in_threads(lambda part: self._fill(parts[part], wanted, places[part]), range(len(parts)), tokens.threads))

    def _count(self, blocks: list[int], wanted: Wanted, counts: NDArray[np.int32]) -> None:
        """Count what is wanted of each bucket."""
        counts[:] = 0
        for number in blocks:
            kernels.count_postings(self._tokens.block(number).pool, wanted.shift, wanted.buckets, self._coarse, counts)

    def _fill(self, blocks: list[int], wanted: Wanted, places: NDArray[np.int32]) -> None:
        """Write down the sets of blocks, from `places` on."""
        for number in blocks:
            low, pool, bounds = self._tokens.block(number)
            kernels.fill_postings(pool, bounds, low - self._base, wanted.shift, wanted.buckets, self._coarse, places, self._members)

    def ask(self, batch: Batch, records: NDArray[np.uint64], *, any_size: bool) -> NDArray[np.uint64]:
        """Candidates, packed set of a batch << 32 | set of this group, ascending by the first."""
        sizes = self._tokens.sizes[batch.low : batch.low + len(batch.need)]
        found = []
        for heads, met in self._meet(_short(sizes), records, any_size=any_size):
            out = np.empty(len(met), np.uint64)
            count = kernels.name_candidates(heads, met, batch.need, batch.low, sizes, self._base, self._sizes, any_size, out)
            found.append(out[:count].copy())
        return np.concatenate(found)

    def _meet(
        self, sizes: NDArray[np.uint16], records: NDArray[np.uint64], *, any_size: bool
    ) -> Iterator[tuple[NDArray[np.int32], NDArray[np.int32]]]:
        """Sets of this group that hold a bucket by which one of a batch asks: where those of each begin, and all of them. Where
        they are very many, half of those that ask at a time.
        """
        room = len(records) + 1024
        while True:
            met = np.empty(room, np.uint64)
            count = kernels.meet(records, self._coarse, self._heads, self._members, sizes, self._short, any_size, met)
            if count <= room:
                break
            asking = records & LOW
            if count > MOST_MET and asking.min() < asking.max():
                del met
                later = asking > (asking.min() + asking.max()) // np.uint64(2)
                yield from self._meet(sizes, records[~later], any_size=any_size)
                yield from self._meet(sizes, records[later], any_size=any_size)
                return
            room = count
        heads, out = np.zeros(len(sizes) + 2, np.int32), np.empty(count, np.int32)
        kernels.arrange(met[:count], len(sizes), heads, out)
        yield heads, out


def _short(sizes: NDArray[np.int32]) -> NDArray[np.uint16]:
    """Sizes in half the memory, which the processor's cache then holds; those past its range all alike."""
    return np.minimum(sizes, 0xFFFF).astype(np.uint16)


def _lay_out(places: NDArray[np.int32], heads: NDArray[np.int32]) -> int:
    """From counts, a row a part, to where each part writes each bucket; `heads` is filled in. Returns how many there are."""
    heads[0] = 0
    heads[1:] = places[0]
    for other in places[1:]:
        heads[1:] += other
    np.cumsum(heads, out=heads)
    begins = heads[:-1].copy()
    for part in places:
        begins += part
        np.subtract(begins, part, out=part)
    return int(heads[-1])


def confirm(tokens: Tokens, candidates: NDArray[np.uint64], share: float) -> list[Found]:
    """Of the candidates those that share enough, packed smaller number << 32 | larger, and how much. They are packed asking set
    << 32 | other, ascending.
    """
    high = np.uint64(32)
    asked, place = np.unique(candidates & LOW, return_inverse=True)
    others = tokens.some(asked.astype(np.int64))
    edges = np.searchsorted(candidates >> high, [*(tokens.borders(number)[0] for number in range(len(tokens))), len(tokens.sizes)])

    def work(number: int) -> Found:
        mine = slice(edges[number], edges[number + 1])
        first, second = candidates[mine] >> high, candidates[mine] & LOW
        opens = np.r_[True, first[1:] != first[:-1]]
        common = np.empty(len(first), np.int32)
        own = tokens.some(first[opens].astype(np.int64))
        kernels.count_shared(np.cumsum(opens) - 1, place[mine], *own, *others, share, common)
        enough = common > 0
        first, second = first[enough], second[enough]
        return np.minimum(first, second) << high | np.maximum(first, second), common[enough]

    return list(in_threads(work, np.flatnonzero(np.diff(edges)).tolist(), tokens.threads))
