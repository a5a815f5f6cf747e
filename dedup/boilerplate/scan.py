"""The scan of a batch: lines by kernel, with the rules' triggers in it, and which documents Python must look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dedup.boilerplate.titles import BROKEN_RUN, BROKEN_WORDS
from dedup.kernels import lines as kernels
from dedup.kernels.fold import hash_text
from dedup.kernels.tables import fill_filter, fill_table
from dedup.text.fold import FoldTable, fold_table
from dedup.text.lines import GLUED, MARKED, TAIL, LineTable, stretches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dedup.boilerplate.packs import RuleSet
    from dedup.boilerplate.phrases import Phrase


class Triggers(NamedTuple):
    """What makes the scan mark a line: outer words of markers with the longest line each allows, and hint words.

    `hint_numbers`: where a hint stands among all of them in order, from 1, in the slot of its hash in `hints`.
    """

    keys: NDArray[np.uint64]
    values: NDArray[np.int32]
    hints: NDArray[np.uint64]
    hint_values: NDArray[np.int32]
    hint_filter: NDArray[np.uint64]
    outer_filter: NDArray[np.uint64]  # of first words of markers, and of last ones of those at a line's end
    hint_numbers: NDArray[np.int32]


def hash_words(words: Sequence[str]) -> NDArray[np.uint64]:
    """The kernels' hashes of folded words."""
    text = np.frombuffer(" ".join(words).encode(), np.uint8)
    table = fold_table()
    out = np.zeros(len(words) + 1, np.uint64)
    scratch = np.zeros(text.size * kernels.EXPANSION_ROOM + 1, np.uint32)
    count = hash_text(text, table.entries, table.expansions, scratch, out)
    assert count == len(words), "folded words fold to themselves"
    return out[:count]


def make_triggers(rules: RuleSet) -> Triggers:
    """Triggers of a rule set. A phrase that can stand at a line's start is known by its first two words, or its only one."""
    phrases = [phrase for found in rules.by_first.values() for phrase in found]
    endings = [phrase for found in rules.by_last.values() for phrase in found]
    vocabulary = sorted({word for phrase in [*phrases, *endings] for word in phrase.words})
    hints = sorted(rules.by_hint)
    hash_of = dict(zip([*vocabulary, *hints], hash_words([*vocabulary, *hints]) if vocabulary or hints else [], strict=True))
    longest: dict[int, int] = {}
    for phrase in [*phrases, *endings]:
        key = _trigger(phrase, hash_of)
        limit = len(phrase.words) if phrase.anchor == "line" else phrase.rule.longest(phrase.anchor)
        longest[key] = max(longest.get(key, 0), limit)
    keys, values = _table(len(longest))
    new = np.fromiter(longest.keys(), np.uint64, len(longest))
    fill_table(keys, values, new, np.fromiter(longest.values(), np.int32, len(longest)))
    hint_keys, hint_values = _table(len(hints))
    hint_hashes = np.array([hash_of[word] for word in hints], np.uint64)
    limits = np.array([max(rule.longest("pattern") for rule in rules.by_hint[word]) for word in hints], np.int32)
    fill_table(hint_keys, hint_values, hint_hashes, limits)
    same_keys, hint_numbers = _table(len(hints))
    fill_table(same_keys, hint_numbers, hint_hashes, np.arange(1, len(hints) + 1, dtype=np.int32))
    outer = {phrase.words[-1] if phrase.anchor == "end" else phrase.words[0] for phrase in [*phrases, *endings]}
    outer_hashes = np.array([hash_of[word] for word in sorted(outer)], np.uint64)
    return Triggers(keys, values, hint_keys, hint_values, fill_filter(hint_hashes), fill_filter(outer_hashes), hint_numbers)


def _trigger(phrase: Phrase, hash_of: dict[str, np.uint64]) -> int:
    words, zero = phrase.words, np.uint64(0)
    if phrase.anchor == "end":
        if len(words) == 1:
            return int(kernels.trigger_key(kernels.LAST_WORD, hash_of[words[0]], zero))
        return int(kernels.trigger_key(kernels.LAST_TWO, hash_of[words[-2]], hash_of[words[-1]]))
    if len(words) == 1:
        return int(kernels.trigger_key(kernels.FIRST_WORD, hash_of[words[0]], zero))
    return int(kernels.trigger_key(kernels.FIRST_TWO, hash_of[words[0]], hash_of[words[1]]))


def _table(count: int) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
    size = 1 << max(4, (4 * count).bit_length())
    return np.zeros(size, np.uint64), np.zeros(size, np.int32)


def scan(text: NDArray[np.uint8], bounds: NDArray[np.int64], triggers: Triggers) -> LineTable:
    """The line table of documents text[bounds[d]:bounds[d + 1]], valid UTF-8. Safe to run in threads."""
    count, longest = kernels.measure_lines(text)
    room = count + len(bounds)  # a document ends a line
    table: FoldTable = fold_table()
    columns: tuple[Any, ...] = (
        np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, np.int32), np.empty(room, np.int32),
        np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.uint64), np.empty(room, np.uint64),
        np.empty(room, np.uint8),
    )  # fmt: skip
    scratch = np.empty(longest * kernels.EXPANSION_ROOM + 8, np.uint32)
    words = np.empty(longest * kernels.EXPANSION_ROOM // 2 + 8, np.uint64)
    count = kernels.scan_lines(
        text,
        bounds,
        table.entries,
        table.expansions,
        *triggers[:-1],
        scratch,
        words,
        *columns,
    )
    return LineTable(*(column[:count].copy() for column in columns))


def candidates(table: LineTable, documents: int) -> NDArray[np.bool_]:
    """Which documents stripping could change, by their own lines: all others need no look by Python.

    A document is one if a line is marked or glued, if its first line (its title, perhaps) or the tail of it stands in it again,
    or if very short lines follow each other.
    """
    chosen = np.zeros(documents, np.bool_)
    for rows in stretches(table.document):
        _choose(table.part(rows), chosen)
    return chosen


def _choose(table: LineTable, chosen: NDArray[np.bool_]) -> None:
    if not len(table):
        return
    chosen[table.document[(table.flags & (MARKED | GLUED | TAIL)) != 0]] = True
    heads = np.flatnonzero(np.r_[True, np.diff(table.document) != 0])
    head_of = np.repeat(heads, np.diff(np.r_[heads, len(table)]))
    again = (table.first == table.first[head_of]) & (np.arange(len(table)) != head_of) & (table.words > 1)
    chosen[table.document[again]] = True
    short = (table.words <= BROKEN_WORDS) & (table.words > 0)
    run = short.copy()
    for back in range(1, BROKEN_RUN):
        run[back:] &= short[:-back] & (table.document[back:] == table.document[:-back])
        run[:back] = False
    chosen[table.document[run]] = True
