"""What the report tells of a ledger: tallies of rules and of duplicates, and a few rows of each.

The file is gone through in pieces of many rows. Few of these are parsed: a row is found by what stands in it but in no string of
JSON, whose quotes have backslashes, and of a duplicate only what its leader and its similarity are is cut out.
"""

from __future__ import annotations

import heapq
import json
from array import array
from collections import Counter
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import xxhash

from dedup.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

# How many of each are shown; the page says of how many.
EXAMPLES: Final = 4  # of one rule
CLUSTERS: Final = 30
MEMBERS: Final = 3  # of one cluster
NEAREST: Final = 24
NEAREST_HELD: Final = 20 * NEAREST  # of which one a leader is shown
NAME: Final = "ledger.jsonl"
PIECE: Final = 1 << 20  # bytes: what is cut out of them stays in the processor's cache
RULE: Final = b',"rule":"'
DUPLICATE: Final = b',"action":"remove","reason":"duplicate","canonical":{'
SIMILARITY: Final = b'},"similarity":'

Row = dict[str, Any]
Place = tuple[str, int, int]
_decode = json.JSONDecoder().raw_decode  # half the time of json.loads, which looks for an encoding and white space each time


def _parse(line: bytes) -> Row:
    row: Row = _decode(line.decode("utf-8"))[0]
    return row


class Example(NamedTuple):
    """A ledger row, and how often its very text went by this rule."""

    row: Row
    seen: int


@dataclass(slots=True)
class RuleTally:
    """What one rule took. `samples`: by hash of the text, those with the smallest: a fair draw, the same on every run."""

    reason: str
    hits: int = 0
    characters: int = 0
    samples: dict[int, tuple[Row, int]] = field(default_factory=dict)
    limit: int = 1 << 64

    def add(self, row: Row) -> None:
        """One more removal or move."""
        self.hits += 1
        self.characters += row["end"] - row["start"]
        key = xxhash.xxh3_64_intdigest(str(row.get("text", row["document"])).strip().encode("utf-8", "surrogatepass"))
        if key > self.limit:
            return
        held = self.samples.get(key)
        self.samples[key] = (held[0], held[1] + 1) if held else (row, 1)
        if len(self.samples) > EXAMPLES:
            del self.samples[max(self.samples)]
            self.limit = max(self.samples)

    def examples(self) -> list[Example]:
        """The most frequent first."""
        found = [Example(row, seen) for row, seen in self.samples.values()]
        return sorted(found, key=lambda example: (-example.seen, example.row["document"], example.row["start"]))


@dataclass(frozen=True, slots=True)
class Cluster:
    """A paragraph that stays, how many went for it, and those least like it as (similarity, document, start)."""

    leader: Place
    size: int
    members: tuple[tuple[float, str, int], ...]


@dataclass(frozen=True, slots=True)
class LedgerFacts:
    """`similarities`: duplicates by hundredth, rounded down, those of the same words apart, under 100."""

    rules: dict[str, RuleTally]
    similarities: Counter[int]
    cluster_sizes: Counter[int]
    clusters: list[Cluster]
    nearest: list[Row]


def read_ledger(folder: Path) -> LedgerFacts:
    """Go through the ledger of an output folder, twice. Raises InputError where it cannot be read."""
    try:
        rules: dict[str, RuleTally] = {}
        similarities: Counter[bytes] = Counter()
        leaders = array("Q")  # hashes of how they are written: a large ledger names millions
        near = _Nearest()
        for piece in _pieces(folder):
            _add_ruled(piece, rules)
            parts = piece.split(DUPLICATE)
            found = [part.partition(SIMILARITY) for part in parts[1:]]
            leaders.extend(map(xxhash.xxh3_64_intdigest, map(itemgetter(0), found)))
            alike = [rest[: rest.find(b",")] for _, _, rest in found]
            similarities.update(alike)
            near.add(parts, alike)
        hundredths: Counter[int] = Counter()
        for similarity, count in similarities.items():
            hundredths[int(float(similarity) * 100 + 1e-9)] += count
        named, size = _counted(leaders)
        sizes, members = np.unique(size, return_counts=True)
        spread = Counter(dict(zip(sizes.tolist(), members.tolist(), strict=True)))
        return LedgerFacts(rules, hundredths, spread, _clusters(folder, _biggest(named, size)), near.rows())
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{folder}: {NAME} cannot be read: {error}") from error


def _pieces(folder: Path) -> Iterator[bytes]:
    """The file in whole rows, many at a time."""
    with (folder / NAME).open("rb") as file:
        while piece := file.read(PIECE):
            yield piece + file.readline()


def _add_ruled(piece: bytes, rules: dict[str, RuleTally]) -> None:
    """Tally the rows of a piece that have a rule."""
    at = piece.find(RULE)
    while at >= 0:
        end = piece.find(b"\n", at)
        row = _parse(piece[piece.rfind(b"\n", 0, at) + 1 : end if end >= 0 else None])
        tally = rules.get(row["rule"])
        if tally is None:
            tally = rules[row["rule"]] = RuleTally(row["reason"])
        tally.add(row)
        at = piece.find(RULE, end) if end >= 0 else -1


def _head(parts: list[bytes], number: int) -> bytes:
    """What stands in the row of a duplicate before it is said to be one: the end of the part before."""
    return parts[number][parts[number].rfind(b"\n") + 1 :]


class _Nearest:
    """The duplicates nearest to the threshold: rows of the least similarity."""

    def __init__(self) -> None:
        self._held: list[Row] = []
        self._limit = 1.0  # what is more alike is not among them

    def add(self, parts: list[bytes], alike: list[bytes]) -> None:
        """The duplicates of a piece cut at each, and how alike each is to what stays for it."""
        near = {similarity for similarity in set(alike) if (value := float(similarity)) < 1 and value <= self._limit}
        for number, similarity in enumerate(alike):
            if similarity in near:
                self._held.append(_parse(_head(parts, number) + DUPLICATE + parts[number + 1].partition(b"\n")[0]))
        if len(self._held) > 2 * NEAREST_HELD:
            self._held = heapq.nsmallest(NEAREST_HELD, self._held, key=_nearness)
            self._limit = self._held[-1]["similarity"]

    def rows(self) -> list[Row]:
        """One of each cluster."""
        found: dict[Place, Row] = {}
        for row in heapq.nsmallest(NEAREST_HELD, self._held, key=_nearness):
            canonical = row["canonical"]
            found.setdefault((canonical["document"], canonical["start"], canonical["end"]), row)
        return list(found.values())[:NEAREST]


def _nearness(row: Row) -> tuple[float, str, int]:
    return row["similarity"], row["document"], row["start"]


def _counted(hashes: array[int]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The distinct ones, ascending, and how often each stands there."""
    every = np.sort(np.frombuffer(hashes, np.uint64)) if hashes else np.zeros(0, np.uint64)
    first = np.flatnonzero(np.r_[np.ones(min(len(every), 1), np.bool_), every[1:] != every[:-1]])
    return every[first], np.diff(np.r_[first, len(every)])


def _biggest(named: NDArray[np.uint64], size: NDArray[np.int64]) -> dict[int, int]:
    """Sizes of the biggest clusters, and of all that are as big as the least of them."""
    least = int(np.sort(size)[-CLUSTERS:].min(initial=1 << 62))
    chosen = size >= least
    return dict(zip(named[chosen].tolist(), size[chosen].tolist(), strict=True))


def _clusters(folder: Path, biggest: dict[int, int]) -> list[Cluster]:
    """The biggest with the members least like their leaders; of equal size those whose leaders come first. One that is not among
    them when its leader is first met will not be later.
    """
    found: dict[bytes, tuple[tuple[int, Place], list[tuple[float, str, int]]]] = {}
    seen: set[int] = set()
    for piece in _pieces(folder) if biggest else ():
        parts = piece.split(DUPLICATE)
        for number, part in enumerate(parts[1:]):
            written, _, rest = part.partition(SIMILARITY)
            held = found.get(written)
            if held is None:
                key = xxhash.xxh3_64_intdigest(written)
                if key not in biggest or key in seen:
                    continue
                seen.add(key)
                leader = _parse(b"{%b}" % written)
                held = found[written] = (-biggest[key], (leader["document"], leader["start"], leader["end"])), []
                if len(found) > CLUSTERS:
                    del found[max(found, key=lambda each: found[each][0])]
            head = _parse(_head(parts, number) + b"}")
            held[1].append((float(rest.partition(b",")[0]), head["document"], head["start"]))
    ordered = sorted(found.values())
    return [Cluster(leader, -size, tuple(heapq.nsmallest(MEMBERS, members))) for (size, leader), members in ordered]
