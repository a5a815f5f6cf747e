"""All files of an output folder, from a corpus and its decisions."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

import xxhash

from dedup.boilerplate.packs import shipped_packs
from dedup.errors import InvariantError
from dedup.io.corpus_out import HashedFile, open_writer
from dedup.io.output import MANIFEST
from dedup.io.rows import to_json
from dedup.io.tally import summarise, tally
from dedup.io.write_corpus import write_corpus
from dedup.io.write_documents import document_rows
from dedup.io.write_ledger import ledger
from dedup.neardup.minhash import band_recall
from dedup.removals import make_removals
from dedup.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from dedup.config import Config
    from dedup.corpus import Corpus
    from dedup.decide import Decision
    from dedup.model import Unreadable
    from dedup.summary import Summary

FORMAT_VERSION: Final = 1


def write_all(
    corpus: Corpus, decision: Decision, config: Config, folder: Path, passed: int, advance: Callable[[int], object], threads: int
) -> Summary:
    """Write corpus, ledger, documents, unreadable and manifest into `folder`; prove P1 to P3 on the way."""
    _check_survivors(decision)
    removals = make_removals(corpus, decision, threads)
    counts = tally(corpus, decision, removals)

    def write_texts() -> dict[str, str]:
        out = open_writer(config.format, folder)
        write_corpus(corpus, decision, removals, counts, config, out, advance)
        return out.close()

    with ThreadPoolExecutor(min(threads, 2)) as pool:
        texts = pool.submit(write_texts)
        rows = pool.submit(_write_rows, folder / "ledger.jsonl", ledger(corpus, decision, removals, corpus.order))
        documents = pool.submit(_write_rows, folder / "documents.jsonl", document_rows(corpus, decision, counts))
        hashes = texts.result() | rows.result() | documents.result() | _write_unreadable(corpus.unreadable, folder)
    summary = summarise(corpus, decision, removals, counts, passed)
    (folder / MANIFEST).write_bytes(_manifest(config, summary, hashes))
    return summary


def _write_rows(path: Path, rows: Iterator[bytes]) -> dict[str, str]:
    file = HashedFile(path)
    for some in rows:
        file.write(some)
    return file.close()


def _check_survivors(decision: Decision) -> None:
    """Promise P3: what stands for a removed paragraph stays itself."""
    gone = decision.canonical != range(len(decision.canonical))
    if (decision.reason[decision.paragraphs.first[decision.canonical[gone]]] != 0).any():
        raise InvariantError("a paragraph would go for one that goes itself")


def _write_unreadable(rows: list[Unreadable], folder: Path) -> dict[str, str]:
    file = HashedFile(folder / "unreadable.jsonl")
    for row in sorted(rows, key=lambda row: (row.path, row.line)):
        file.write(to_json(asdict(row)))
    return file.close()


def _manifest(config: Config, summary: Summary, hashes: dict[str, str]) -> bytes:
    import numpy as np

    floor = np.array([0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
    recall = band_recall(floor, config.bands, config.rows)
    content = {
        "dedup": __version__,
        "format": FORMAT_VERSION,
        "config": config.public(),
        "packs": {path.name: xxhash.xxh3_128_hexdigest(path.read_bytes()) for path in [*shipped_packs(), *_user_packs(config)]},
        "candidate_recall": {"by_jaccard": {f"{j:.1f}": round(float(r), 6) for j, r in zip(floor, recall, strict=True)}},
        "counts": summary.as_dict(),
        "outputs": hashes,
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode("utf-8") + b"\n"


def _user_packs(config: Config) -> list[Path]:
    from pathlib import Path

    return [Path(name) for name in config.packs]
