"""The documents of a run as columns: what every later stage works on."""

from __future__ import annotations

import itertools
import sys
from array import array
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import xxhash

from dedup.boilerplate.page import Line, Page
from dedup.boilerplate.scan import scan
from dedup.columns import Columns
from dedup.io.record import Origins, Records, Shells
from dedup.io.store import BLOCK_BYTES, BlockStore
from dedup.kernels.lines import count_points, find_line_ends
from dedup.model import Unreadable
from dedup.text.groups import places_in
from dedup.text.lines import LineTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from dedup.boilerplate.scan import Triggers
    from dedup.io.record import Origin, Record


PAGES: Final = 256  # that are made at a time: a call of numpy for each would take longer than a page does


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents in the order they were read, and their lines.

    `taken`: the ids that an appended article's could meet, those with a # in them. `newline`: how the lines of each end, see
    `find_line_ends`. `block`, `start`, `end`: where a document's UTF-8 stands in `store`. `order`: documents sorted by id; `place`:
    where each stands in it. `hashes`: a row of 16 bytes for each.
    `lines`: all non-blank lines; its `document` counts over the corpus, its `start` and `end` are bytes of the block.
    `first_line`: for each document its first row in `lines`; one entry more than documents. `triggers`: what lines were marked by.
    """

    store: BlockStore
    ids: list[str]
    taken: frozenset[str]
    sources: list[str]
    dates: list[str]
    origins: Origins
    hashes: NDArray[np.uint8]
    characters: NDArray[np.int64]
    newline: NDArray[np.uint8]
    block: NDArray[np.int32]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    lines: LineTable
    first_line: NDArray[np.int64]
    order: NDArray[np.int64]
    place: NDArray[np.int64]
    unreadable: list[Unreadable]
    renamed: int
    triggers: Triggers

    def __len__(self) -> int:
        return len(self.ids)

    def part_id(self, document: int, part: int) -> str:
        """The id of an output document: the input document's, or `<id>#<part>` of an appended article.

        Where an input document has that id already, `~` is put behind it until none has.
        """
        if part == 1:
            return self.ids[document]
        name = f"{self.ids[document]}#{part}"
        while name in self.taken:
            name += "~"
        return name

    def text(self, document: int) -> str:
        """The decoded text of a document."""
        return self.store.part(int(self.block[document]), int(self.start[document]), int(self.end[document])).decode("utf-8")

    def bytes_of(self, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
        """The bytes of lines, one behind the other, by their rows in `lines`."""
        return self.store.gathered(self.block[self.lines.document[rows]], self.lines.start[rows], self.lines.end[rows])

    def page(self, document: int) -> Page:
        """A document as the rules see it."""
        return next(self.pages([document]))

    def pages(self, documents: Sequence[int]) -> Iterator[Page]:
        """Documents as the rules see them, in order."""
        table = self.lines
        for some in (documents[at : at + PAGES] for at in range(0, len(documents), PAGES)):
            bounds = [(int(self.first_line[document]), int(self.first_line[document + 1])) for document in some]
            rows = np.concatenate([np.arange(first, stop) for first, stop in bounds])
            keys = zip(table.first[rows].tolist(), table.second[rows].tolist(), strict=True)
            begin = table.character[rows]
            numbers = [column.tolist() for column in (begin, begin + table.characters[rows], table.words[rows], table.flags[rows])]
            at = 0
            for document, (first, stop) in zip(some, bounds, strict=True):
                text = self.text(document)
                mine = slice(at, at := at + stop - first)
                starts, ends, words, flags = (column[mine] for column in numbers)
                parts = map(text.__getitem__, map(slice, starts, ends))
                yield Page(text, tuple(map(Line, parts, starts, ends, words, islice(keys, len(words)), flags)), self.sources[document])


class _Blocks:
    """Texts on their way: into blocks, which go to the store when they are full, and are scanned in threads while reading goes on."""

    def __init__(self, store: BlockStore, triggers: Triggers, pool: ThreadPoolExecutor, threads: int) -> None:
        self._store, self._triggers, self._pool, self._threads = store, triggers, pool, threads
        self._lines, self._documents = Columns(LineTable.__slots__, store), Columns(["characters", "newline"], store)
        self._scans: deque[Future[_Scanned]] = deque()
        self._closed = 0  # documents in blocks that are closed
        self._parts: list[bytes] = []
        self._bounds = [0]

    @property
    def end(self) -> int:
        """Where the next text begins in its block."""
        return self._bounds[-1]

    def add(self, texts: Sequence[bytes], stops: Sequence[int]) -> None:
        """Texts, in pieces, and where each ends in its block."""
        self._parts += texts
        self._bounds += stops
        if self.end >= BLOCK_BYTES:
            self._close()

    def _close(self) -> None:
        data, bounds = self._joined(), np.array(self._bounds, np.int64)
        self._store.add(data.data)
        while len(self._scans) > self._threads:
            self._take_scan()  # blocks that wait to be scanned are held in memory: not many
        self._scans.append(self._pool.submit(_scanned, data, bounds, self._triggers, self._closed))
        self._closed += len(bounds) - 1
        self._parts, self._bounds = [], [0]

    def _joined(self) -> NDArray[np.uint8]:
        """The parts, in an array: memory that is new comes to it in larger pages than to bytes, in half the time."""
        whole = np.empty(self.end, np.uint8)
        view, at = whole.data, 0
        for part in self._parts:
            view[at : (at := at + len(part))] = part
        return whole

    def _take_scan(self) -> None:
        scanned = self._scans.popleft().result()
        self._lines.add({name: getattr(scanned.lines, name) for name in LineTable.__slots__})
        self._documents.add({"characters": scanned.characters, "newline": scanned.newline})

    def whole(self) -> _Scanned:
        """What was found in all of them."""
        if self._parts or not len(self._store):
            self._close()  # without any document an empty one: its columns have their types
        while self._scans:
            self._take_scan()
        return _Scanned(LineTable(**self._lines.whole()), **self._documents.whole())


def gather(records: Iterable[Record | Records | Unreadable], triggers: Triggers, limit: int, folder: Path, threads: int) -> Corpus:
    """Read everything: texts into blocks, lines by kernel in threads while reading goes on.

    `limit`: bytes of text held in memory, the rest is kept in a file in `folder`.
    """
    store = BlockStore(limit, folder)
    collected = _Collected()
    with ThreadPoolExecutor(threads) as pool:
        blocks = _Blocks(store, triggers, pool, threads)
        for record in records:
            if isinstance(record, Unreadable):
                collected.unreadable.append(record)
            elif isinstance(record, Records):
                bounds = record.bounds + blocks.end
                collected.take_all(record, len(store), bounds)
                blocks.add(record.texts, bounds[1:].tolist())
            else:
                stop = collected.take(record, len(store), blocks.end)
                blocks.add((record.utf8,), (stop,))
        found = blocks.whole()
    return _finish(store, collected, found, triggers)


class _Scanned(NamedTuple):
    """The lines of a block, or of all, and the code points of each document and how its lines end."""

    lines: LineTable
    characters: NDArray[np.int64]
    newline: NDArray[np.uint8]


def _scanned(text: NDArray[np.uint8], bounds: NDArray[np.int64], triggers: Triggers, first: int) -> _Scanned:
    """`first`: the number of the block's first document."""
    characters, newline = np.empty(len(bounds) - 1, np.int64), np.empty(len(bounds) - 1, np.uint8)
    count_points(text, bounds, characters)
    find_line_ends(text, bounds, newline)
    lines = scan(text, bounds, triggers)
    np.add(lines.document, np.int32(first), out=lines.document)
    return _Scanned(lines, characters, newline)


@dataclass(slots=True)
class _Collected:
    ids: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)
    origins: list[Origin | Shells] = field(default_factory=list)
    hashes: bytearray = field(default_factory=bytearray)
    places: array[int] = field(default_factory=lambda: array("q"))  # block, start, end of each in turn
    unreadable: list[Unreadable] = field(default_factory=list)

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


def _finish(store: BlockStore, collected: _Collected, found: _Scanned, triggers: Triggers) -> Corpus:
    lines = found.lines
    places = np.array(collected.places, np.int64).reshape(-1, 3)
    count = len(places)
    origins = Origins(collected.ids, collected.origins)
    ids, renamed = _unique(collected.ids, origins)
    order = np.array(sorted(range(count), key=ids.__getitem__), np.int64)
    return Corpus(
        store, ids, frozenset(name for name in ids if "#" in name), collected.sources, collected.dates, origins,
        np.frombuffer(collected.hashes, np.uint8).reshape(-1, 16),
        characters=found.characters, newline=found.newline,
        block=places[:, 0].astype(np.int32), start=places[:, 1].copy(), end=places[:, 2].copy(),
        lines=lines,
        first_line=places_in(lines.document, np.arange(count + 1)),
        order=order,
        place=np.argsort(order),
        unreadable=collected.unreadable,
        renamed=renamed,
        triggers=triggers,
    )  # fmt: skip


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
