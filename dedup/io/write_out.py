"""All files of an output folder, from a corpus and its decisions."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final, TypeVar

import xxhash

from dedup.boilerplate.packs import shipped_packs
from dedup.decide import check_survivors
from dedup.edits import EditMaker
from dedup.io.corpus_out import HashedFile, open_writer
from dedup.io.dolma_out import DolmaWriter
from dedup.io.output import MANIFEST
from dedup.io.pieces import names_of
from dedup.io.rows import to_json
from dedup.io.write_corpus import write_corpus, write_pages
from dedup.io.write_documents import rows_of_documents
from dedup.io.write_ledger import ledger
from dedup.neardup.banding import banding_of, hardest_jaccard
from dedup.removals import make_removals
from dedup.resting import letting_go
from dedup.tally import summarise, tally
from dedup.threads import Behind, workers
from dedup.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from dedup.config import Config
    from dedup.corpus import Corpus
    from dedup.decide import Decision
    from dedup.model import Unreadable
    from dedup.summary import Summary

Made = TypeVar("Made")
Read = TypeVar("Read")

FORMAT_VERSION: Final = 1
MAKERS: Final = 2  # files that are made at a time; with no more threads each is written by who makes it, which is faster
PACKED: Final = ("jsonl.gz", "jsonl.zst")  # which takes longer than to make them
READ_MOST: Final = 1 << 20  # rows of the ledger that are read while the corpus is still in memory


def write_all(
    corpus: Corpus, decision: Decision, config: Config, folder: Path, passed: int, advance: Callable[[int], object], threads: int,
    then: tuple[Callable[[], Made], Callable[[], Read]] | None = None,
) -> tuple[Summary, tuple[Made, Read] | None]:  # fmt: skip
    """Write corpus, ledger, documents, unreadable and manifest into `folder`; prove P1 to P3 on the way.

    `then`: what reads documents and ledger, each when it is there, while others are still written; what they make is returned. They are
    not called where there are very many rows.
    """
    spare = threads - MAKERS + 1  # for who makes a file
    with workers(MAKERS, threads) as pool:
        named, checked = pool.submit(names_of, corpus, decision.units), pool.submit(check_survivors, decision)
        removals = make_removals(corpus, decision, threads)
        names = named.result()
        checked.result()
        corpus.store.give_back()
        rows = pool.submit(_write_rows, folder / "ledger.jsonl", ledger(corpus, decision, removals, names, corpus.order), spare)
        counts = tally(corpus, decision, removals)

        def write_texts() -> dict[str, str]:
            out = open_writer(config.format, folder)
            if isinstance(out, DolmaWriter):
                write_pages(corpus, EditMaker(corpus, decision, removals=removals), config, out, advance)
            else:
                write_corpus(corpus, decision, removals, counts, names, config, out, advance, threads if config.format in PACKED else spare)
            return out.close()

        documents = pool.submit(_write_rows, folder / "documents.jsonl", rows_of_documents(corpus, decision, counts, names), spare)
        summary = pool.submit(summarise, corpus, decision, removals, counts, passed)
        texts = pool.submit(write_texts)
        few = then if len(removals.document) <= READ_MOST else None
        read = few and (pool.submit(_after, documents, few[0]), pool.submit(_after, rows, few[1]))
        unreadable, manifest = _write_unreadable(corpus.unreadable, folder), _manifest(config, summary.result())
        manifest["outputs"] = texts.result() | rows.result() | documents.result() | unreadable
    (folder / MANIFEST).write_bytes(json.dumps(manifest, ensure_ascii=False, indent=1).encode("utf-8") + b"\n")
    return summary.result(), read and (read[0].result(), read[1].result())


def _after(written: Future[dict[str, str]], then: Callable[[], Made]) -> Made:
    """What `then` makes when a file is written."""
    written.result()
    return then()


def _write_rows(path: Path, rows: Iterator[NDArray[np.uint8]], threads: int) -> dict[str, str]:
    file = HashedFile(path)
    with closing(Behind(file.write, threads)) as out:
        for some in letting_go(rows):
            out.put(some.data)
    return file.close()


def _write_unreadable(rows: list[Unreadable], folder: Path) -> dict[str, str]:
    file = HashedFile(folder / "unreadable.jsonl")
    for row in sorted(rows, key=lambda row: (row.path, row.line)):
        file.write(to_json(asdict(row)))
    return file.close()


def _manifest(config: Config, summary: Summary) -> dict[str, Any]:
    """All but the hashes of what is written."""
    return {
        "dedup": __version__,
        "format": FORMAT_VERSION,
        "config": config.public(),
        "packs": {path.name: xxhash.xxh3_128_hexdigest(path.read_bytes()) for path in [*shipped_packs(), *_user_packs(config)]},
        "candidate_recall": _expected_recall(config, summary),
        "counts": summary.as_dict(),
    }


def _expected_recall(config: Config, summary: Summary) -> dict[str, Any]:
    """What the candidate search is expected to find of the pairs that the rule lets go.

    The join finds every pair, but for those that share only pairs of words which very many paragraphs hold (`large_groups`):
    of these the banding finds its part.
    """
    banding = banding_of(config)
    hardest = hardest_jaccard(config.threshold)
    by_jaccard = {f"{tenths / 10:.1f}": round(banding.recall(tenths / 10), 6) for tenths in range(3, 10)}
    return {
        "asked": config.recall,
        "expected": round(banding.recall(hardest), 6) if summary.large_groups else 1.0,
        "join": "complete" if not summary.large_groups else "complete but for large groups",
        "banding": banding._asdict()
        | {"recall": round(banding.recall(hardest), 6), "jaccard": round(hardest, 4), "by_jaccard": by_jaccard},
    }


def _user_packs(config: Config) -> list[Path]:
    from pathlib import Path

    return [Path(name) for name in config.packs]
