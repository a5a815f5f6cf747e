"""`dedup strip -`: a filter over JSON lines, in order, in constant memory."""

from __future__ import annotations

import io
import json
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from dedup.corpus import gather, thread_count
from dedup.decide import decide
from dedup.edit import apply
from dedup.edits import EditMaker
from dedup.io.discover import InputFile
from dedup.io.read_jsonl import BOM, read_record
from dedup.io.record import Record
from dedup.io.rows import ledger_rows, to_json
from dedup.model import Unreadable
from dedup.pipeline import rules_of, triggers_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.boilerplate.packs import RuleSet
    from dedup.config import Config
    from dedup.corpus import Corpus

BATCH_BYTES: Final = 8 << 20


def strip_stream(stream: BinaryIO, out: BinaryIO, config: Config, ledger: Path | None) -> int:
    """Strip records as they come; an appended article follows its page as a record of its own. Returns the number of lines
    that are no records: they are passed through as they are.
    """
    config = replace(config, repeats=False)
    rules = rules_of(config)
    unreadable = 0
    mark = stream.peek(len(BOM))[: len(BOM)] if isinstance(stream, io.BufferedReader) else b""
    if mark == BOM:
        out.write(stream.read(len(BOM)))
    with ExitStack() as stack:
        log = stack.enter_context(ledger.open("wb")) if ledger else None
        for lines, first in _batches(stream):
            unreadable += _strip_batch(lines, first, out, log, config, rules)
            out.flush()
    return unreadable


def _batches(stream: BinaryIO) -> Iterator[tuple[list[bytes], int]]:
    """Lines in batches, with the number of the first, from 1."""
    lines: list[bytes] = []
    size = number = 0
    for line in stream:
        lines.append(line)
        number += 1
        size += len(line)
        if size >= BATCH_BYTES:
            yield lines, number - len(lines) + 1
            lines, size = [], 0
    if lines:
        yield lines, number - len(lines) + 1


def _strip_batch(lines: list[bytes], first: int, out: BinaryIO, log: BinaryIO | None, config: Config, rules: RuleSet) -> int:
    file = InputFile("stdin", Path("-"), "", 0)
    read: list[Record | Unreadable | None] = [
        read_record(line.rstrip(b"\r\n"), b"\n", file, first + k, config) if line.strip() else None for k, line in enumerate(lines)
    ]
    records = [record for record in read if isinstance(record, Record)]
    corpus = gather(records, triggers_of(config), 1 << 62, Path(), thread_count(config.threads))
    maker = EditMaker(corpus, decide(corpus, rules, config, 1, duplicates=False, alone=True))
    document = 0
    for raw, record in zip(lines, read, strict=True):
        if not isinstance(record, Record):
            out.write(raw)
            continue
        if maker.touched[document]:
            ending = b"\r\n" if raw.endswith(b"\r\n") else b"\n"
            _write_changed(corpus, document, json.loads(raw), ending, maker, config, out, log)
        else:
            out.write(raw)
        document += 1
    return sum(isinstance(record, Unreadable) for record in read)


def _write_changed(
    corpus: Corpus,
    document: int,
    data: dict[str, Any],
    ending: bytes,
    maker: EditMaker,
    config: Config,
    out: BinaryIO,
    log: BinaryIO | None,
) -> None:
    text = corpus.text(document)
    edits = maker.edits(document)
    for part, kept in apply(text, edits).items():
        if kept or part == 1:
            name = {config.id_key: corpus.part_id(document, part)} if part > 1 else {}
            out.write(to_json(data | name | {config.text_key: kept})[:-1] + ending)
    if log is not None:
        for row in ledger_rows(corpus, document, text, edits):
            log.write(to_json(row))
