"""All files of an output folder, from a corpus and its decisions."""

from __future__ import annotations

import heapq
import json
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import xxhash

from dedup.boilerplate.packs import shipped_packs
from dedup.edit import apply
from dedup.edits import EditMaker
from dedup.errors import InvariantError
from dedup.io.corpus_out import HashedFile, extra_fields, open_writer
from dedup.io.dolma_out import DolmaWriter
from dedup.io.output import MANIFEST
from dedup.io.rows import ledger_rows, origin_row, to_json
from dedup.neardup.minhash import band_recall
from dedup.summary import Summary
from dedup.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dedup.config import Config
    from dedup.corpus import Corpus
    from dedup.decide import Decision
    from dedup.model import Edits, Unreadable

FLAG_SHARE: Final = 0.6  # of its text lost as boilerplate: look at such a document
FLAG_KEPT: Final = (200, 2000)  # fewer characters kept than the first of a page longer than the second
FORMAT_VERSION: Final = 1


class _Counts:
    """Tallies made while documents are written."""

    def __init__(self) -> None:
        self.status: Counter[str] = Counter()
        self.removed: Counter[str] = Counter()
        self.characters: Counter[str] = Counter()
        self.rules: Counter[str] = Counter()
        self.documents_out = self.appended = self.characters_out = self.flagged = 0
        self.leaders: set[tuple[str, int]] = set()


def write_all(corpus: Corpus, decision: Decision, config: Config, folder: Path, passed: int, advance: Callable[[int], object]) -> Summary:
    """Write corpus, ledger, documents, unreadable and manifest into `folder`; prove P1 to P3 on the way."""
    counts = _Counts()
    maker = EditMaker(corpus, decision)
    _check_survivors(decision)
    out = open_writer(config.format, folder)
    ordered = _Sorted(out.write)
    ledger, documents = HashedFile(folder / "ledger.jsonl"), HashedFile(folder / "documents.jsonl")
    for document in corpus.order.tolist():
        text = corpus.text(document)
        edits = maker.edits(document, text)
        parts = apply(text, edits)
        _write_parts(corpus, document, parts, config, ordered, counts)
        if isinstance(out, DolmaWriter):
            fields = extra_fields(corpus.origins[document], config.text_key)
            out.page(corpus.ids[document], text, corpus.sources[document], fields, edits)
        for row in ledger_rows(corpus, document, text, edits):
            ledger.write(to_json(row))
        documents.write(to_json(_document_row(corpus, document, text, edits, parts, counts)))
        advance(int(corpus.end[document] - corpus.start[document]))
    ordered.flush()
    hashes = out.close() | ledger.close() | documents.close() | _write_unreadable(corpus.unreadable, folder)
    summary = _summary(corpus, decision, counts, passed)
    (folder / MANIFEST).write_bytes(_manifest(config, summary, hashes))
    return summary


def _check_survivors(decision: Decision) -> None:
    """Promise P3: what stands for a removed paragraph stays itself."""
    gone = decision.canonical != range(len(decision.canonical))
    if (decision.reason[decision.paragraphs.first[decision.canonical[gone]]] != 0).any():
        raise InvariantError("a paragraph would go for one that goes itself")


class _Sorted:
    """Output documents in order of id: an appended article `x#2` may have to wait for `x!`."""

    def __init__(self, write: Callable[[str, str, str, dict[str, Any]], None]) -> None:
        self._write = write
        self._waiting: list[tuple[str, str, str, dict[str, Any]]] = []

    def add(self, identity: str, text: str, source: str, fields: dict[str, Any]) -> None:
        """An output document."""
        heapq.heappush(self._waiting, (identity, text, source, fields))

    def flush(self, before: str | None = None) -> None:
        """Write those with an id before this one, or all."""
        while self._waiting and (before is None or self._waiting[0][0] < before):
            self._write(*heapq.heappop(self._waiting))


def _write_parts(corpus: Corpus, document: int, parts: dict[int, str], config: Config, out: _Sorted, counts: _Counts) -> None:
    origin = corpus.origins[document]
    fields: dict[str, Any] = {}
    if origin.record is not None:
        fields = extra_fields(origin, config.text_key)
    out.flush(before=corpus.ids[document])
    for part, text in parts.items():
        if text:
            out.add(corpus.part_id(document, part), text, corpus.sources[document], fields)
            counts.documents_out += 1
            counts.appended += part > 1
            counts.characters_out += len(text)


def _document_row(corpus: Corpus, document: int, text: str, edits: Edits, parts: dict[int, str], counts: _Counts) -> dict[str, Any]:
    characters: Counter[str] = Counter()
    for removal in edits.removals:
        characters[removal.reason] += removal.end - removal.start
        counts.removed[removal.reason] += 1
        if removal.rule:
            counts.rules[removal.rule] += 1
        if removal.canonical is not None:
            counts.leaders.add(removal.canonical[:2])
    counts.characters += characters
    for move in edits.moves:
        counts.rules[move.rule] += 1
    out = sum(len(part) for part in parts.values())
    status = _status(edits, out > 0)
    counts.status[status] += 1
    flagged = _flag(len(text), characters["boilerplate"] + characters["repeated"])
    counts.flagged += flagged
    return {
        "id": corpus.ids[document], "source": corpus.sources[document], "status": status,
        "characters_in": len(text), "characters_out": out, "removed": dict(sorted(characters.items())),
        "moved": [corpus.part_id(document, move.part) for move in edits.moves], "flagged": flagged,
        "restore": origin_row(corpus.origins[document], corpus.hashes[document], text),
    }  # fmt: skip


def _status(edits: Edits, anything: bool) -> str:
    if anything:
        return "kept"
    reasons = {removal.reason for removal in edits.removals}
    return "remnant" if "remnant" in reasons else "duplicate" if "duplicate" in reasons else "empty"


def _flag(characters: int, lost: int) -> bool:
    return lost > FLAG_SHARE * characters or (characters > FLAG_KEPT[1] and characters - lost < FLAG_KEPT[0])


def _write_unreadable(rows: list[Unreadable], folder: Path) -> dict[str, str]:
    file = HashedFile(folder / "unreadable.jsonl")
    for row in sorted(rows, key=lambda row: (row.path, row.line)):
        file.write(to_json(asdict(row)))
    return file.close()


def _summary(corpus: Corpus, decision: Decision, counts: _Counts, passed: int) -> Summary:
    return Summary(
        documents_in=len(corpus), documents_out=counts.documents_out, appended=counts.appended,
        bytes_in=int((corpus.end - corpus.start).sum()), characters_in=int(corpus.characters.sum()), characters_out=counts.characters_out,
        status=dict(counts.status.most_common()), removed=dict(counts.removed.most_common()),
        removed_characters=dict(counts.characters.most_common()),
        rules=dict(sorted(counts.rules.items(), key=lambda item: (-item[1], item[0]))),
        clusters=len(counts.leaders), flagged=counts.flagged, unreadable=len(corpus.unreadable), passed_files=passed,
        renamed_ids=corpus.renamed, candidates=decision.graph.candidates, large_groups=decision.graph.large_groups,
        rewalked=decision.rewalked,
    )  # fmt: skip


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
