"""What the rules could say about the marked lines of a batch, each text asked once."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from dedup.boilerplate.page import INVISIBLE
from dedup.boilerplate.rules import options_of, pattern_holds
from dedup.kernels import lines as line_kernels
from dedup.kernels import marks as kernels
from dedup.text.fold import fold_table
from dedup.text.groups import ascending, stretches_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from dedup.boilerplate.packs import Rule, RuleSet
    from dedup.boilerplate.scan import Triggers
    from dedup.corpus import Batch

FEW: Final = 64  # lines that are asked about one by one: kernels would have to be loaded for them
BATCH: Final = 1 << 16  # lines whose texts are brought together


class Texts(NamedTuple):
    """Lines of a batch one behind the other. `first`: for each the first one of the same text."""

    rows: NDArray[np.int64]
    data: NDArray[np.uint8]
    bounds: NDArray[np.int64]
    first: NDArray[np.int64]

    def text(self, number: int) -> str:
        """Of a line."""
        return self.data[self.bounds[number] : self.bounds[number + 1]].tobytes().decode("utf-8")


def texts_of(batch: Batch, rows: NDArray[np.int64]) -> Iterator[Texts]:
    """The texts of lines, many at a time."""
    for begin in range(0, len(rows), BATCH):
        some = rows[begin : begin + BATCH]
        start, end, document = batch.lines.start[some], batch.lines.end[some], batch.lines.document[some]
        data = batch.store.gathered(batch.block[document], start, end)
        bounds = np.r_[0, np.cumsum(end - start)]
        first = np.arange(len(some))
        if len(some) > FEW:
            kernels.find_same(data, bounds, np.full(1 << (2 * len(some)).bit_length(), -1, np.int64), first)
        yield Texts(some, data, bounds, first)


def find_idle(texts: Texts, rules: RuleSet, triggers: Triggers) -> NDArray[np.bool_]:
    """For each line whether no rule could hold for its text."""
    asked = np.flatnonzero(texts.first == np.arange(len(texts.rows)))
    if len(asked) <= FEW:
        heard = np.array([bool(options_of(texts.text(number), rules)) for number in asked.tolist()], np.bool_)
    else:
        heard = _ask(texts, asked, rules, triggers)
    idle = np.zeros(len(texts.rows), np.bool_)
    idle[asked] = ~heard
    return idle[texts.first]


def _ask(texts: Texts, asked: NDArray[np.int64], rules: RuleSet, triggers: Triggers) -> NDArray[np.bool_]:
    """For each of the lines asked about whether a rule could hold: by phrase as `options_of` says, by pattern only where a hint
    of it stands in a line that is short enough.
    """
    phrased, line, rule = _find_hints(texts, asked, rules, triggers)
    heard = np.zeros(len(asked), np.bool_)
    for k in np.flatnonzero(phrased).tolist():
        heard[k] = bool(options_of(texts.text(asked[k]), rules))
    patterns = _patterns(rules).rules
    last, text = -1, ""
    for k, number in zip(line.tolist(), rule.tolist(), strict=True):
        if heard[k]:
            continue
        if k != last:
            last, text = k, texts.text(asked[k])
            shown = text.strip(INVISIBLE)
        heard[k] = pattern_holds(rules, patterns[number], text, shown)
    return heard


def _find_hints(
    texts: Texts, asked: NDArray[np.int64], rules: RuleSet, triggers: Triggers
) -> tuple[NDArray[np.bool_], NDArray[np.int64], NDArray[np.int64]]:
    """Of each line whether its outer words are those of a phrase; lines and rules whose pattern may hold, by their numbers."""
    table, longest = fold_table(), int(np.diff(texts.bounds).max())
    scratch = np.empty(longest * line_kernels.EXPANSION_ROOM + 8, np.uint32)
    words = np.empty(longest * line_kernels.EXPANSION_ROOM // 2 + 8, np.uint64)
    count, phrased = np.empty(len(asked), np.int32), np.empty(len(asked), np.bool_)
    found, room = 1, 0
    while found > room:  # once, for all texts but those of hardly anything but hints
        room = max(found, len(texts.data) // 4)
        line, hint = np.empty(room, np.int32), np.empty(room, np.int32)
        found = kernels.find_hints(
            texts.data, texts.bounds, asked, table.entries, table.expansions, triggers.keys, triggers.values, triggers.outer_filter,
            triggers.hints, triggers.hint_numbers, scratch, words, count, phrased, line, hint,
        )  # fmt: skip
    line, hint = line[:found], hint[:found]
    patterns = _patterns(rules)
    number = patterns.bounds[hint] - patterns.bounds[hint - 1]
    rule, line = patterns.members[stretches_of(patterns.bounds[hint - 1], number)], np.repeat(line, number)
    short = (count[line] <= patterns.longest[rule]) & ~phrased[line]
    pairs = ascending(line[short].astype(np.int64) * len(patterns.rules) + rule[short])
    return phrased, pairs // max(len(patterns.rules), 1), pairs % max(len(patterns.rules), 1)


class _Patterns(NamedTuple):
    """Rules with a pattern; `longest`: words of the longest line each allows. `members[bounds[n - 1]:bounds[n]]`: those of the
    hint of number n.
    """

    rules: list[Rule]
    longest: NDArray[np.int64]
    members: NDArray[np.int64]
    bounds: NDArray[np.int64]


@lru_cache(maxsize=4)
def _patterns(rules: RuleSet) -> _Patterns:
    known = {rule.id: rule for found in rules.by_hint.values() for rule in found}
    number = {identity: k for k, identity in enumerate(known)}
    members = [[number[rule.id] for rule in rules.by_hint[hint]] for hint in sorted(rules.by_hint)]
    return _Patterns(
        list(known.values()),
        np.array([rule.longest("pattern") for rule in known.values()], np.int64),
        np.array([each for found in members for each in found], np.int64),
        np.cumsum([0, *map(len, members)]),
    )
