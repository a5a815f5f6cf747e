"""What cleaning made of documents, and every way to look at it. All views come from the decision; none is made before it is asked."""

from __future__ import annotations

import weakref
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from dedup.errors import UsageError
from dedup.model import Document, Edits, Location, Match, Unreadable

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping

    from dedup.boilerplate.packs import RuleSet
    from dedup.config import Config
    from dedup.corpus import Corpus
    from dedup.decide import Begun, Decision
    from dedup.summary import Summary
    from dedup.tables.base import Rows

What = Literal["kept", "removed"]


class Removed(NamedTuple):
    """A stretch of text that went. `start`, `end`: code points of the input document; `rule`: for boilerplate and repeated;
    `canonical`, `similarity`: for duplicates, the twin that stays, where it stands in its input document, and how much of
    this one it holds.
    """

    document: str
    start: int
    end: int
    reason: str
    rule: str
    canonical: Location | None
    similarity: float | None
    text: str


class Held:
    """What runs over the same documents share: the documents themselves, and what was found among them before any election."""

    def __init__(self, corpus: Corpus, rules: RuleSet, begun: Begun, rows: Rows | None, passed: int) -> None:
        """`rows`: as the documents came, None where they came from files; `passed`: files of other kinds."""
        self.corpus = corpus
        self.rules = rules
        self.begun = begun
        self.rows = rows
        self.passed = passed
        weakref.finalize(self, corpus.store.close)


class Part(NamedTuple):
    """An output document: the input document it stood in, as a number, and which article of it, from 1."""

    number: int
    part: int
    id: str


@dataclass(frozen=True, repr=False, eq=False)
class Result:
    """What cleaning made of documents: `corpus` in the type that came in, `kept`, `removed`, `clusters`, `matches`, `summary`.

    `edits`: for each input document that was changed what was done to it, by id. `unreadable`: what was left out, and why.
    `config`: the options of the run. A result holds the texts; all else is made when it is asked for, and then kept.
    """

    config: Config
    edits: Mapping[str, Edits]
    unreadable: tuple[Unreadable, ...]
    _held: Held
    _decision: Decision
    _parts: Mapping[int, Mapping[int, str]]
    _duplicates: bool

    @cached_property
    def kept(self) -> tuple[Document, ...]:
        """The documents that stay, in order of id; appended articles as `<id>#2`, ... with the fields of their page."""
        return tuple(self._documents())

    @property
    def corpus(self) -> Any:
        """The documents that stay, in the type that came in: a table of the same columns, a list of the same items, for paths
        a tuple of `Document`. In the order of the input, an appended article behind its page.
        """
        rows = self._held.rows
        return self.kept if rows is None else rows.hand_out(self._built)

    @cached_property
    def removed(self) -> tuple[Removed, ...]:
        """Everything that went, in order of document and place."""
        corpus = self._held.corpus
        rows: list[Removed] = []
        for number in corpus.order.tolist():
            edits = self.edits.get(corpus.ids[number])
            if edits is not None and edits.removals:
                text = corpus.text(number)
                rows += (
                    Removed(
                        corpus.ids[number], each.start, each.end, each.reason, each.rule, each.canonical, each.similarity,
                        text[each.start : each.end],
                    )
                    for each in edits.removals
                )  # fmt: skip
        return tuple(rows)

    @cached_property
    def clusters(self) -> dict[Location, tuple[Location, ...]]:
        """The kept paragraph of each cluster, with those that went for it."""
        found: dict[Location, list[Location]] = {}
        for document, edits in self.edits.items():
            for removal in edits.removals:
                if removal.canonical is not None:
                    found.setdefault(removal.canonical, []).append(Location(document, removal.start, removal.end))
        return {leader: tuple(members) for leader, members in found.items()}

    @cached_property
    def matches(self) -> tuple[Match, ...]:
        """Every verified pair of paragraphs, whoever was elected."""
        from dedup.matches import matches_of

        return tuple(matches_of(self._held.corpus, self._decision))

    @cached_property
    def paragraphs(self) -> tuple[Location, ...]:
        """The paragraphs that were compared and stay, in order of document and place."""
        from dedup.edits import EditMaker

        rows = (self._decision.reason[self._decision.paragraphs.first] == 0).nonzero()[0]
        maker = EditMaker(self._held.corpus, self._decision)
        return tuple(sorted(maker.location(row) for row in rows.tolist()))

    @cached_property
    def summary(self) -> Summary:
        """The counts that the command line prints with `--json`."""
        from dedup.removals import make_removals
        from dedup.tally import summarise, tally

        corpus, decision = self._held.corpus, self._decision
        removals = make_removals(corpus, decision, 1)
        return summarise(corpus, decision, removals, tally(corpus, decision, removals), self._held.passed)

    def text_of(self, place: Location) -> str:
        """The text at a place of an input document: of a removal, its canonical, a match, a cluster."""
        number = self._number_of.get(place.document)
        if number is None:
            raise UsageError(f"no document '{place.document}' in this run")
        return self._held.corpus.text(number)[place.start : place.end]

    def closest(self, count: int = 10) -> list[Match]:
        """The matches nearest to the threshold that they passed: where to look first when in doubt about it."""

        def margin(match: Match) -> float:
            passed = self.config.character_threshold if match.witness == "characters" else self.config.threshold
            return round(match.similarity - passed, 4)

        return sorted(self.matches, key=lambda match: (margin(match), match.removed, match.kept))[:count]

    def at(self, threshold: float, character_threshold: float | None = None) -> Result:
        """The outcome at higher thresholds, without searching again: what `clean` would give with them.

        `character_threshold`: as it was, if not given. Raises UsageError for lower ones: pairs below the thresholds of a run
        are not kept.
        """
        from dedup.decide import settle
        from dedup.neardup.match import verify_again
        from dedup.threads import thread_count

        config = replace(
            self.config,
            threshold=threshold,
            character_threshold=self.config.character_threshold if character_threshold is None else character_threshold,
        )
        for name in ("threshold", "character_threshold"):
            if getattr(config, name) < getattr(self.config, name):
                raise UsageError(
                    f"{name} {getattr(config, name)} is lower than the {getattr(self.config, name)} of this run, which kept no pairs "
                    f"below it: run once with {name}={getattr(config, name)} and go up from there"
                )
        held, threads = self._held, thread_count(config.threads)
        search = held.begun.search
        graph = verify_again(search.graph, search.spans, held.corpus.store, config, threads)
        begun = replace(held.begun, search=replace(search, graph=graph))
        decision = settle(held.rules, begun, config, threads, duplicates=self._duplicates)
        return make_result(held, decision, config, duplicates=self._duplicates)

    def to_jsonl(self, path: str | os.PathLike[str], what: What = "kept") -> None:
        """Write the documents that stay, as `corpus.jsonl` of the command line, or what was `removed`, one JSON row each."""
        from dedup.tables.export import write_jsonl

        write_jsonl(self, path, what)

    def to_parquet(self, path: str | os.PathLike[str], what: What = "kept") -> None:
        """Write the documents that stay, or what was `removed`, as one Parquet file."""
        from dedup.tables.export import write_parquet

        write_parquet(self, path, what)

    def to_arrow(self, what: What = "kept") -> Any:
        """A pyarrow Table of the documents that stay (id, text, source, then every other field), or of what was `removed`."""
        from dedup.tables.export import arrow_table

        return arrow_table(self, what)

    def to_pandas(self, what: What = "kept") -> Any:
        """The same as a pandas DataFrame."""
        from dedup.extras import need

        need("pandas", "pandas")
        return self.to_arrow(what).to_pandas()

    def to_polars(self, what: What = "kept") -> Any:
        """The same as a polars DataFrame."""
        from dedup.extras import need

        return need("polars", "polars").from_arrow(self.to_arrow(what))

    def __repr__(self) -> str:
        from dedup.report.notebook import as_text

        return as_text(self)

    def _repr_html_(self) -> str:
        from dedup.report.notebook import as_html

        return as_html(self)

    @cached_property
    def _number_of(self) -> dict[str, int]:
        return {identity: number for number, identity in enumerate(self._held.corpus.ids)}

    @cached_property
    def _built(self) -> Any:
        assert self._held.rows is not None
        corpus = self._held.corpus
        parts = [part for number in range(len(corpus)) for part in self._parts_of(number)]
        rows = [corpus.origins[part.number].line for part in parts]
        return self._held.rows.build(rows, [self._text(part) for part in parts], [part.id for part in parts], None)

    @cached_property
    def _by_id(self) -> list[Part]:
        """Every output document, in order of id."""
        return sorted((part for number in range(len(self._held.corpus)) for part in self._parts_of(number)), key=lambda part: part.id)

    def other_columns(self) -> Any:
        """Of the documents that stay what is not id, text or source, as a pyarrow Table of the types that came in; None where no
        table did.
        """
        if self._held.rows is None:
            return None
        return self._held.rows.others([self._held.corpus.origins[part.number].line for part in self._by_id])

    def _parts_of(self, number: int) -> list[Part]:
        """The output documents of an input document."""
        corpus = self._held.corpus
        changed = self._parts.get(number)
        if changed is None:
            return [Part(number, 1, corpus.ids[number])] if corpus.characters[number] else []
        return [Part(number, part, corpus.part_id(number, part)) for part, text in changed.items() if text]

    def _text(self, part: Part) -> str:
        changed = self._parts.get(part.number)
        return self._held.corpus.text(part.number) if changed is None else changed[part.part]

    def _documents(self) -> Iterator[Document]:
        from dedup.io.corpus_out import extra_fields

        corpus, rows, parts = self._held.corpus, self._held.rows, self._by_id
        if rows is None:
            fields: Iterator[Any] = (extra_fields(corpus.origins[part.number], self.config.text_key) for part in parts)
        else:
            fields = rows.fields([corpus.origins[part.number].line for part in parts])
        for part, field in zip(parts, fields, strict=True):
            yield Document(part.id, self._text(part), corpus.sources[part.number], field)


def make_result(held: Held, decision: Decision, config: Config, *, duplicates: bool) -> Result:
    """The outcome of a decision: edits made and proved (promises P1 to P3), for documents that are touched."""
    from dedup.decide import check_survivors
    from dedup.edit import apply
    from dedup.edits import EditMaker

    check_survivors(decision)
    corpus = held.corpus
    maker = EditMaker(corpus, decision)
    changed: dict[str, Edits] = {}
    parts: dict[int, Mapping[int, str]] = {}
    for number in corpus.order[maker.touched[corpus.order]].tolist():
        text = corpus.text(number)
        edits = maker.edits(number)
        parts[number] = apply(text, edits)
        if edits.removals or edits.moves:
            changed[corpus.ids[number]] = edits
    return Result(config, changed, tuple(corpus.unreadable), held, decision, parts, duplicates)
