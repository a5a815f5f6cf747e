"""Everything read: texts into blocks, and their lines by kernel, in threads while reading goes on."""

from __future__ import annotations

import itertools
import sys
from array import array
from collections import deque
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import xxhash

from dedup.boilerplate.scan import scan
from dedup.columns import Columns
from dedup.corpus import Batch, Corpus
from dedup.io.read import TextFiles
from dedup.io.record import Origins, Records, Shells
from dedup.io.store import BLOCK_BYTES, BlockStore
from dedup.kernels.lines import measure_documents
from dedup.model import Unreadable
from dedup.text.groups import places_in
from dedup.text.lines import LineTable
from dedup.threads import Behind, workers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from concurrent.futures import Executor, Future
    from pathlib import Path

    from numpy.typing import NDArray

    from dedup.boilerplate.scan import Triggers
    from dedup.first_look import FirstLook
    from dedup.io.record import Origin, Record


def gather(
    records: Iterable[TextFiles | Record | Records | Unreadable], triggers: Triggers, limit: int, folder: Path, threads: int,
    look: FirstLook | None = None,
) -> Corpus:  # fmt: skip
    """The corpus of all that is read, its documents in that order.

    `limit`: bytes of text held in memory, the rest is kept in a file in `folder`. `look`: looks at documents while others are
    read in threads.
    """
    store = BlockStore(limit, folder)
    collected = _Collected()
    with workers(threads, threads) as pool, closing(Behind[None](lambda _: store.spill(), threads)) as spilling:
        blocks = _Blocks(store, spilling, collected, triggers, pool, threads, look)
        for record in records:
            blocks.add(record)
        lines, documents = blocks.whole()
    return _finish(store, collected, lines, documents, triggers)


class _Blocks:
    """Texts on their way: into blocks, which are scanned in threads while reading goes on. Text files are read there, too."""

    def __init__(
        self, store: BlockStore, spilling: Behind[None], collected: _Collected, triggers: Triggers, pool: Executor, threads: int,
        look: FirstLook | None,
    ) -> None:  # fmt: skip
        self._store, self._spilling, self._collected, self._triggers = store, spilling, collected, triggers
        self._pool, self._threads = pool, threads
        self._look = look
        self._lines = Columns(LineTable.__slots__, store, threads)
        self._documents = Columns(["characters", "newline"], store, 1)  # so little that a thread would take longer to be told
        self._waiting: deque[Future[_Scanned]] = deque()
        self._unread = False  # whether text files wait, of which it is not known yet what documents they are
        self._parts: list[bytes | memoryview] = []
        self._bounds = [0]
        self._done = 0  # documents whose lines are known

    def add(self, record: TextFiles | Record | Records | Unreadable) -> None:
        """What comes next."""
        if isinstance(record, TextFiles):
            if self._parts:
                self._close()
            self._unread = True
            self._submit(_read, record, self._triggers)
            return
        if self._unread:
            self._take(0)
            self._unread = False
        if isinstance(record, Unreadable):
            self._collected.unreadable.append(record)
        elif isinstance(record, Records):
            bounds = record.bounds + self._bounds[-1]
            self._collected.take_all(record, len(self._store), bounds)
            self._put(record.texts, bounds[1:].tolist())
        else:
            stop = self._collected.take(record, len(self._store), self._bounds[-1])
            self._put((record.utf8,), (stop,))

    def whole(self) -> tuple[LineTable, dict[str, NDArray[Any]]]:
        """The lines of all, and columns of what is known of each document."""
        if self._parts or not (self._waiting or len(self._store)):
            self._close()  # without any document an empty one: its columns have their types
        self._take(0)
        return LineTable(**self._lines.whole()), self._documents.whole()

    def _put(self, texts: Sequence[bytes | memoryview], stops: Sequence[int]) -> None:
        """Texts, in pieces, and where each ends in its block."""
        self._parts += texts
        self._bounds += stops
        if self._bounds[-1] >= BLOCK_BYTES:
            self._close()

    def _close(self) -> None:
        text = _joined(self._parts, self._bounds[-1])
        self._keep(text)
        self._submit(_scanned, text, np.array(self._bounds, np.int64), self._triggers)
        self._parts, self._bounds = [], [0]

    def _keep(self, text: NDArray[np.uint8]) -> int:
        """A block more; it is moved to the file while the next one is made."""
        number = self._store.hold(text.data)
        self._spilling.put(None)
        return number

    def _submit(self, work: Callable[..., _Scanned], *given: Any) -> None:
        self._take(self._threads)  # blocks that wait are held in memory: not many
        self._waiting.append(self._pool.submit(work, *given))

    def _take(self, left: int) -> None:
        """What the threads found, but for so many that may go on waiting."""
        while len(self._waiting) > left:
            scanned = self._waiting.popleft().result()
            if scanned.read is not None:
                self._collected.take_block(scanned.read, self._keep(scanned.read.text))
            count = len(scanned.characters)
            columns = {name: getattr(scanned.lines, name) for name in LineTable.__slots__}
            if self._look is not None and self._look.documents == self._done:
                columns["flags"] = self._look.look(self._collected.batch(self._done, count, scanned.lines, self._store, self._triggers))
            columns["document"] = scanned.lines.document + np.int32(self._done)
            self._done += count
            self._lines.add(columns)
            self._documents.add({"characters": scanned.characters, "newline": scanned.newline})


class _Read(NamedTuple):
    """Text files read: a block, and what they are; documents stand in it one behind the other."""

    text: NDArray[np.uint8]
    bounds: NDArray[np.int64]
    records: Records | list[Record | Unreadable]


class _Scanned(NamedTuple):
    """The lines of a block, the code points of each document and how its lines end. `read`: the block, if it is new."""

    lines: LineTable
    characters: NDArray[np.int64]
    newline: NDArray[np.uint8]
    read: _Read | None = None


def _scanned(text: NDArray[np.uint8], bounds: NDArray[np.int64], triggers: Triggers) -> _Scanned:
    characters, newline = np.empty(len(bounds) - 1, np.int64), np.empty(len(bounds) - 1, np.uint8)
    measure_documents(text, bounds, characters, newline)
    return _Scanned(scan(text, bounds, triggers), characters, newline)


def _read(files: TextFiles, triggers: Triggers) -> _Scanned:
    records = files.read()
    if isinstance(records, Records):
        text, bounds = np.frombuffer(records.texts[0], np.uint8), records.bounds
    else:
        parts = [record.utf8 for record in records if not isinstance(record, Unreadable)]
        bounds = np.array(list(itertools.accumulate(map(len, parts), initial=0)), np.int64)
        text = _joined(parts, int(bounds[-1]))
    return _scanned(text, bounds, triggers)._replace(read=_Read(text, bounds, records))


def _joined(parts: Iterable[bytes | memoryview], size: int) -> NDArray[np.uint8]:
    """The parts, in an array: memory that is new comes to it in larger pages than to bytes, in half the time."""
    whole = np.empty(size, np.uint8)
    view, at = whole.data, 0
    for part in parts:
        view[at : (at := at + len(part))] = part
    return whole


@dataclass(slots=True)
class _Collected:
    ids: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)
    origins: list[Origin | Shells] = field(default_factory=list)
    hashes: bytearray = field(default_factory=bytearray)
    places: array[int] = field(default_factory=lambda: array("q"))  # block, start, end of each in turn
    unreadable: list[Unreadable] = field(default_factory=list)

    def batch(self, first: int, count: int, lines: LineTable, store: BlockStore, triggers: Triggers) -> Batch:
        """Some of the documents, whose lines are known."""
        block, start, end = _columns(self.places[3 * first : 3 * (first + count)])
        return Batch(store, self.sources[first : first + count], block, start, end, lines, _first_lines(lines, count), triggers)

    def take_block(self, read: _Read, block: int) -> None:
        """Note the documents that stand in a block."""
        if isinstance(read.records, Records):
            self.take_all(read.records, block, read.bounds)
            return
        stop = 0
        for record in read.records:
            if isinstance(record, Unreadable):
                self.unreadable.append(record)
            else:
                stop = self.take(record, block, stop)

    def take(self, record: Record, block: int, start: int) -> int:
        """Note a document that begins at `start` of a block; returns where it ends."""
        identity, utf8, source, origin, raw, date = record
        stop = start + len(utf8)
        self.ids.append(identity)
        self.sources.append(sys.intern(source))
        self.dates.append(date)
        self.origins.append(origin)
        self.hashes += xxhash.xxh3_128_digest(raw)
        self.places.extend((block, start, stop))
        return stop

    def take_all(self, batch: Records, block: int, bounds: NDArray[np.int64]) -> None:
        """Note documents; the one of number k stands from bounds[k] to bounds[k + 1] of a block."""
        if isinstance(batch.origins, Shells):
            batch.origins.first = len(self.ids)
        self.ids.extend(batch.ids)
        self.sources.extend(map(sys.intern, batch.sources))
        self.dates.extend(batch.dates)
        self.origins.extend(itertools.repeat(batch.origins, len(batch.ids)))
        self.hashes += batch.hashes
        self.places.frombytes(np.stack([np.full(len(batch.ids), block), bounds[:-1], bounds[1:]], axis=1).tobytes())


def _finish(store: BlockStore, collected: _Collected, lines: LineTable, documents: dict[str, NDArray[Any]], triggers: Triggers) -> Corpus:
    block, start, end = _columns(collected.places)
    count = len(block)
    origins = Origins(collected.ids, collected.origins)
    ids, renamed = _unique(collected.ids, origins)
    order = np.array(sorted(range(count), key=ids.__getitem__), np.int64)
    place = np.empty(count, np.int64)
    place[order] = np.arange(count)
    return Corpus(
        store, collected.sources, block, start, end, lines, _first_lines(lines, count), triggers, ids,
        frozenset(name for name in ids if "#" in name), collected.dates, origins,
        np.frombuffer(collected.hashes, np.uint8).reshape(-1, 16),
        **documents,
        order=order,
        place=place,
        unreadable=collected.unreadable,
        renamed=renamed,
    )  # fmt: skip


def _columns(places: array[int]) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]]:
    """Block, start and end of documents."""
    rows = np.array(places, np.int64).reshape(-1, 3)
    return rows[:, 0].astype(np.int32), rows[:, 1].copy(), rows[:, 2].copy()


def _first_lines(lines: LineTable, documents: int) -> NDArray[np.int64]:
    return places_in(lines.document, np.arange(documents + 1))


def _unique(ids: list[str], origins: Origins) -> tuple[list[str], int]:
    """Ids with every later holder of a taken one renamed `<id>~2`, `<id>~3`, ...; later by path and line."""
    if len(set(ids)) == len(ids):
        return ids, 0
    taken: set[str] = set(ids)
    seen: set[str] = set()
    unique = list(ids)
    renamed = 0
    for number in sorted(range(len(ids)), key=lambda k: (origins[k].path, origins[k].line)):
        name, count = ids[number], 2
        if name in seen:
            while f"{name}~{count}" in taken:
                count += 1
            unique[number] = f"{name}~{count}"
            taken.add(unique[number])
            renamed += 1
        seen.add(name)
    return unique, renamed
