"""Pairs of which one is contained in the other, found without sampling.

Every set that may be contained in another is asked by its rarest keys. Then all sets say which keys that somebody asks by they
hold, and both are put beside each other, some keys at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from dedup.kernels import prefix as kernels
from dedup.kernels.join import SKETCH_WORDS, sketch_sets
from dedup.memory import memory_limit
from dedup.neardup.buckets import bucket_bits, rough_words, sieve_of
from dedup.neardup.candidates import Asked, Dealt, Ranges, candidates, confirm
from dedup.room import LINE, Room, cache_lines
from dedup.text.groups import in_order, pack, unpack

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.config import Config
    from dedup.io.store import BlockStore
    from dedup.kernels.sieve import Sieve
    from dedup.neardup.tokens import Tokens

POST_BITS: Final = 32  # of a post that stand below its bucket: the set
AT_ONCE: Final = 2 << 20  # what is asked by, and what is held of it, that each thread looks at at a time,
AT_ONCE_LEAST: Final = 1 << 16
AT_ONCE_PART: Final = 32  # in no more than this part of the memory that a run may take,
AT_ONCE_BYTES: Final = 20  # at so many for each
LIGHT: Final = 7  # bits of a count of holders: keys of fewer than 128 are always asked by
WORK: Final = 500  # times the sets: what may be visited in all by keys of more holders; among copies of one template that is little


class Joined(NamedTuple):
    """`pairs`: packed smaller number << 32 | larger, ascending; `common`: tokens that the two share.

    `partial`: which sets were not asked in full, because what they hold very many others hold as well; `skipped`: the buckets they were
    not asked by, the upper `bits` of a key. Where none is partial every pair was found.
    """

    pairs: NDArray[np.uint64]
    common: NDArray[np.int32]
    partial: NDArray[np.bool_]
    skipped: Sieve
    bits: int


class _Prefixes(Ranges):
    """Records of what the sets are asked by, batch by batch; their buckets, the upper `bits` of a key, are `wanted`."""

    def __init__(self, store: BlockStore, bits: int, wanted: Sieve) -> None:
        super().__init__(store, bits, 64 - bits)
        self.bits, self.wanted = bits, wanted

    def add(self, dealt: Dealt) -> None:
        """Keep those of the next batch."""
        super().add(dealt)
        kernels.put_buckets(dealt.words, self.bits, self.wanted)


def join(tokens: Tokens, share: float, config: Config, queries: NDArray[np.bool_] | None = None) -> Joined:
    """Pairs of sets, the smaller with at least `share` of its tokens in the larger. The holders of `tokens` are given up.

    `queries`: ask for these sets only, but against all: pairs of which such a set has the share in the other. Where no set was asked in
    part only, the blocks of `tokens` are gone.
    """
    sets, ranks = len(tokens.sizes), kernels.rank_sets(tokens.sizes)
    bits, all_tokens = bucket_bits(sets), int(tokens.sizes.sum())
    partial, skipped = np.zeros(sets, np.bool_), sieve_of(all_tokens, bits)
    with tokens.side_store() as store, tokens.side_store() as light:
        prefixes = _Prefixes(store, bits, sieve_of(all_tokens, bits))
        visits = _choose(tokens, np.ones(sets, np.bool_) if queries is None else queries, ranks, share, prefixes)
        most = kernels.MOST_MAGNITUDE if config.exact or queries is not None else _most(visits, sets)
        if visits[most + 1 :].any():
            prefixes = _drop(prefixes, most, skipped, partial, _Prefixes(light, bits, sieve_of(all_tokens, bits)))
        tokens.texts.give_back()
        asked = Asked(_spare(tokens.sizes, ranks, share), _sketches(sets), any_size=queries is not None)
        found = _meet(tokens, ranks, prefixes, asked, config, keep=bool(partial.any()))
        del prefixes, asked
    tokens.texts.give_back()
    return Joined(*confirm(tokens, found, share, config), partial[ranks], skipped, bits)


def _meet(tokens: Tokens, ranks: NDArray[np.int32], prefixes: _Prefixes, asked: Asked, config: Config, *, keep: bool) -> NDArray[np.uint64]:
    """The candidates that sets of these prefixes find: packed asking set << 32 | other, ascending. Where nobody is to `keep` the tokens,
    their blocks are dropped, so that what is written of them can take their place.
    """

    def post(number: int) -> Dealt:
        block, mine = tokens.block(number, room), slice(*tokens.borders(number))
        sketch_sets(block.tokens, block.bounds, ranks[mine], asked.sketches)
        dealt = posts.deal(block.posts(prefixes.bits, prefixes.wanted, ranks[mine], rough, room))
        if not keep:
            tokens.drop(number)
        return dealt

    rough, room = rough_words(prefixes.wanted), Room()
    with tokens.side_store() as store:
        posts = Ranges(store, prefixes.bits, POST_BITS)
        for more in tokens.each(post):
            posts.add(more)
        at_once = max(min(memory_limit(config) // AT_ONCE_PART // AT_ONCE_BYTES, AT_ONCE), AT_ONCE_LEAST)
        found = candidates(asked, prefixes, posts, prefixes.bits, at_once, tokens.threads)
    ranked = np.empty(len(ranks), np.int64)
    ranked[ranks] = np.arange(len(ranks))
    first, second = unpack(found)
    return in_order(pack(ranked[first], ranked[second]))


def _spare(sizes: NDArray[np.int32], ranks: NDArray[np.int32], share: float) -> NDArray[np.uint8]:
    """How many of its tokens a set may have that another has not, by rank."""
    spare = np.empty(len(ranks), np.uint8)
    spare[ranks] = np.minimum(sizes - np.ceil(share * sizes - 1e-9), 255)
    return spare


def _sketches(count: int) -> NDArray[np.uint64]:
    """Empty ones, each in one line of the processor's cache."""
    return cache_lines(-(-count * SKETCH_WORDS // LINE))[: count * SKETCH_WORDS].reshape(count, SKETCH_WORDS)


def _choose(tokens: Tokens, asks: NDArray[np.bool_], ranks: NDArray[np.int32], share: float, prefixes: _Prefixes) -> NDArray[np.int64]:
    """Fill in what all sets are asked by. Returns how many holders that visits, by bits of their count."""
    visits = np.zeros((len(tokens), kernels.MAGNITUDES), np.int64)
    holders, room = tokens.give_holders(), Room()

    def work(number: int) -> Dealt:
        block, mine = tokens.block(number, room), slice(*tokens.borders(number))
        records = room.get("records", len(block.tokens), np.uint64)
        used = kernels.choose_prefixes(
            asks[mine], ranks[mine], block.tokens, block.links, block.bounds, tokens.sizes[mine],
            holders.look_up(block.tokens, block.links, room), holders.crowded, share, prefixes.bits, records, visits[number],
        )  # fmt: skip
        return prefixes.deal(records[:used])

    for records in tokens.each(work):
        prefixes.add(records)
    return np.asarray(visits.sum(axis=0), np.int64)


def _most(visits: NDArray[np.int64], sets: int) -> int:
    """The most bits of a count of holders that may be asked by."""
    heavy = np.cumsum(visits[LIGHT + 1 :])
    return LIGHT + int((heavy <= WORK * sets).sum())


def _drop(prefixes: _Prefixes, most: int, skipped: Sieve, partial: NDArray[np.bool_], made: _Prefixes) -> _Prefixes:
    """The prefixes without what very many sets hold, into `made`; `partial`: the sets, by rank, that they now ask in part only."""
    for number in range(len(prefixes)):
        records = prefixes.whole(number)
        made.add(made.deal(records[: kernels.drop_heavy(records, made.bits, most, skipped, partial)]))
    return made
