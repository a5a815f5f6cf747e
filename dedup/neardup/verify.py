"""Whether one of a pair may go for the other: exact containment, and the guards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np

from dedup.memory import memory_limit
from dedup.neardup.places import Places
from dedup.neardup.sets import Shared, shared
from dedup.room import Room
from dedup.text.lines import even_pieces
from dedup.threads import in_threads

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from dedup.config import Config
    from dedup.io.store import BlockStore
    from dedup.neardup.sets import Spans

Made = TypeVar("Made")

FLOOR: Final = 0.65  # containment of word 2-grams below which characters are not asked; of accepted real pairs none had under .68
PAIRS: Final = 100_000  # compared at a time by a thread,
PAIR_PART: Final = 8  # by all in no more than this part of the memory that a run may take,
PAIR_BYTES: Final = 2000  # at so many for each pair: two sets of characters, of numbers


@dataclass(frozen=True, slots=True)
class Pairs:
    """Candidate pairs of spans. `common`: word pairs that the two share; `sizes`: of the set of every span."""

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    common: NDArray[np.int32]
    sizes: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.left)

    def some(self, chosen: slice) -> Pairs:
        """Some of the pairs."""
        return Pairs(self.left[chosen], self.right[chosen], self.common[chosen], self.sizes)


@dataclass(frozen=True, slots=True)
class Side:
    """For each pair, whether its one member may go for its other: `passed`; at which containment; `by_characters`: which
    witness passed.
    """

    passed: NDArray[np.bool_]
    score: NDArray[np.float64]
    by_characters: NDArray[np.bool_]

    @classmethod
    def joined(cls, parts: list[Side]) -> Side:
        """One behind the other."""
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in cls.__slots__))


@dataclass(frozen=True, slots=True)
class Verdicts:
    """`right`: the left one may go for the right one; `left`: the other way. `numbers`: how many the left and the right one hold,
    where either passed.
    """

    right: Side
    left: Side
    numbers: tuple[NDArray[np.int32], NDArray[np.int32]]


def verify(spans: Spans, store: BlockStore, pairs: Pairs, config: Config, threads: int) -> Verdicts:
    """Ask all pairs, some at a time."""

    def work(some: slice, room: Room) -> Verdicts:
        return _Comparison(spans, store, pairs.some(some), room).verdicts(config)

    parts = _some_at_a_time(work, len(pairs), config, threads)
    numbers = [np.concatenate(each) for each in zip(*(part.numbers for part in parts), strict=True)]
    return Verdicts(Side.joined([part.right for part in parts]), Side.joined([part.left for part in parts]), (numbers[0], numbers[1]))


class _Comparison:
    """Some pairs, and the texts they stand in."""

    def __init__(self, spans: Spans, store: BlockStore, pairs: Pairs, room: Room) -> None:
        self._spans, self._store, self._pairs, self._room = spans, store, pairs, room

    def verdicts(self, config: Config) -> Verdicts:
        """Containment of word 2-grams, of character 5-grams where that fails, then the number guard, then the places."""
        pairs = self._pairs
        of_left = pairs.common / np.maximum(pairs.sizes[pairs.left], 1)
        of_right = pairs.common / np.maximum(pairs.sizes[pairs.right], 1)
        right, left = _by_words(of_left, config), _by_words(of_right, config)
        asked = np.flatnonzero(~(right.passed & left.passed) & (np.maximum(of_left, of_right) >= FLOOR))
        if len(asked):
            common, in_left, in_right = self._shared(asked, "characters")
            _by_characters(right, asked, of_left, common / np.maximum(in_left, 1), config)
            _by_characters(left, asked, of_right, common / np.maximum(in_right, 1), config)
        numbers = self._guard(right, left)
        places = Places(self._spans, self._store, self._room, pairs.sizes, config.threshold, FLOOR)
        places.confirm(pairs.left, pairs.right, right.passed, right.by_characters)
        places.confirm(pairs.right, pairs.left, left.passed, left.by_characters)
        return Verdicts(right, left, numbers)

    def _guard(self, right: Side, left: Side) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Take back what passed where a number of the one is not in the other; returns how many numbers each has."""
        held = np.flatnonzero(right.passed | left.passed)
        counts = np.zeros((2, len(self._pairs)), np.int32)
        if len(held):
            common, in_left, in_right = self._shared(held, "numbers")
            right.passed[held] &= common == in_left
            left.passed[held] &= common == in_right
            counts[0, held], counts[1, held] = in_left, in_right
        return counts[0], counts[1]

    def _shared(self, chosen: NDArray[np.int64], kind: str) -> Shared:
        """What the members of some pairs share, and the size of each one's set."""
        return shared(self._spans, self._store, self._pairs.left[chosen], self._pairs.right[chosen], kind, self._room)


def all_shared(
    spans: Spans, store: BlockStore, left: NDArray[np.int64], right: NDArray[np.int64], kind: str, config: Config, threads: int
) -> Shared:
    """What the sets of all pairs of spans share, some pairs at a time."""

    def work(some: slice, room: Room) -> Shared:
        return shared(spans, store, left[some], right[some], kind, room)

    return Shared(*(np.concatenate(each) for each in zip(*_some_at_a_time(work, len(left), config, threads), strict=True)))


def _some_at_a_time(work: Callable[[slice, Room], Made], count: int, config: Config, threads: int) -> list[Made]:
    """What is made of stretches of so many pairs as each thread may compare at a time, in room that is used again."""
    room = Room()
    at_once = max(min(memory_limit(config) // PAIR_PART // PAIR_BYTES // threads, PAIRS), 1)
    return list(in_threads(lambda some: work(some, room), even_pieces(count, at_once, threads), threads))


def _by_words(share: NDArray[np.float64], config: Config) -> Side:
    return Side(share >= config.threshold, share.copy(), np.zeros(len(share), np.bool_))


def _by_characters(side: Side, asked: NDArray[np.int64], words: NDArray[np.float64], share: NDArray[np.float64], config: Config) -> None:
    """Let pass what holds by its characters, of what nearly does by its words."""
    enough = ~side.passed[asked] & (words[asked] >= FLOOR) & (share >= config.character_threshold)
    new = asked[enough]
    side.score[new] = share[enough]
    side.by_characters[new] = True
    side.passed[new] = True
