"""Sets of shingles of paragraphs, made by kernel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from dedup.kernels import pairs as pair_kernels
from dedup.kernels import shingle as shingle_kernels
from dedup.neardup.numbers import number_table
from dedup.text.fold import fold_table
from dedup.text.groups import renumbered

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.io.store import BlockStore
    from dedup.room import Room

SCRATCH: Final = 20  # entries of scratch for each byte, see fold_codes


@dataclass(frozen=True, slots=True)
class Spans:
    """Distinct paragraphs in the order they stand in: block of the store, bytes [start, end) in it, and a hash of their folded words.

    `spelled`: whether there may be a number word in them, where that is known.
    """

    block: NDArray[np.int32]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    key: NDArray[np.uint64]
    spelled: NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        return len(self.block)

    def some(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Spans:
        """Some of them."""
        spelled = None if self.spelled is None else self.spelled[rows]
        return Spans(self.block[rows], self.start[rows], self.end[rows], self.key[rows], spelled)


class Worded(NamedTuple):
    """Hashes of the words of paragraphs, words[bounds[k]:bounds[k + 1]], in their order. `letters`: folded ones of each; `spelled`:
    whether there may be a number word.
    """

    words: NDArray[np.uint64]
    bounds: NDArray[np.int64]
    letters: NDArray[np.int32]
    spelled: NDArray[np.bool_]


class Sets:
    """Sorted sets of some of the spans (`used`), made by kernel: `pool` and `bounds` by position in `used`. Faster where they stand
    in the order of their blocks.
    """

    def __init__(self, spans: Spans, store: BlockStore, used: NDArray[np.int64], kind: str, room: Room) -> None:
        chosen = spans.some(used)
        spelled = np.ones(len(used), np.bool_) if chosen.spelled is None else chosen.spelled
        self.bounds = np.zeros(len(used) + 1, np.int64)
        parts = [np.zeros(0, np.uint64)]
        size = 0
        for some in store.readable(chosen.block, chosen.start, chosen.end):
            start, end = chosen.start[some], chosen.end[some]
            text, shift = store.holding(chosen.block[some], start, end)
            pool, bounds = sets_of_block(text, start + shift, end + shift, kind, spelled[some], room)
            parts.append(pool)
            self.bounds[some.start + 1 : some.stop + 1] = bounds[1:] + size
            size += len(pool)
        self.sizes = np.diff(self.bounds)
        self.pool = np.concatenate(parts)

    def shared(self, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int32]:
        """Sizes of intersections."""
        out = np.empty(len(left), np.int32)
        pair_kernels.compare_pairs(left, right, self.pool, self.bounds, out)
        return out


class Shared(NamedTuple):
    """For each pair of sets, the size of their intersection, and of each."""

    common: NDArray[np.int32]
    in_left: NDArray[np.int64]
    in_right: NDArray[np.int64]


def shared(spans: Spans, store: BlockStore, left: NDArray[np.int64], right: NDArray[np.int64], kind: str, room: Room) -> Shared:
    """What the sets of pairs of spans share."""
    needed, x, y = renumbered(left, right, len(spans))
    sets = Sets(spans, store, needed, kind, room)
    return Shared(sets.shared(x, y), sets.sizes[x], sets.sizes[y])


def sets_of_block(
    text: NDArray[np.uint8], start: NDArray[np.int64], end: NDArray[np.int64], kind: str, spelled: NDArray[np.bool_], room: Room
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Sorted sets of the paragraphs text[start:end]: pool and bounds. `spelled`: in which there may be a number word."""
    pool, bounds, letters, scratch, words = _room(start, end, room)
    table = fold_table()
    if kind == "numbers":
        known = number_table()
        used = shingle_kernels.number_spans(
            text, start, end, table.entries, table.expansions, known.keys, known.values, spelled, scratch, words, pool, bounds
        )
    else:
        used = shingle_kernels.shingle_spans(
            text, start, end, table.entries, table.expansions, kind == "characters", scratch, words, pool, bounds, letters
        )
    return pool[:used].copy(), bounds


def words_of_block(text: NDArray[np.uint8], start: NDArray[np.int64], end: NDArray[np.int64], room: Room) -> Worded:
    """The words of the paragraphs text[start:end]: a view of what the room holds."""
    pool, bounds, letters, scratch, words = _room(start, end, room)
    table, spelled = fold_table(), np.empty(len(start), np.bool_)
    used = shingle_kernels.word_spans(
        text, start, end, table.entries, table.expansions, number_table().keys, scratch, words, pool, bounds, letters, spelled
    )
    return Worded(pool[:used], bounds, letters, spelled)


def _room(
    start: NDArray[np.int64], end: NDArray[np.int64], room: Room
) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int32], NDArray[np.uint32], NDArray[np.uint64]]:
    """What kernels fill in for paragraphs text[start:end]: pool, bounds and letters; scratch and words of one paragraph."""
    longest = int((end - start).max())
    return (
        room.get("pool", int((end - start).sum()) * 2 + 64 + longest * SCRATCH, np.uint64), np.empty(len(start) + 1, np.int64),
        np.zeros(len(start), np.int32), room.get("scratch", longest * SCRATCH + 8, np.uint32),
        room.get("words", longest * SCRATCH // 2 + 8, np.uint64),
    )  # fmt: skip
