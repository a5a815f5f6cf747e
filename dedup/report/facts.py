"""What the report tells of a run, from its output folder: of rows only a few are kept."""

from __future__ import annotations

import heapq
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from dedup.errors import InputError
from dedup.io.folder import manifest_of
from dedup.io.inputs import rebuild_inputs
from dedup.report.ledger import read_ledger

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from dedup.io.inputs import Rebuilt
    from dedup.report.ledger import Cluster, Row, RuleTally

# How many of each are shown; the page says of how many. They keep it under 2 MB whatever the run, with those of `report.ledger`.
RULES: Final = 60  # with examples
DOCUMENTS: Final = 60  # flagged, and as many that went entirely
UNREADABLE: Final = 100
RESTORE: Final = b',"restore":{'  # the last and longest field of a row of documents, not looked at here; in no string of JSON


@dataclass(slots=True)
class SourceTally:
    """Input documents of one site."""

    documents: int = 0
    characters_in: int = 0
    characters_out: int = 0
    removed: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the page shows; `similarities` and `cluster_sizes` as in `LedgerFacts`."""

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
    ledger = read_ledger(folder)
    clusters, nearest = ledger.clusters, ledger.nearest
    rules = dict(sorted(ledger.rules.items(), key=lambda item: (-item[1].hits, item[0])))
    wanted = {example.row["document"] for tally in list(rules.values())[:RULES] for example in tally.examples}
    wanted |= {name for cluster in clusters for name in (cluster.leader[0], *(member[1] for member in cluster.members))}
    wanted |= {name for row in nearest for name in (row["document"], row["canonical"]["document"])}
    unreadable = [row for _, row in zip(range(UNREADABLE), _rows(folder, "unreadable.jsonl"), strict=False)]
    return Facts(
        manifest, sources, flagged, gone, unreadable, rules, ledger.similarities, ledger.cluster_sizes,
        clusters, nearest, rebuild_inputs(folder, wanted),
    )  # fmt: skip


def _documents(documents: Iterable[Row]) -> tuple[dict[str, SourceTally], list[Row], list[Row]]:
    """Tallies by source; the flagged documents that lost most; the first of those that went entirely."""
    sources: dict[str, SourceTally] = {}
    flagged: list[Row] = []
    gone: list[Row] = []
    for row in documents:
        tally = sources.get(row["source"])
        if tally is None:
            tally = sources[row["source"]] = SourceTally()
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
    """The rows of a file, without what `restore` needs."""
    parse = json.JSONDecoder().raw_decode  # half the time of json.loads, which looks for an encoding each time
    try:
        with (folder / name).open("rb") as file:
            for line in file:
                row, restore, _ = line.partition(RESTORE)
                yield parse(f"{row.decode('utf-8')}}}" if restore else row.decode("utf-8"))[0]
    except (OSError, ValueError) as error:
        raise InputError(f"{folder}: {name} cannot be read: {error}") from error
