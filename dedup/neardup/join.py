"""Pairs of which one is contained in the other, found without sampling.

The sets are asked group by group: for each an index is made of which of its sets hold a token, small enough for the processor's
cache; then every set asks by its rarest tokens. What is in memory at a time does not grow with the corpus, and the work of each
group is a thread's own.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from dedup.kernels import prefix as kernels
from dedup.memory import give_back, memory_limit
from dedup.neardup.index import Batch, Group, Room, Wanted, confirm
from dedup.threads import in_threads

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.config import Config
    from dedup.io.store import BlockStore
    from dedup.neardup.tokens import Tokens

MOST_BITS: Final = 27  # of a token that tell it from others; the counts take 256 MB then
GROUP_TOKENS: Final = 16 << 20  # in one index,
GROUP_LEAST: Final = 1 << 16
GROUP_PART: Final = 4  # in no more than this part of the memory that a run may take,
GROUP_BYTES: Final = 20  # at so many for each token: itself, its place in the index, heads of buckets
BATCH_TOKENS: Final = 8 << 20  # of the sets that ask at a time: each batch walks through the whole of an index once
CANDIDATES: Final = 1 << 18  # that wait to be confirmed: their sets take some 350 bytes each, and every time all blocks are read
LIGHT: Final = 7  # bits of a count of holders: tokens of fewer than 128 are always asked by
WORK: Final = 500  # times the sets: what may be visited in all by tokens of more holders; among copies of one template that is little


class Joined(NamedTuple):
    """`pairs`: packed smaller number << 32 | larger, ascending; `common`: tokens that the two share.

    `partial`: which sets were not asked in full, because what they hold very many others hold as well; `skipped`: bitmap of the buckets
    they were not asked by, `shift` of its bits. Where none is partial every pair was found.
    """

    pairs: NDArray[np.uint64]
    common: NDArray[np.int32]
    partial: NDArray[np.bool_]
    skipped: NDArray[np.uint64]
    shift: int


class _Prefixes:
    """The records of all batches, a bitmap of their buckets, and how many tokens are in these."""

    def __init__(self, store: BlockStore, bits: int) -> None:
        self.store = store
        self.batches: list[Batch] = []
        self.wanted = np.zeros((1 << bits) // 64 + 1, np.uint64)
        self.postings = 0

    def records(self, number: int) -> NDArray[np.uint64]:
        """Those of a batch."""
        return np.frombuffer(self.store.raw(number), np.uint64)

    def add(self, batch: Batch, records: NDArray[np.uint64]) -> None:
        """Keep those of the next batch."""
        self.store.add(records.data.cast("B"))
        self.batches.append(batch)
        kernels.mark_buckets(records, self.wanted)


def join(tokens: Tokens, share: float, config: Config, queries: NDArray[np.bool_] | None = None) -> Joined:
    """Pairs of sets, the smaller with at least `share` of its tokens in the larger.

    `queries`: ask for these sets only, but against all: pairs of which such a set has the share in the other.
    """
    bits = bucket_bits(tokens)
    shift = 64 - bits
    holders = np.zeros(1 << bits, np.uint16)
    for number in range(len(tokens)):
        kernels.count_holders(tokens.block(number).pool, shift, holders)
    asks = np.ones(len(tokens.sizes), np.bool_) if queries is None else queries
    with tokens.side_store() as store, tokens.side_store() as light:
        prefixes = _Prefixes(store, bits)
        visits = _choose(tokens, asks, share, shift, holders, prefixes)
        most = 16 if config.exact or queries is not None else _most(visits, len(tokens.sizes))
        skipped, partial = np.zeros_like(prefixes.wanted), np.zeros(len(tokens.sizes), np.bool_)
        if visits[most + 1 :].any():
            prefixes = _drop(prefixes, holders, most, skipped, partial, _Prefixes(light, bits))
        prefixes.postings = int(kernels.count_marked(holders, prefixes.wanted))
        del holders
        give_back()
        found = _ask(tokens, prefixes, share, shift, memory_limit(config), any_size=queries is not None)
    pairs, common = (np.concatenate(each) for each in zip(*found, strict=True))
    order = np.argsort(pairs)
    return Joined(pairs[order], common[order], partial, skipped, shift)


def bucket_bits(tokens: Tokens) -> int:
    """How many bits of a token tell it from others: more miss the processor's caches, fewer make candidates. Not by what memory
    there is: what is asked in part only depends on it.
    """
    return min(max(int(tokens.sizes.sum()).bit_length(), 8), MOST_BITS)


def _choose(
    tokens: Tokens, asks: NDArray[np.bool_], share: float, shift: int, holders: NDArray[np.uint16], prefixes: _Prefixes
) -> NDArray[np.int64]:
    """Fill in the prefixes of all sets. Returns how many holders they visit, by bits of their count."""
    batches = _runs(tokens, BATCH_TOKENS, 2 * tokens.threads)
    visits = np.zeros((len(batches), 17), np.int64)

    def work(number: int) -> tuple[Batch, NDArray[np.uint64]]:
        low, high = tokens.borders(batches[number][0])[0], tokens.borders(batches[number][-1])[1]
        need = np.empty(high - low, np.uint8)
        parts = []
        for each in batches[number]:
            block = tokens.block(each)
            mine = slice(block.low - low, block.low - low + len(block.bounds) - 1)
            records = np.empty(len(block.pool), np.uint64)
            used = kernels.choose_prefixes(
                asks[low:high][mine], mine.start, block.pool, block.bounds, shift, holders, share, records, need[mine], visits[number]
            )
            parts.append(records[:used].copy())
        return Batch(batches[number], low, need), np.sort(np.concatenate(parts))

    for batch, records in in_threads(work, range(len(batches)), tokens.threads):
        prefixes.add(batch, records)
    return np.asarray(visits.sum(axis=0), np.int64)


def _most(visits: NDArray[np.int64], sets: int) -> int:
    """The most bits of a count of holders that may be asked by."""
    heavy = np.cumsum(visits[LIGHT + 1 :])
    return LIGHT + int((heavy <= WORK * sets).sum())


def _drop(
    prefixes: _Prefixes, holders: NDArray[np.uint16], most: int, skipped: NDArray[np.uint64], partial: NDArray[np.bool_], made: _Prefixes
) -> _Prefixes:
    """The prefixes without what very many sets hold, into `made`; `partial`: the sets that they now ask in part only."""
    for number, batch in enumerate(prefixes.batches):
        records = prefixes.records(number).copy()
        left = kernels.drop_heavy(records, batch.need, holders, most, skipped, partial[batch.low : batch.low + len(batch.need)])
        made.add(batch, records[:left])
    return made


def _ask(
    tokens: Tokens, prefixes: _Prefixes, share: float, shift: int, limit: int, *, any_size: bool
) -> list[tuple[NDArray[np.uint64], NDArray[np.int32]]]:
    """Pairs and what they share, group by group: first who may share enough, then how much it is."""
    most = max(min(limit // GROUP_PART // GROUP_BYTES, GROUP_TOKENS), GROUP_LEAST)
    wanted, room = Wanted(prefixes.wanted, shift, prefixes.postings), Room()
    found = [(np.zeros(0, np.uint64), np.zeros(0, np.int32))]
    candidates: list[NDArray[np.uint64]] = []
    runs = _runs(tokens, most, 1)
    for blocks in runs:
        group = Group(tokens, blocks, wanted, room)

        def work(number: int, group: Group = group) -> NDArray[np.uint64]:
            return group.ask(prefixes.batches[number], prefixes.records(number), any_size=any_size)

        candidates += in_threads(work, range(len(prefixes.batches)), tokens.threads)
        if sum(map(len, candidates)) >= CANDIDATES or blocks is runs[-1]:
            found += confirm(tokens, np.sort(np.concatenate(candidates)), share)
            candidates = []
    return found


def _runs(tokens: Tokens, most: int, least: int) -> list[range]:
    """Runs of blocks with about so many tokens each; so many runs at the least, if there are as many blocks."""
    counts = [int(tokens.sizes[slice(*tokens.borders(number))].sum()) for number in range(len(tokens))]
    if not counts:
        return []
    wanted = max(-(-sum(counts) // most), min(least, len(counts)), 1)
    at = np.minimum(np.cumsum(counts) * wanted // max(sum(counts), 1), wanted - 1)
    edges = [0, *(np.flatnonzero(np.diff(at)) + 1).tolist(), len(counts)]
    return [range(begin, end) for begin, end in pairwise(edges)]
