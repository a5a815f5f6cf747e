"""datatrove: its four MinHash steps with LocalPipelineExecutor over paragraphs as documents, after its minhash_deduplication example.

14 buckets of 8 are its default, which it documents as a threshold of 0.72.
"""

from __future__ import annotations

import gzip
import json
import os
from typing import TYPE_CHECKING

from common import NGRAM, arguments, paragraphs, write
from datatrove.executor.local import LocalPipelineExecutor
from datatrove.pipeline.dedup.minhash import (
    MinhashConfig,
    MinhashDedupBuckets,
    MinhashDedupCluster,
    MinhashDedupFilter,
    MinhashDedupSignature,
)
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONFIG = MinhashConfig(n_grams=NGRAM)
CORES = len(os.sched_getaffinity(0))


def main() -> None:
    folder, kept, scratch = arguments()
    hand_over(folder, scratch / "in")

    def run(*steps: object, tasks: int) -> None:
        logs = scratch / f"logs-{type(steps[-1]).__name__}"
        LocalPipelineExecutor(pipeline=list(steps), tasks=tasks, workers=CORES, logging_dir=str(logs)).run()

    def at(name: str) -> str:
        return str(scratch / name)

    reader = JsonlReader(at("in"))
    run(reader, MinhashDedupSignature(output_folder=at("signatures"), config=CONFIG, language="ar"), tasks=CORES)
    buckets = MinhashDedupBuckets(input_folder=at("signatures"), output_folder=at("buckets"), config=CONFIG)
    run(buckets, tasks=CONFIG.num_buckets)
    run(MinhashDedupCluster(input_folder=at("buckets"), output_folder=at("remove"), config=CONFIG), tasks=1)
    run(reader, MinhashDedupFilter(input_folder=at("remove")), JsonlWriter(at("kept")), tasks=CORES)
    write(kept, kept_rows(scratch / "kept"))


def hand_over(folder: Path, target: Path) -> None:
    """Paragraphs as documents, in a file a task."""
    target.mkdir()
    rows = list(paragraphs(folder))
    share = -(-len(rows) // CORES)
    for part in range(CORES):
        with (target / f"{part:02}.jsonl").open("w", encoding="utf-8") as file:
            for document, ordinal, text in rows[part * share : (part + 1) * share]:
                file.write(json.dumps({"id": f"{document}#{ordinal}", "text": text}, ensure_ascii=False) + "\n")


def kept_rows(folder: Path) -> Iterator[tuple[str, int, str]]:
    """What its writer wrote."""
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                row = json.loads(line)
                document, ordinal = row["id"].rsplit("#", 1)
                yield document, int(ordinal), row["text"]


if __name__ == "__main__":
    main()
