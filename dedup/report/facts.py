"""What the report tells of a run, from its output folder: of rows only a few are kept."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from dedup.io.folder import manifest_of, rows
from dedup.io.inputs import rebuild_inputs
from dedup.report.documents import DocumentFacts, read_documents
from dedup.report.ledger import LedgerFacts, read_ledger
from dedup.threads import workers

if TYPE_CHECKING:
    from collections import Counter
    from pathlib import Path

    from dedup.io.inputs import Rebuilt
    from dedup.report.documents import SourceTally
    from dedup.report.ledger import Cluster, Row, RuleTally

# How many of each are shown; the page says of how many. They keep it under 2 MB whatever the run, with those of `report.ledger`.
RULES: Final = 60  # with examples
UNREADABLE: Final = 100


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


class Listed(NamedTuple):
    """What all rows of a folder tell: known before its corpus is written."""

    documents: DocumentFacts
    ledger: LedgerFacts


def list_rows(folder: Path, threads: int = 1) -> Listed:
    """Read the list of documents, and the ledger; side by side, where there are several threads."""
    with workers(1, threads) as pool:
        documents = pool.submit(read_documents, folder)
        ledger = read_ledger(folder, threads)
        return Listed(documents.result(), ledger)


def gather(folder: Path, threads: int = 1, listed: Listed | None = None) -> Facts:
    """Read the folder, or what is not `listed` of it. Memory: what is shown, and an entry for each source, rule and cluster."""
    manifest = manifest_of(folder)
    documents, ledger = listed or list_rows(folder, threads)
    clusters, nearest = ledger.clusters, ledger.nearest
    rules = dict(sorted(ledger.rules.items(), key=lambda item: (-item[1].hits, item[0])))
    wanted = {example.row["document"] for tally in list(rules.values())[:RULES] for example in tally.examples}
    wanted |= {name for cluster in clusters for name in (cluster.leader[0], *(member[1] for member in cluster.members))}
    wanted |= {name for row in nearest for name in (row["document"], row["canonical"]["document"])}
    unreadable = list(islice(rows(folder, "unreadable.jsonl"), UNREADABLE))
    return Facts(
        manifest, documents.sources, documents.flagged, documents.gone, unreadable, rules, ledger.similarities, ledger.cluster_sizes,
        clusters, nearest, rebuild_inputs(folder, wanted),
    )  # fmt: skip
