"""The counts of a run, from the columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from dedup.decide import BOILERPLATE, DUPLICATE, REMNANT, REPEATED
from dedup.edits import REASONS
from dedup.errors import InvariantError
from dedup.summary import Summary

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.corpus import Corpus
    from dedup.decide import Decision
    from dedup.removals import Removals

FLAG_SHARE: Final = 0.6  # of its text lost as boilerplate: look at such a document
FLAG_KEPT: Final = (200, 2000)  # fewer characters kept than the first of a page longer than the second


@dataclass(frozen=True, slots=True)
class Tally:
    """`removed`, shape (documents, reasons): characters removed, by code of reason. `unit_of`: the unit each removal is in.
    `kept`: characters that stay of each unit; `left`: of each document. `status`, `flagged`: by document.
    """

    removed: NDArray[np.int64]
    unit_of: NDArray[np.int64]
    kept: NDArray[np.int64]
    left: NDArray[np.int64]
    status: list[str]
    flagged: NDArray[np.bool_]


def tally(corpus: Corpus, decision: Decision, removals: Removals) -> Tally:
    """Count. Raises InvariantError where more goes than there is (promise P1)."""
    units, count = decision.units, len(corpus)
    characters = removals.end - removals.start
    codes = max(REASONS) + 1
    removed = np.bincount(removals.document * codes + removals.reason, characters, count * codes).astype(np.int64).reshape(count, codes)
    begins = (units.document << 32) + units.start
    unit_of = np.searchsorted(begins, (removals.document << 32) + removals.start, side="right") - 1
    kept = units.end - units.start - np.bincount(unit_of, characters, len(units)).astype(np.int64)
    left = np.bincount(units.document, kept, count).astype(np.int64)
    if (kept < 0).any() or (left + removed.sum(axis=1) != corpus.characters).any():
        raise InvariantError("kept and removed characters are not those that were read")
    return Tally(removed, unit_of, kept, left, _status(left, removed), _flagged(corpus.characters, removed))


def _status(left: NDArray[np.int64], removed: NDArray[np.int64]) -> list[str]:
    code = np.where(left > 0, 0, np.where(removed[:, REMNANT] > 0, 1, np.where(removed[:, DUPLICATE] > 0, 2, 3)))
    names = ("kept", "remnant", "duplicate", "empty")
    return [names[each] for each in code.tolist()]


def _flagged(characters: NDArray[np.int64], removed: NDArray[np.int64]) -> NDArray[np.bool_]:
    lost = removed[:, BOILERPLATE] + removed[:, REPEATED]
    bare = (characters > FLAG_KEPT[1]) & (characters - lost < FLAG_KEPT[0])
    return np.asarray((lost > FLAG_SHARE * characters) | bare, np.bool_)


def summarise(corpus: Corpus, decision: Decision, removals: Removals, counts: Tally, passed: int) -> Summary:
    """The summary of a run. `passed`: files of other kinds that were not read."""
    units, stripped = decision.units, decision.stripped
    there = counts.kept > 0
    number = np.bincount(removals.reason, minlength=max(REASONS) + 1)
    status = {name: counts.status.count(name) for name in dict.fromkeys(counts.status[n] for n in corpus.order.tolist())}
    twins = np.unique(removals.twin[removals.twin >= 0])
    return Summary(
        documents_in=len(corpus), documents_out=int(there.sum()), appended=int((there & (units.part > 1)).sum()),
        bytes_in=int((corpus.end - corpus.start).sum()), characters_in=int(corpus.characters.sum()),
        characters_out=int(counts.kept.sum()),
        status=_most_common(status),
        removed=_most_common({REASONS[code]: int(number[code]) for code in REASONS}),
        removed_characters=_most_common({REASONS[code]: int(counts.removed[:, code].sum()) for code in REASONS}),
        rules=_rules(removals, stripped.rule, stripped.rules, list(stripped.witnesses.values())),
        clusters=len(twins), flagged=int(counts.flagged.sum()), unreadable=len(corpus.unreadable), passed_files=passed,
        renamed_ids=corpus.renamed, candidates=decision.graph.candidates, large_groups=decision.graph.large_groups,
        rewalked=decision.rewalked,
    )  # fmt: skip


def _most_common(counts: dict[str, int]) -> dict[str, int]:
    return dict(sorted(((name, count) for name, count in counts.items() if count), key=lambda item: -item[1]))


def _rules(removals: Removals, rule: NDArray[np.int32], names: list[str], moves: list[str]) -> dict[str, int]:
    ruled = removals.row[(removals.reason == BOILERPLATE) | (removals.reason == REPEATED)]
    counts = dict(zip(names, np.bincount(rule[ruled], minlength=len(names)).tolist(), strict=True))
    for name in moves:
        counts[name] = counts.get(name, 0) + 1
    return dict(sorted(((name, count) for name, count in counts.items() if count), key=lambda item: (-item[1], item[0])))
