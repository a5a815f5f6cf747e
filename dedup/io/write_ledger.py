"""The ledger: one row a removal or move, made by kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from dedup.edits import REASONS
from dedup.io.pieces import Buffer, batches, literal, strings
from dedup.kernels.rows import LEDGER_WORDS, Gone, Moved, find_twins, ledger_room, ledger_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from dedup.corpus import Corpus
    from dedup.decide import Decision
    from dedup.io.pieces import Names
    from dedup.kernels.emit import Strings
    from dedup.kernels.rows import Removals
    from dedup.units import Units

ROW_BYTES: Final = 200  # about what a row takes beside its text


def ledger(corpus: Corpus, decision: Decision, removals: Removals, names: Names, order: NDArray[np.int64]) -> Iterator[NDArray[np.uint8]]:
    """The ledger of the documents in `order`, some rows at a time, each lost when the next but one are asked for; in a document by where
    they start, a move first.
    """
    units = decision.units
    removed = np.diff(removals.first)
    rows = removed + np.diff(units.first) - 1
    order = order[rows[order] > 0]
    sizes = (corpus.end - corpus.start + rows * ROW_BYTES)[order]
    lines, moved = corpus.lines, moved_of(units, names)
    gone = Gone(removals, lines.document, lines.character, lines.characters, decision.stripped.rule)
    rules, moves, words = _rules(decision), _moves(decision, names), strings(LEDGER_WORDS)
    codes = range(max(REASONS) + 1)
    reasons = strings([f',"action":"remove","reason":"{REASONS[code]}"'.encode() if code in REASONS else b"" for code in codes])
    buffer = Buffer()
    for batch in batches(sizes, corpus.block[order]):
        mine = order[batch]
        text, shift = corpus.store.holding(corpus.block[mine], corpus.start[mine], corpus.end[mine])
        twins = np.empty((int(removed[mine].sum()), 4), np.int64)
        find_twins(mine, gone, twins)
        out = buffer.of(ledger_room(text, mine, shift, gone, twins, moved, names.literals, rules, moves))
        yield out[: ledger_rows(text, mine, shift, gone, twins, moved, names.literals, reasons, rules, moves, words, out)]


def moved_of(units: Units, names: Names) -> Moved:
    """Units for kernels."""
    return Moved(units.first, units.start, units.end, names.of_unit)


def _rules(decision: Decision) -> Strings:
    """What a row says of its rule; of no rule, nothing."""
    return strings([f',"rule":{literal(rule)}'.encode() if number else b"" for number, rule in enumerate(decision.stripped.rules)])


def _moves(decision: Decision, names: Names) -> Strings:
    """What a row says of a move, by the number of the name it goes to."""
    units, witnesses = decision.units, decision.stripped.witnesses
    found = [b""] * len(names.texts)
    for unit in np.flatnonzero(units.part > 1).tolist():
        rule = witnesses[int(units.document[unit]), int(units.part[unit])]
        number = int(names.of_unit[unit])
        row = f',"action":"move","reason":"appended","rule":{literal(rule)},"to":{literal(names.texts[number])}}}\n'
        found[number] = row.encode()
    return strings(found)
