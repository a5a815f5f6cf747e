"""Stripping texts each on its own: what a map over a stream does. No text changes what becomes of another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dedup.config import Config, configure
from dedup.decide import decide
from dedup.edit import apply
from dedup.edits import EditMaker
from dedup.errors import UsageError
from dedup.gather import gather
from dedup.io.record import Origin, Record
from dedup.pipeline import rules_of, triggers_of
from dedup.tables.base import NoText, utf8_of
from dedup.threads import thread_count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dedup.model import Move, Removal

UNBOUNDED = 1 << 62  # bytes: the texts of a call are in memory anyhow


@dataclass(frozen=True, slots=True)
class StripResult:
    """What stripping made of one text. `text`: the article; `appended`: further articles of the page, in order, those of which
    nothing stays left out; `parts`: the number of each of these on its page, from 2; `removals` and `moves`: what went and what
    moved, in code points of the text that was given.
    """

    text: str
    appended: tuple[str, ...]
    removals: tuple[Removal, ...]
    moves: tuple[Move, ...]
    parts: tuple[int, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether anything was removed or moved."""
        return bool(self.removals or self.moves)


def removal_rows(text: str, result: StripResult) -> list[dict[str, Any]]:
    """What went of a text, as rows for a column `removed`."""
    return [
        {"start": each.start, "end": each.end, "reason": each.reason, "rule": each.rule, "text": text[each.start : each.end]}
        for each in result.removals
    ]


def strip_config(options: Mapping[str, Any]) -> Config:
    """The configuration of a map. Raises UsageError for what a single text cannot have."""
    if options.get("repeats"):
        raise UsageError("repeats needs a corpus to count in: dedup.clean(source, duplicates=False) strips with it")
    return replace(configure(Config(), options), repeats=False)


def strip_changed(
    texts: Sequence[str | bytes | NoText], sources: Sequence[Any] | None, config: Config
) -> Iterator[tuple[int, StripResult | NoText]]:
    """Of all the texts those that change, with their number; and those that cannot be read. `config`: from `strip_config`."""
    rules = rules_of(config)
    rows: list[int] = []
    unreadable: list[tuple[int, NoText]] = []

    def records() -> Iterator[Record]:
        for number, text in enumerate(texts):
            utf8 = utf8_of(text)
            if isinstance(utf8, NoText):
                unreadable.append((number, utf8))
                continue
            rows.append(number)
            source = sources[number] if sources is not None else ""
            yield Record(str(number), utf8, source if isinstance(source, str) else "", Origin("", number, "utf-8", bom=False), b"")

    threads = thread_count(config.threads) if len(texts) > 1 else 1
    corpus = gather(records(), triggers_of(config), UNBOUNDED, Path(), threads)
    yield from unreadable
    if not len(corpus):
        return
    maker = EditMaker(corpus, decide(corpus, rules, config, threads, duplicates=False, alone=True))
    for document in np.flatnonzero(maker.touched).tolist():
        text = corpus.text(document)
        edits = maker.edits(document)
        if edits.removals or edits.moves:
            kept = apply(text, edits)
            parts = tuple(part for part, left in kept.items() if part > 1 and left)
            yield rows[document], StripResult(kept[1], tuple(kept[part] for part in parts), edits.removals, edits.moves, parts)
