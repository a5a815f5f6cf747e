"""What a tool removed, held against a truth."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.truth import Corpus, Truth
    from numpy.typing import NDArray


class Score(NamedTuple):
    """`right`: removed with a twin among what stays; `wrong`: removed without; `missed`: stays although its twin does, too."""

    removed: int
    right: int
    wrong: int
    missed: int
    recall: float
    precision: float


def score(kept: NDArray[np.bool_], truth: Truth) -> Score:
    """Recall and precision of removals. It does not matter which of several twins a tool keeps, as long as one is there."""
    count = int(truth.class_of.max()) + 1
    stays = np.bincount(truth.class_of[kept], minlength=count)
    covered = stays > 0
    covered[truth.goes[stays[truth.stays] > 0]] = True
    removed = int((~kept).sum())
    right = int(covered[truth.class_of[~kept]].sum())
    missed = int(np.maximum(stays - 1, 0).sum()) + _could_go(stays > 0, truth)
    return Score(
        removed, right, removed - right, missed, round(right / max(right + missed, 1), 4), round(right / max(removed, 1), 4)
    )  # fmt: skip


def _could_go(alive: NDArray[np.bool_], truth: Truth) -> int:
    """How many classes could still go, one after the other, each for one that is left when it is asked: at most so many."""
    both = alive[truth.goes] & alive[truth.stays]
    twins = defaultdict(list)
    for goes, stays in zip(truth.goes[both].tolist(), truth.stays[both].tolist(), strict=True):
        twins[goes].append(stays)
    gone: set[int] = set()
    for each, others in twins.items():
        if any(other not in gone for other in others):
            gone.add(each)
    return len(gone)


def by_kind(kept: NDArray[np.bool_], corpus: Corpus) -> dict[str, float | int]:
    """Recall of exact and of near-copies, and how many texts are gone without any copy: the damage."""
    equal = np.bincount(corpus.text_class[kept], minlength=len(corpus.texts))
    possible = len(corpus.text_class) - len(corpus.texts)
    _, first = np.unique(corpus.text_class, return_index=True)
    distinct = np.bincount(corpus.cluster[first], minlength=len(kept))
    left = np.bincount(corpus.cluster[first], weights=equal > 0, minlength=len(kept))
    near = int(np.maximum(distinct - 1, 0).sum())
    return {
        "exact_recall": round(1 - float(np.maximum(equal - 1, 0).sum()) / max(possible, 1), 4),
        "near_recall": round(1 - float(np.maximum(left - 1, 0).sum()) / max(near, 1), 4),
        "lost": int(((distinct > 0) & (left == 0)).sum()),
    }


def kept_by_peer(rows: Path, corpus: Corpus) -> NDArray[np.bool_]:
    """What a peer's script says it kept."""
    kept = np.zeros(len(corpus.number), np.bool_)
    with rows.open(encoding="utf-8") as file:
        for row in map(json.loads, file):
            at = corpus.number.get((row["document"], row["paragraph"]))
            if at is not None:
                kept[at] = True
    return kept


def kept_by_dedup(out: Path, folder: Path, corpus: Corpus) -> NDArray[np.bool_]:
    """What stands in no removal of the ledger, of whatever reason: remnants count as removed."""
    spans = defaultdict(list)
    with (out / "ledger.jsonl").open(encoding="utf-8") as file:
        for row in map(json.loads, file):
            if row["action"] == "remove" and row["reason"] != "whitespace":
                spans[row["document"]].append((row["start"], row["end"]))
    kept = np.ones(len(corpus.number), np.bool_)
    for document, removed in spans.items():
        removed.sort()
        at = ordinal = 0
        for line in (folder / document).read_text(encoding="utf-8").split("\n"):
            if line.strip():
                before = bisect_right(removed, (at, len(line) + at + 1 << 40)) - 1
                number = corpus.number.get((document, ordinal))
                if number is not None and before >= 0 and removed[before][0] <= at < removed[before][1]:
                    kept[number] = False
                ordinal += 1
            at += len(line) + 1
    return kept
