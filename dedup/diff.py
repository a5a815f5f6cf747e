"""What a run would do to documents, without writing anything."""

from __future__ import annotations

import tempfile
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dedup.edit import apply
from dedup.edits import EditMaker
from dedup.errors import UsageError
from dedup.io.rows import ledger_rows
from dedup.model import Edits
from dedup.pipeline import decide_only

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dedup.config import Config
    from dedup.corpus import Corpus
    from dedup.model import Move, Removal

REASONS: Final = ("boilerplate", "repeated", "duplicate", "remnant", "whitespace", "appended")


@dataclass(frozen=True, slots=True)
class Choice:
    """What is asked for: edits for one of the `reasons` (a move's is "appended"), by one of the `rules`; all where empty.

    A rule ending in "/" stands for all that begin so.
    """

    reasons: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a reason that there is not."""
        for reason in self.reasons:
            if reason not in REASONS:
                raise UsageError(f"--reason: unknown reason '{reason}'; there are {', '.join(REASONS)}")

    def of(self, edits: Edits) -> Edits:
        """The chosen ones of a document's edits."""
        removals = tuple(removal for removal in edits.removals if self._takes(removal, removal.reason))
        return Edits(removals, tuple(move for move in edits.moves if self._takes(move, "appended")))

    def _takes(self, edit: Removal | Move, reason: str) -> bool:
        by_rule = any(edit.rule == rule or (rule.endswith("/") and edit.rule.startswith(rule)) for rule in self.rules)
        return (not self.reasons or reason in self.reasons) and (not self.rules or by_rule)


@dataclass(frozen=True, slots=True)
class Change:
    """A document that would change. `ledger`: all rows; `chosen`: those asked for; `parts`: the output documents, by id, that
    the chosen ones alone would make of it, itself first. `file`: where it was read, with the line where that holds several.
    """

    id: str
    file: str
    text: str
    ledger: list[dict[str, Any]]
    chosen: list[dict[str, Any]]
    parts: dict[str, str]


class Differences:
    """The documents of a run that would change."""

    def __init__(self, corpus: Corpus, maker: EditMaker, choice: Choice) -> None:
        """Looks at nothing yet."""
        self._corpus = corpus
        self._maker = maker
        self._choice = choice
        self._number = {identity: number for number, identity in enumerate(corpus.ids)}
        self.documents = len(corpus)
        self.unreadable = len(corpus.unreadable)

    def __iter__(self) -> Iterator[Change]:
        """In order of id, those with an edit that was asked for."""
        for document in self._corpus.order.tolist():
            if not self._maker.touched[document]:
                continue
            text = self._corpus.text(document)
            edits = self._maker.edits(document)
            chosen = self._choice.of(edits)
            if chosen.removals or chosen.moves:
                yield self._change(document, text, edits, chosen)

    def _change(self, document: int, text: str, edits: Edits, chosen: Edits) -> Change:
        corpus = self._corpus
        origin = corpus.origins[document]
        return Change(
            corpus.ids[document],
            origin.path if origin.record is None else f"{origin.path}:{origin.line}",
            text,
            list(ledger_rows(corpus, document, text, edits)),
            list(ledger_rows(corpus, document, text, chosen)),
            {corpus.part_id(document, part): kept for part, kept in apply(text, chosen).items()},
        )

    def text_of(self, identity: str) -> str:
        """The text of an input document."""
        return self._corpus.text(self._number[identity])


@contextmanager
def differences(sources: Sequence[str], config: Config, choice: Choice) -> Iterator[Differences]:
    """Read and decide; the texts are there as long as the context is."""
    with tempfile.TemporaryDirectory() as folder:
        corpus, decision = decide_only(sources, config, Path(folder))
        with closing(corpus.store):
            yield Differences(corpus, EditMaker(corpus, decision), choice)
