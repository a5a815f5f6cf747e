"""What the report tells of a run, from its output folder: each file is read once, and of rows only a few are kept."""

from __future__ import annotations

import heapq
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import xxhash

from dedup.errors import InputError
from dedup.io.folder import manifest_of
from dedup.io.inputs import Rebuilt, rebuild_inputs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

# How many of each are shown; the page says of how many. They keep it under 2 MB whatever the run.
EXAMPLES: Final = 4  # of one rule
RULES: Final = 60  # with examples
CLUSTERS: Final = 30
MEMBERS: Final = 3  # of one cluster
NEAREST: Final = 24
NEAREST_HELD: Final = 20 * NEAREST  # of which one a leader is shown
DOCUMENTS: Final = 60  # flagged, and as many that went entirely
UNREADABLE: Final = 100
# Nothing a string of JSON could hold: its quotes have backslashes.
WHITESPACE: Final = '"reason":"whitespace"'
RESTORE: Final = ',"restore":{'  # the last and longest field of a row of documents, not looked at here

Row = dict[str, Any]
Place = tuple[str, int, int]


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


@dataclass(slots=True)
class SourceTally:
    """Input documents of one site."""

    documents: int = 0
    characters_in: int = 0
    characters_out: int = 0
    removed: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Cluster:
    """A paragraph that stays, how many went for it, and those least like it as (similarity, document, start)."""

    leader: Place
    size: int
    members: tuple[tuple[float, str, int], ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the page shows. `similarities`: duplicates by hundredth, rounded down, those of the same words apart, under 100."""

    manifest: Row
    sources: dict[str, SourceTally]
    flagged: list[Row]
    gone: list[Row]
    unreadable: list[Row]
    rules: dict[str, RuleTally]
    similarities: Counter[int]
    cluster_sizes: Counter[int]
    clusters: list[Cluster]
    nearest: list[Row]
    documents: dict[str, Rebuilt]


def gather(folder: Path) -> Facts:
    """Read the folder. Memory: what is shown, and an entry for each source, rule and cluster."""
    manifest = manifest_of(folder)
    sources, flagged, gone = _documents(_rows(folder, "documents.jsonl"))
    ledger = _Ledger()
    for row in _rows(folder, "ledger.jsonl"):
        ledger.add(row)
    clusters = ledger.biggest()
    nearest = ledger.nearest()
    rules = dict(sorted(ledger.rules.items(), key=lambda item: (-item[1].hits, item[0])))
    wanted = {example.row["document"] for tally in list(rules.values())[:RULES] for example in tally.examples()}
    wanted |= {name for cluster in clusters for name in (cluster.leader[0], *(member[1] for member in cluster.members))}
    wanted |= {name for row in nearest for name in (row["document"], row["canonical"]["document"])}
    unreadable = [row for _, row in zip(range(UNREADABLE), _rows(folder, "unreadable.jsonl"), strict=False)]
    return Facts(
        manifest, sources, flagged, gone, unreadable, rules, ledger.similarities, Counter(ledger.sizes.values()),
        clusters, nearest, rebuild_inputs(folder, wanted),
    )  # fmt: skip


def _documents(documents: Iterable[Row]) -> tuple[dict[str, SourceTally], list[Row], list[Row]]:
    """Tallies by source; the flagged documents that lost most; the first of those that went entirely."""
    sources: dict[str, SourceTally] = {}
    flagged: list[Row] = []
    gone: list[Row] = []
    for row in documents:
        tally = sources.setdefault(row["source"], SourceTally())
        tally.documents += 1
        tally.characters_in += row["characters_in"]
        tally.characters_out += row["characters_out"]
        for reason, characters in row["removed"].items():
            tally.removed[reason] += characters
        if row["flagged"]:
            flagged.append(row)
            if len(flagged) > 20 * DOCUMENTS:
                flagged = heapq.nsmallest(DOCUMENTS, flagged, key=_loss)
        elif row["status"] != "kept" and len(gone) < DOCUMENTS:
            gone.append(row)
    return sources, heapq.nsmallest(DOCUMENTS, flagged, key=_loss), gone


def _loss(row: Row) -> tuple[int, str]:
    """The biggest losses as furniture first, then by id."""
    return -(row["removed"].get("boilerplate", 0) + row["removed"].get("repeated", 0)), row["id"]


def _rows(folder: Path, name: str) -> Iterator[Row]:
    """The rows of a file but those of white space, every second one of a ledger, and without what `restore` needs."""
    parse = json.JSONDecoder().raw_decode  # half the time of json.loads, which looks for an encoding each time
    try:
        with (folder / name).open(encoding="utf-8", newline="\n") as file:
            for line in file:
                if WHITESPACE not in line:
                    end = line.find(RESTORE)
                    yield parse(line if end < 0 else line[:end] + "}")[0]
    except (OSError, ValueError) as error:
        raise InputError(f"{folder}: {name} cannot be read: {error}") from error


class _Ledger:
    """Tallies over the rows of a ledger."""

    def __init__(self) -> None:
        self.rules: dict[str, RuleTally] = {}
        self.similarities: Counter[int] = Counter()
        self.sizes: Counter[Place] = Counter()
        self._members: dict[Place, list[tuple[float, str, int]]] = {}
        self._near: list[Row] = []

    def add(self, row: Row) -> None:
        """One row."""
        rule = row.get("rule")
        if rule:
            tally = self.rules.get(rule)
            if tally is None:
                tally = self.rules[rule] = RuleTally(row["reason"])
            tally.add(row)
        if row["reason"] == "duplicate":
            self._add_duplicate(row)

    def _add_duplicate(self, row: Row) -> None:
        canonical, similarity = row["canonical"], row["similarity"]
        leader = (canonical["document"], canonical["start"], canonical["end"])
        self.similarities[int(similarity * 100 + 1e-9)] += 1
        self.sizes[leader] += 1
        members = self._members.setdefault(leader, [])
        members.append((similarity, row["document"], row["start"]))
        if len(members) > MEMBERS:
            members.remove(max(members))
        if similarity < 1:
            self._near.append(row)
            if len(self._near) > 4 * NEAREST_HELD:
                self._near = heapq.nsmallest(NEAREST_HELD, self._near, key=_nearness)

    def biggest(self) -> list[Cluster]:
        """The biggest clusters; of equal size the one whose leader comes first."""
        top = heapq.nsmallest(CLUSTERS, self.sizes.items(), key=lambda item: (-item[1], item[0]))
        return [Cluster(leader, size, tuple(sorted(self._members[leader]))) for leader, size in top]

    def nearest(self) -> list[Row]:
        """The duplicates nearest to the threshold, one of each cluster."""
        found: dict[Place, Row] = {}
        for row in heapq.nsmallest(NEAREST_HELD, self._near, key=_nearness):
            canonical = row["canonical"]
            found.setdefault((canonical["document"], canonical["start"], canonical["end"]), row)
        return list(found.values())[:NEAREST]


def _nearness(row: Row) -> tuple[float, str, int]:
    return row["similarity"], row["document"], row["start"]
