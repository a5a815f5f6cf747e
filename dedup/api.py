"""The Python interface: `dedup.clean` and `dedup.strip`."""

from __future__ import annotations

import tempfile
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from dedup.config import Config, configure
from dedup.errors import UsageError
from dedup.model import Document, Edits, Location, Match, Move, Removal, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dedup.corpus import Corpus
    from dedup.decide import Decision
    from dedup.io.read import Record

Source: TypeAlias = "str | Path | Iterable[Document | Mapping[str, Any] | str]"


@dataclass(frozen=True, slots=True)
class StripResult:
    """What stripping made of one text. `text`: the article; `appended`: further articles of the page, in order."""

    text: str
    appended: tuple[str, ...]
    removals: tuple[Removal, ...]
    moves: tuple[Move, ...]


@dataclass(frozen=True)
class Result:
    """What cleaning made of documents.

    `documents`: the kept ones, in order of id, appended articles as `<id>#2`, ... `edits`: for each input document that was
    changed, what was done to it. `unreadable`: what was left out. `config`: the options of the run.
    """

    documents: tuple[Document, ...]
    edits: Mapping[str, Edits]
    matches: tuple[Match, ...]
    unreadable: tuple[Unreadable, ...]
    config: Config

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
    def removed(self) -> Counter[str]:
        """Characters removed, by reason."""
        counts: Counter[str] = Counter()
        for edits in self.edits.values():
            for removal in edits.removals:
                counts[removal.reason] += removal.end - removal.start
        return counts

    def closest(self, count: int = 10) -> list[Match]:
        """The matches nearest to the threshold: where to look first when in doubt about it."""
        return sorted(self.matches, key=lambda match: (match.similarity, match.removed, match.kept))[:count]


def strip(text: str, **options: Any) -> StripResult:
    """Strip one text: rule packs and structure; a single text has no corpus to count in.

    `options` are those of `Config`, e.g. `appended="keep"`, `packs=["my-site.toml"]`, `disable=["ar/tags"]`.
    Raises UsageError for an unknown option or a wrong pack.
    """
    result = clean([Document("text", text)], **({"repeats": False} | options), duplicates=False)
    edits = result.edits.get("text", Edits())
    found = {document.id: document.text for document in result.documents}
    return StripResult(
        found.get("text", ""), tuple(found[f"text#{move.part}"] for move in edits.moves if f"text#{move.part}" in found),
        edits.removals, edits.moves,
    )  # fmt: skip


def clean(source: Source, *, duplicates: bool = True, **options: Any) -> Result:
    """The whole job in memory: documents in, kept documents and what was done out. Nothing is written.

    `source`: a path (file, folder or glob), or documents as `Document`, mappings (with the keys `text` and, if there is one,
    `id`), or bare texts. `duplicates=False` strips only. `options` are those of `Config`.
    Raises InputError where nothing can be read, UsageError for an unknown option.
    """
    from dedup.corpus import gather, thread_count
    from dedup.decide import decide
    from dedup.pipeline import TEXT_MEMORY, Silent, read_corpus, rules_of, triggers_of

    config = configure(Config(), options)
    rules = rules_of(config)
    threads = thread_count(config.threads)
    with tempfile.TemporaryDirectory() as folder:
        if isinstance(source, (str, Path)):
            corpus, _ = read_corpus([str(source)], replace(config, format="jsonl"), rules, Path(folder), Silent())
            given: dict[str, Document] = {}
        else:
            given = {}
            corpus = gather(_records(source, config, given), triggers_of(rules), TEXT_MEMORY, Path(folder), threads)
        with closing(corpus.store):
            return _result(corpus, decide(corpus, rules, config, threads, duplicates=duplicates), config, given)


def _records(
    source: Iterable[Document | Mapping[str, Any] | str], config: Config, given: dict[str, Document]
) -> Iterator[Record | Unreadable]:
    from dedup.io.read import Origin, Record

    for number, item in enumerate(source):
        document = _document(item, number, config)
        try:
            utf8 = document.text.encode("utf-8")
        except UnicodeEncodeError:
            yield Unreadable(document.id, 0, "the text holds half a surrogate pair, which is no character")
            continue
        given.setdefault(document.id, document)
        yield Record(document.id, utf8, document.source, Origin(document.id, number, "utf-8", bom=False), utf8)


def _document(item: Document | Mapping[str, Any] | str, number: int, config: Config) -> Document:
    if isinstance(item, Document):
        return item
    if isinstance(item, str):
        return Document(f"{number:08}", item)
    text = item.get(config.text_key)
    if not isinstance(text, str):
        raise UsageError(f"item {number}: no text under '{config.text_key}'")
    identity, source = item.get(config.id_key), item.get(config.source_key)
    ours = (config.text_key, config.id_key, config.source_key)
    fields = {key: value for key, value in item.items() if key not in ours}
    return Document(str(identity) if identity is not None else f"{number:08}", text, str(source or ""), fields)


def _result(corpus: Corpus, decision: Decision, config: Config, given: Mapping[str, Document]) -> Result:
    from dedup.edit import apply
    from dedup.edits import EditMaker
    from dedup.io.corpus_out import extra_fields

    maker = EditMaker(corpus, decision)
    documents: list[Document] = []
    changed: dict[str, Edits] = {}
    for number in corpus.order.tolist():
        identity, text = corpus.ids[number], corpus.text(number)
        edits = maker.edits(number, text)
        if edits.removals or edits.moves:
            changed[identity] = edits
        original = given.get(identity)
        fields = original.fields if original else extra_fields(corpus.origins[number], config.text_key)
        documents += [
            Document(corpus.part_id(number, part), kept, corpus.sources[number], fields)
            for part, kept in apply(text, edits).items()
            if kept
        ]
    return Result(tuple(documents), changed, tuple(matches_of(corpus, decision)), tuple(corpus.unreadable), config)


def matches_of(corpus: Corpus, decision: Decision) -> Iterator[Match]:
    """Every verified pair of paragraphs, between the first holders of each text; and equal ones with the first of them."""
    import numpy as np

    from dedup.edits import EditMaker
    from dedup.neardup.paragraphs import classes_of

    maker = EditMaker(corpus, decision)
    paragraphs, graph = decision.paragraphs, decision.graph
    class_of, _ = classes_of(paragraphs)
    order = np.lexsort((np.arange(len(paragraphs)), corpus.place[paragraphs.document], class_of))
    sorted_class = class_of[order]
    opens = np.r_[True, sorted_class[1:] != sorted_class[:-1]] if len(order) else np.zeros(0, np.bool_)
    first = order[opens]
    equal = ((int(row), int(first[class_of[row]])) for row in order[~opens].tolist())
    found = [Match(maker.location(row), maker.location(twin), 1.0, 1.0, "equal") for row, twin in equal]
    for removed, kept, similarity, jaccard, by in zip(
        graph.removed.tolist(),
        graph.kept.tolist(),
        graph.similarity.tolist(),
        graph.jaccard.tolist(),
        graph.by_characters.tolist(),
        strict=True,
    ):
        here, there = maker.location(int(first[removed])), maker.location(int(first[kept]))
        found.append(Match(here, there, round(similarity, 4), round(jaccard, 4), "characters" if by else "words"))
    return chain(sorted(found, key=lambda match: (match.removed, match.kept)))
