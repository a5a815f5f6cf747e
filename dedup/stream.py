"""`dedup strip -`: a filter over JSON lines, in order, in constant memory."""

from __future__ import annotations

import io
import json
import multiprocessing
import signal
import sys
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple

from dedup.decide import decide
from dedup.edit import apply
from dedup.edits import EditMaker
from dedup.gather import gather
from dedup.io.files import InputFile
from dedup.io.read_jsonl import BOM, read_record
from dedup.io.record import Origin, Record, named
from dedup.io.rows import ledger_rows, to_json
from dedup.model import Unreadable
from dedup.pipeline import rules_of, triggers_of
from dedup.threads import thread_count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dedup.config import Config
    from dedup.corpus import Corpus

BATCH_BYTES: Final = 3 << 20  # larger ones cost a quarter more time in fresh memory, smaller ones in calls
STDIN: Final = InputFile("stdin", "stdin.jsonl", "", 0)


class _Batch(NamedTuple):
    """Lines that are stripped together, and the number of the first, from 1."""

    lines: list[bytes]
    first: int


class _Stripped(NamedTuple):
    """What became of a batch: its output, its ledger, how many of its lines are no records."""

    out: bytes
    ledger: bytes
    unreadable: int


def strip_stream(stream: BinaryIO, out: BinaryIO, config: Config, ledger: Path | None) -> int:
    """Strip records as they come; an appended article follows its page as a record of its own. Returns the number of lines
    that are no records: they are passed through as they are.
    """
    config = replace(config, repeats=False)
    triggers_of(config)  # an error in a pack is met before the first line, and workers find the rules made
    unreadable = 0
    mark = stream.peek(len(BOM))[: len(BOM)] if isinstance(stream, io.BufferedReader) else b""
    if mark == BOM:
        out.write(stream.read(len(BOM)))
    with ExitStack() as stack:
        log = stack.enter_context(ledger.open("wb")) if ledger else None
        for stripped in _in_order(_batches(stream), config, stack):
            unreadable += stripped.unreadable
            out.write(stripped.out)
            out.flush()
            if log is not None:
                log.write(stripped.ledger)
    return unreadable


def _batches(stream: BinaryIO) -> Iterator[_Batch]:
    first = 1
    while lines := stream.readlines(BATCH_BYTES):
        yield _Batch(lines, first)
        first += len(lines)


def _in_order(batches: Iterator[_Batch], config: Config, stack: ExitStack) -> Iterator[_Stripped]:
    """Batches stripped, in their order: the first here, the others by as many processes as there are to be threads, each a
    batch at a time and as many again waiting.
    """
    for batch in batches:
        yield _strip_batch(batch, config)  # kernels and patterns are now compiled, for the processes too
        break
    workers = thread_count(config.threads)
    if workers == 1 or sys.platform != "linux":  # elsewhere a process cannot be forked, and starts as slowly as the program
        yield from (_strip_batch(batch, config) for batch in batches)
        return
    yield from _by_processes(batches, config, workers, stack)


def _by_processes(batches: Iterator[_Batch], config: Config, workers: int, stack: ExitStack) -> Iterator[_Stripped]:
    second = next(batches, None)
    if second is None:
        return
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("fork"), _leave_signals)
    stack.callback(pool.shutdown, cancel_futures=True)
    waiting = deque([pool.submit(_strip_batch, second, config)])
    for batch in batches:
        waiting.append(pool.submit(_strip_batch, batch, config))
        if len(waiting) >= 2 * workers:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _leave_signals() -> None:
    """An interrupt is the first process's business, which ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


class _Line(NamedTuple):
    """A line that is a record: the document, and its fields."""

    record: Record
    data: dict[str, Any]


def _strip_batch(batch: _Batch, config: Config) -> _Stripped:
    rules = rules_of(config)
    read = [_read(line, number, config) for number, line in enumerate(batch.lines, batch.first)]
    records = [line.record for line in read if isinstance(line, _Line)]
    corpus = gather(records, triggers_of(config), 1 << 62, Path(), 1)
    maker = EditMaker(corpus, decide(corpus, rules, config, 1, duplicates=False, alone=True))
    out: list[bytes] = []
    log: list[bytes] = []
    document = 0
    for raw, line in zip(batch.lines, read, strict=True):
        if isinstance(line, _Line):
            if maker.touched[document]:
                out += _changed(corpus, document, line.data, b"\r\n" if raw.endswith(b"\r\n") else b"\n", maker, config, log)
            else:
                out.append(raw)
            document += 1
        else:
            out.append(raw)
    return _Stripped(b"".join(out), b"".join(log), sum(isinstance(line, Unreadable) for line in read))


def _read(line: bytes, number: int, config: Config) -> _Line | Unreadable | None:
    """A line's record, what is wrong with it, or nothing for a blank one."""
    if line.isspace():
        return None
    try:
        data = json.loads(line.decode("utf-8"))
        utf8 = data[config.text_key].encode("utf-8")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        unreadable = read_record(line.rstrip(b"\r\n"), b"\n", STDIN, number, config)
        assert isinstance(unreadable, Unreadable)
        return unreadable
    name = named(data, number, STDIN, config)
    return _Line(Record(name.id, utf8, name.source, Origin(STDIN.name, number, "utf-8", bom=False), b""), data)


def _changed(
    corpus: Corpus, document: int, data: dict[str, Any], ending: bytes, maker: EditMaker, config: Config, log: list[bytes]
) -> Iterable[bytes]:
    text = corpus.text(document)
    edits = maker.edits(document)
    log += [to_json(row) for row in ledger_rows(corpus, document, text, edits)]
    for part, kept in apply(text, edits).items():
        if kept or part == 1:
            name = {config.id_key: corpus.part_id(document, part)} if part > 1 else {}
            yield to_json(data | name | {config.text_key: kept})[:-1] + ending
