"""The counts of a run that is held in memory: those that the command line prints and writes."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from dedup.io.write_out import _flag, _status
from dedup.model import Edits
from dedup.summary import Summary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dedup.corpus import Corpus
    from dedup.decide import Decision


def count_run(corpus: Corpus, decision: Decision, changed: Mapping[int, tuple[Edits, Mapping[int, str]]], passed: int) -> Summary:
    """`changed`: for each document that was touched its edits and the texts of its parts; the others stay as they are."""
    status: Counter[str] = Counter()
    removed: Counter[str] = Counter()
    characters: Counter[str] = Counter()
    rules: Counter[str] = Counter()
    leaders: set[tuple[str, int]] = set()
    documents_out = appended = characters_out = flagged = 0
    for number in corpus.order.tolist():
        size = int(corpus.characters[number])
        edits, parts = changed.get(number) or (Edits(), None)
        lost = 0
        for removal in edits.removals:
            length = removal.end - removal.start
            removed[removal.reason] += 1
            characters[removal.reason] += length
            lost += length if removal.reason in ("boilerplate", "repeated") else 0
            if removal.rule:
                rules[removal.rule] += 1
            if removal.canonical is not None:
                leaders.add(removal.canonical[:2])
        rules.update(move.rule for move in edits.moves)
        kept = {part: len(text) for part, text in parts.items() if text} if parts is not None else {1: size} if size else {}
        documents_out += len(kept)
        appended += sum(part > 1 for part in kept)
        characters_out += sum(kept.values())
        status[_status(edits, bool(kept))] += 1
        flagged += _flag(size, lost)
    return Summary(
        documents_in=len(corpus), documents_out=documents_out, appended=appended,
        bytes_in=int((corpus.end - corpus.start).sum()), characters_in=int(corpus.characters.sum()), characters_out=characters_out,
        status=dict(status.most_common()), removed=dict(removed.most_common()), removed_characters=dict(characters.most_common()),
        rules=dict(sorted(rules.items(), key=lambda item: (-item[1], item[0]))), clusters=len(leaders), flagged=flagged,
        unreadable=len(corpus.unreadable), passed_files=passed, renamed_ids=corpus.renamed,
        candidates=decision.graph.candidates, large_groups=decision.graph.large_groups, rewalked=decision.rewalked,
    )  # fmt: skip
