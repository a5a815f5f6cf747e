"""What the report tells of a ledger: tallies of rules and of duplicates, and a few rows of each.

A kernel lists the rows of the file as numbers; only rows that are shown are parsed.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple

import numpy as np

from dedup.errors import InputError
from dedup.io.pieces import strings
from dedup.io.whole_lines import lines_from, offsets
from dedup.kernels.ledger import DUPLICATE, LEAST_ROW, RULED, WORDS, Listed, list_rows
from dedup.room import Room
from dedup.text.groups import ascending, grouped, order_of
from dedup.threads import in_threads

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

# How many of each are shown; the page says of how many.
EXAMPLES: Final = 4  # of one rule
CLUSTERS: Final = 30
MEMBERS: Final = 3  # of one cluster
NEAREST: Final = 24
NAME: Final = "ledger.jsonl"
SAME: Final = 1_000_000  # millionths: a duplicate all of whose words its twin has

Row = dict[str, Any]
Place = tuple[str, int, int]
_decode = json.JSONDecoder().raw_decode  # half the time of json.loads, which looks for an encoding and white space each time


class Example(NamedTuple):
    """A ledger row, and how often its very text went by this rule."""

    row: Row
    seen: int


@dataclass(frozen=True, slots=True)
class RuleTally:
    """What one rule took. `examples`: those whose texts have the smallest hashes, a fair draw, the same on every run; the most
    frequent first.
    """

    reason: str
    hits: int
    characters: int
    examples: list[Example]


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


def read_ledger(folder: Path, threads: int = 1) -> LedgerFacts:
    """Go through the ledger of an output folder, in threads. Raises InputError where it cannot be read.

    Memory: 33 bytes a row, and as much to sort them.
    """
    try:
        with (folder / NAME).open("rb") as file:
            room = Room()
            listed = in_threads(lambda offset: _list(*lines_from(file, offset, room)), offsets(file), threads)
            ruled, duplicates = (_together(parts) for parts in zip(_list(0, np.empty(0, np.uint8)), *listed, strict=True))
            cluster, first = grouped(duplicates.key)
            size = np.bincount(cluster, minlength=len(first))
            return LedgerFacts(
                _rules(ruled, file),
                _counted(duplicates.alike // (SAME // 100)),
                _counted(size),
                _clusters(duplicates, cluster, size, file),
                _nearest(duplicates, file),
            )
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{folder}: {NAME} cannot be read: {error}") from error


def _list(offset: int, data: NDArray[np.uint8]) -> tuple[Listed, Listed]:
    """Of lines of a ledger that begin at an offset the rows that have a rule, and those of duplicates. Raises ValueError where a row is
    none of a ledger.
    """
    rows = _room(len(data) // LEAST_ROW + 1)
    count = list_rows(data, strings(WORDS), rows)
    if count < 0:
        raise ValueError(f"no row of a ledger at byte {offset + rows.at[-1 - count]}")
    np.add(rows.at, offset, out=rows.at)
    ruled, duplicates = (np.flatnonzero(rows.kind[:count] == kind) for kind in (RULED, DUPLICATE))
    return Listed._make(column[ruled] for column in rows), Listed._make(column[duplicates] for column in rows)


def _together(parts: Iterable[Listed]) -> Listed:
    return Listed._make(map(np.concatenate, zip(*parts, strict=True)))


def _room(size: int) -> Listed:
    at, keys, texts = np.empty(size, np.int64), np.empty(size, np.uint64), np.empty(size, np.uint64)
    return Listed(at, np.empty(size, np.uint8), np.empty(size, np.int32), keys, texts, np.empty(size, np.int32))


def _row(file: BinaryIO, at: int) -> Row:
    file.seek(at)
    row: Row = _decode(file.readline().decode("utf-8"))[0]
    return row


def _rules(ruled: Listed, file: BinaryIO) -> dict[str, RuleTally]:
    rules: dict[str, RuleTally] = {}
    for key in ascending(ruled.key):
        mine = np.flatnonzero(ruled.key == key)
        _, first, seen = np.unique(ruled.text[mine], return_index=True, return_counts=True)
        shown = zip(ruled.at[mine[first[:EXAMPLES]]].tolist(), seen[:EXAMPLES].tolist(), strict=True)
        examples = [Example(_row(file, at), count) for at, count in sorted(shown, key=lambda each: (-each[1], each[0]))]
        row = examples[0].row
        rules[row["rule"]] = RuleTally(row["reason"], len(mine), int(ruled.characters[mine].sum()), examples)
    return rules


def _counted(values: NDArray[Any]) -> Counter[int]:
    found, counts = np.unique(values, return_counts=True)
    return Counter(dict(zip(found.tolist(), counts.tolist(), strict=True)))


def _clusters(duplicates: Listed, cluster: NDArray[np.int64], size: NDArray[np.int64], file: BinaryIO) -> list[Cluster]:
    """The biggest with the members least like their leaders; of equal size those that are met first."""
    least = int(np.sort(size)[-CLUSTERS:].min(initial=1 << 62))
    rows = np.flatnonzero(size[cluster] >= least)
    numbers, first = np.unique(cluster[rows], return_index=True)
    found: list[Cluster] = []
    for number in numbers[np.lexsort((first, -size[numbers]))[:CLUSTERS]].tolist():
        mine = rows[cluster[rows] == number]
        shown = mine[np.argsort(duplicates.alike[mine], kind="stable")[:MEMBERS]]
        members = [_row(file, at) for at in duplicates.at[shown].tolist()]
        leader = members[0]["canonical"]
        found.append(
            Cluster(
                (leader["document"], leader["start"], leader["end"]),
                len(mine),
                tuple((row["similarity"], row["document"], row["start"]) for row in members),
            )
        )
    return found


def _nearest(duplicates: Listed, file: BinaryIO) -> list[Row]:
    """The duplicates nearest to the threshold: the rows of the least similarity, one of each cluster."""
    rows = np.flatnonzero(duplicates.alike < SAME)
    rows = rows[order_of(duplicates.alike[rows].astype(np.uint64))]
    _, first = grouped(duplicates.key[rows])
    return [_row(file, at) for at in duplicates.at[rows[first[:NEAREST]]].tolist()]
