"""The candidate search for more paragraphs than fit in memory: the same pairs, by records sorted piece by piece from disk.

Texts are folded anew in each of three passes over them: to count how many sets hold a token and to band them; to choose the
tokens that each set asks by; to post those that hold such a token. What a pass makes goes to files by range of tokens (of band
keys: one a band), each small enough to be sorted in memory.
"""

from __future__ import annotations

import os
import tempfile
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final, NamedTuple, Self

import numpy as np

from dedup.kernels import join as join_kernels
from dedup.kernels import shingle as shingle_kernels
from dedup.kernels import spill as kernels
from dedup.neardup.banding import banding_of
from dedup.neardup.exact import bucket_bits
from dedup.neardup.minhash import permutations
from dedup.neardup.sets import sets_of_block

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import TypeVar

    from numpy.typing import NDArray

    from dedup.config import Config
    from dedup.io.store import BlockStore
    from dedup.neardup.sets import Spans

    Made = TypeVar("Made")

RECORD: Final = 8  # bytes of a record
MOST_PIECES: Final = 200  # two files each: a process may usually open a thousand
COPIES: Final = 3  # of a piece that sorting and probing it take


class Candidates(NamedTuple):
    """`banded`: packed pairs that share a band; `asked`: those of which, going by sketches, one may hold the other. Each sorted.
    `sizes`, `letters`: word pairs and folded letters of each paragraph. `large`: band groups that were compared through
    representatives; `heavy`: tokens held by too many to be asked.
    """

    banded: NDArray[np.uint64]
    asked: NDArray[np.uint64]
    sizes: NDArray[np.int32]
    letters: NDArray[np.int32]
    large: int
    heavy: int


def find_candidates(
    spans: Spans, store: BlockStore, config: Config, threads: int, budget: int, share: float, heavy: int,
    pair_up: Callable[[NDArray[np.uint64], np.uint64], tuple[NDArray[np.uint64], int]],
) -> Candidates:  # fmt: skip
    """`budget`: bytes that the search may take. `pair_up`: from sorted words of band key and number to packed pairs."""
    with ExitStack() as stack:
        blocks = _Blocks(spans, store, threads)
        bands = [stack.enter_context(Records(store.folder)) for _ in range(banding_of(config).bands)]
        first = _first_pass(blocks, config, bands)
        banded, large = _from_bands(bands, number_mask(len(spans)), pair_up)
        pieces = min(max(1, -(-2 * first.tokens * RECORD * COPIES // max(budget, 1))), MOST_PIECES)
        queries = [stack.enter_context(Records(store.folder)) for _ in range(pieces)]
        holders = [stack.enter_context(Records(store.folder)) for _ in range(pieces)]
        wanted = _second_pass(blocks, first, share, heavy, queries)
        over = int((wanted & (first.holders > heavy)).sum())
        wanted &= first.holders <= heavy
        _third_pass(blocks, first, wanted, holders)
        found = [_probe(asked, held, first, share) for asked, held in zip(queries, holders, strict=True)]
    return Candidates(banded, _distinct(found), first.sizes, first.letters, large, over)


def number_mask(count: int) -> np.uint64:
    """The lower bits of a word that hold a number below `count`; those above hold a key."""
    return np.uint64((1 << max(count, 2).bit_length()) - 1)


class Records:
    """Records of 8 bytes in an unnamed file."""

    def __init__(self, folder: Path) -> None:
        """In `folder`."""
        self._file, name = tempfile.mkstemp(dir=folder)
        os.unlink(name)
        self.count = 0

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Give the file back."""
        os.close(self._file)

    def add(self, records: NDArray[np.uint64]) -> None:
        """Append."""
        data = np.ascontiguousarray(records).data.cast("B")
        while len(data):
            data = data[os.write(self._file, data) :]
        self.count += len(records)

    def sorted(self) -> NDArray[np.uint64]:
        """All of them, ascending; the file is empty afterwards."""
        out = np.empty(self.count, np.uint64)
        view, at = out.data.cast("B"), 0
        while at < len(view):
            at += os.preadv(self._file, [view[at : at + (1 << 30)]], at)
        os.ftruncate(self._file, 0)
        out.sort()
        return out


class _Sets(NamedTuple):
    """Sets of word pairs of the paragraphs `numbers` of one block."""

    numbers: NDArray[np.int64]
    pool: NDArray[np.uint64]
    bounds: NDArray[np.int64]
    letters: NDArray[np.int32]


class _Blocks:
    """The paragraphs block by block, folded anew for each pass."""

    def __init__(self, spans: Spans, store: BlockStore, threads: int) -> None:
        self.spans, self._store, self._threads = spans, store, threads
        self._order = np.argsort(spans.block, kind="stable")
        self._borders = np.searchsorted(spans.block[self._order], np.arange(len(store) + 1))

    def each(self, work: Callable[[_Sets], Made]) -> Iterator[Made]:
        """What `work` makes of each block, in their order; a few blocks at a time, in threads."""

        def one(block: int) -> Made:
            numbers = self._order[self._borders[block] : self._borders[block + 1]]
            start, end = self.spans.start[numbers], self.spans.end[numbers]
            return work(_Sets(numbers, *sets_of_block(self._store.get(block), start, end, "words")))

        waiting: deque[Future[Made]] = deque()
        with ThreadPoolExecutor(self._threads) as pool:
            for block in np.flatnonzero(np.diff(self._borders) > 0).tolist():
                waiting.append(pool.submit(one, block))
                if len(waiting) > self._threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()


class _First(NamedTuple):
    """What the first pass counts: see `Candidates`; `holders`: sets that hold a token of each bucket."""

    sizes: NDArray[np.int32]
    letters: NDArray[np.int32]
    sketches: NDArray[np.uint64]
    holders: NDArray[np.int32]
    shift: int
    tokens: int


def _first_pass(blocks: _Blocks, config: Config, bands: list[Records]) -> _First:
    """Count the holders of each token, and write the band keys."""
    count = len(blocks.spans)
    banding = banding_of(config)
    a, b = permutations(banding.bands * banding.rows, config.seed)
    sizes, letters = np.zeros(count, np.int32), np.zeros(count, np.int32)
    sketches = np.zeros((count, join_kernels.SKETCH), np.uint64)
    bits = bucket_bits(blocks.spans)
    shift = 64 - bits
    holders = np.zeros(1 << bits, np.int32)
    low = number_mask(count)

    def work(sets: _Sets) -> tuple[_Sets, NDArray[np.uint64], NDArray[np.uint64]]:
        sketch = np.zeros((len(sets.numbers), join_kernels.SKETCH), np.uint64)
        join_kernels.sketch_sets(sets.pool, sets.bounds, sketch)
        keys = np.empty((len(sets.numbers), banding.bands), np.uint64)
        longest = int(np.diff(sets.bounds).max(initial=0))
        shingle_kernels.band_sets(
            sets.pool, sets.bounds, a, b, banding.rows, np.empty(longest, np.uint32), np.empty(len(a), np.uint32), keys
        )
        return sets, sketch, (keys & ~low) | sets.numbers.astype(np.uint64)[:, None]

    tokens = 0
    for sets, sketch, keys in blocks.each(work):
        sizes[sets.numbers], letters[sets.numbers], sketches[sets.numbers] = np.diff(sets.bounds), sets.letters, sketch
        join_kernels.count_holders(sets.pool, shift, holders)
        tokens += len(sets.pool)
        for band, records in enumerate(bands):
            records.add(keys[:, band])
    return _First(sizes, letters, sketches, holders, shift, tokens)


def _from_bands(
    bands: list[Records], low: np.uint64, pair_up: Callable[[NDArray[np.uint64], np.uint64], tuple[NDArray[np.uint64], int]]
) -> tuple[NDArray[np.uint64], int]:
    """Pairs that share a band, each once, and how many groups were large."""
    found, large = np.zeros(0, np.uint64), 0
    for records in bands:
        more, big = pair_up(records.sorted(), low)
        found, large = _distinct([found, more]), large + big
    return found, large


def _second_pass(blocks: _Blocks, first: _First, share: float, heavy: int, out: list[Records]) -> NDArray[np.bool_]:
    """Write what each set asks by, but for tokens that too many hold; returns which buckets are asked for at all."""
    wanted = np.zeros(len(first.holders), np.bool_)

    def work(sets: _Sets) -> NDArray[np.uint64]:
        prefix, ends = np.empty(len(sets.pool), np.int32), np.empty(len(sets.numbers) + 1, np.int64)
        every = np.arange(len(sets.numbers))
        join_kernels.choose_prefixes(every, sets.pool, sets.bounds, first.shift, first.holders, share, prefix, ends)
        return prefix[: ends[-1]].astype(np.uint64) << np.uint64(32) | np.repeat(sets.numbers, np.diff(ends)).astype(np.uint64)

    for records in blocks.each(work):
        buckets = (records >> np.uint64(32)).astype(np.int64)
        wanted[buckets] = True
        _spread(records[first.holders[buckets] <= heavy], len(first.holders), out)
    return wanted


def _third_pass(blocks: _Blocks, first: _First, wanted: NDArray[np.bool_], out: list[Records]) -> None:
    """Write which sets hold the buckets that are asked for."""

    def work(sets: _Sets) -> NDArray[np.uint64]:
        records = np.empty(len(sets.pool), np.uint64)
        return records[: kernels.posting_records(sets.numbers, sets.pool, sets.bounds, first.shift, wanted, records)]

    for records in blocks.each(work):
        _spread(records, len(first.holders), out)


def _spread(records: NDArray[np.uint64], buckets: int, out: list[Records]) -> None:
    """Records to the files of their ranges of buckets."""
    piece = ((records >> np.uint64(32)) * np.uint64(len(out)) // np.uint64(buckets)).astype(np.int64)
    for number, file in enumerate(out):
        file.add(records if len(out) == 1 else records[piece == number])


def _probe(asked: Records, held: Records, first: _First, share: float) -> NDArray[np.uint64]:
    """Distinct pairs of one range of buckets."""
    queries, postings = asked.sorted(), held.sorted()
    room = max(1024, len(queries))
    while True:
        out = np.empty(room, np.uint64)
        found = kernels.probe_records(queries, postings, first.sizes, first.sketches, share, out)
        if found <= room:
            return _distinct([out[:found]])
        room = found


def _distinct(parts: list[NDArray[np.uint64]]) -> NDArray[np.uint64]:
    """All of them, ascending, each once."""
    values = np.concatenate(parts) if parts else np.zeros(0, np.uint64)
    values.sort()
    return values[np.r_[np.ones(min(len(values), 1), np.bool_), values[1:] != values[:-1]]]
