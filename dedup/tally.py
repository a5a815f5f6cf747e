"""The counts of a run, from the columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from dedup.decide import BOILERPLATE, DUPLICATE, REMNANT, REPEATED
from dedup.edits import REASONS
from dedup.errors import InvariantError
from dedup.kernels.edits import count_removed
from dedup.summary import Summary
from dedup.text.groups import ascending

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.corpus import Corpus
    from dedup.decide import Decision
    from dedup.kernels.rows import Removals

FLAG_SHARE: Final = 0.6  # of its text lost as boilerplate: look at such a document
STATUS: Final = ("kept", "remnant", "duplicate", "empty")  # of a document
FLAG_KEPT: Final = (200, 2000)  # fewer characters kept than the first of a page longer than the second


@dataclass(frozen=True, slots=True)
class Tally:
    """`removed`, shape (documents, reasons): characters removed, by code of reason. `first`: of each unit the first removal; one
    entry more than units. `kept`: characters that stay of each unit; `left`: of each document. `status`, a number of STATUS,
    and `flagged`: by document.
    """

    removed: NDArray[np.int64]
    first: NDArray[np.int64]
    kept: NDArray[np.int64]
    left: NDArray[np.int64]
    status: NDArray[np.uint8]
    flagged: NDArray[np.bool_]


def tally(corpus: Corpus, decision: Decision, removals: Removals) -> Tally:
    """Count. Raises InvariantError where more goes than there is (promise P1)."""
    units, count = decision.units, len(corpus)
    removed = np.zeros((count, max(REASONS) + 1), np.int64)
    kept, first = units.end - units.start, np.empty(len(units) + 1, np.int64)
    count_removed(removals.first, removals.start, removals.end, removals.reason, units.first, units.start, removed, kept, first)
    left = np.bincount(units.document, kept, count).astype(np.int64)
    if (kept < 0).any() or (left + removed.sum(axis=1) != corpus.characters).any():
        raise InvariantError("kept and removed characters are not those that were read")
    return Tally(removed, first, kept, left, _status(left, removed), _flagged(corpus.characters, removed))


def _status(left: NDArray[np.int64], removed: NDArray[np.int64]) -> NDArray[np.uint8]:
    return np.where(left > 0, 0, np.where(removed[:, REMNANT] > 0, 1, np.where(removed[:, DUPLICATE] > 0, 2, 3))).astype(np.uint8)


def _flagged(characters: NDArray[np.int64], removed: NDArray[np.int64]) -> NDArray[np.bool_]:
    lost = removed[:, BOILERPLATE] + removed[:, REPEATED]
    bare = (characters > FLAG_KEPT[1]) & (characters - lost < FLAG_KEPT[0])
    return np.asarray((lost > FLAG_SHARE * characters) | bare, np.bool_)


def summarise(corpus: Corpus, decision: Decision, removals: Removals, counts: Tally, passed: int) -> Summary:
    """The summary of a run. `passed`: files of other kinds that were not read."""
    units, stripped = decision.units, decision.stripped
    there = counts.kept > 0
    number = np.bincount(removals.reason, minlength=max(REASONS) + 1)
    by_status = np.bincount(counts.status, minlength=len(STATUS))
    status = {STATUS[code]: int(by_status[code]) for code in dict.fromkeys(counts.status[corpus.order].tolist())}
    return Summary(
        documents_in=len(corpus), documents_out=int(there.sum()), appended=int((there & (units.part > 1)).sum()),
        bytes_in=int((corpus.end - corpus.start).sum()), characters_in=int(corpus.characters.sum()),
        characters_out=int(counts.kept.sum()),
        status=_most_common(status),
        removed=_most_common({REASONS[code]: int(number[code]) for code in REASONS}),
        removed_characters=_most_common({REASONS[code]: int(counts.removed[:, code].sum()) for code in REASONS}),
        rules=_rules(removals, stripped.rule, stripped.rules, list(stripped.witnesses.values())),
        clusters=len(ascending(removals.twin.astype(np.int64))),
        flagged=int(counts.flagged.sum()), unreadable=len(corpus.unreadable), passed_files=passed,
        renamed_ids=corpus.renamed, candidates=decision.graph.candidates, large_groups=decision.graph.large_groups,
        rewalked=decision.rewalked, unsettled=decision.unsettled,
    )  # fmt: skip


def _most_common(counts: dict[str, int]) -> dict[str, int]:
    return dict(sorted(((name, count) for name, count in counts.items() if count), key=lambda item: -item[1]))


def _rules(removals: Removals, rule: NDArray[np.int32], names: list[str], moves: list[str]) -> dict[str, int]:
    ruled = removals.row[(removals.reason == BOILERPLATE) | (removals.reason == REPEATED)]
    counts = dict(zip(names, np.bincount(rule[ruled], minlength=len(names)).tolist(), strict=True))
    for name in moves:
        counts[name] = counts.get(name, 0) + 1
    return dict(sorted(((name, count) for name, count in counts.items() if count), key=lambda item: (-item[1], item[0])))
