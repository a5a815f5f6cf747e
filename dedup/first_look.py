"""What stripping finds on each page by itself, before the headlines of the others are known: looked for while a corpus is read."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dedup.boilerplate.lone import LonePages
from dedup.boilerplate.marks import find_idle, texts_of
from dedup.boilerplate.scan import candidates
from dedup.boilerplate.strip import strip_page
from dedup.text.groups import among
from dedup.text.lines import MARKED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.boilerplate.packs import RuleSet
    from dedup.boilerplate.strip import Stripped
    from dedup.config import Config
    from dedup.corpus import Batch, Corpus


@dataclass(slots=True)
class Findings:
    """What stripping finds, document by document: columns from the start, since an object for each would take most of the memory.

    `first_line`: as in `Batch`. `rule`: for each line the number of the rule it goes by, 0 where it stays. `part`: for each line,
    which article of its document it belongs to, from 1. `headline`: lines that turned out to be items of lists or to begin an
    article. `number_of`: rules by id; `witnesses`: for each (document, part) of an appended article, the rule that found it;
    documents count from `first`.
    """

    first_line: NDArray[np.int64]
    rule: NDArray[np.int32]
    part: NDArray[np.int32]
    headline: NDArray[np.bool_]
    number_of: dict[str, int] = field(default_factory=lambda: {"": 0})
    witnesses: dict[tuple[int, int], str] = field(default_factory=dict)
    first: int = 0

    def put(self, document: int, stripped: Stripped) -> None:
        """What goes of a document."""
        first, stop = int(self.first_line[document]), int(self.first_line[document + 1])
        for line, name in stripped.gone.items():
            self.rule[first + line] = self.number(name)
        for count, (line, witness) in enumerate(stripped.starts.items(), 2):
            self.part[first + line : stop] = count
            self.witnesses[self.first + document, count] = witness
        for line in (*stripped.items, *stripped.starts):
            self.headline[first + line] = True

    def put_again(self, document: int, stripped: Stripped) -> None:
        """What goes of a document, in place of what went before."""
        mine = slice(int(self.first_line[document]), int(self.first_line[document + 1]))
        for count in range(2, int(self.part[mine].max(initial=1)) + 1):
            del self.witnesses[self.first + document, count]
        self.rule[mine], self.part[mine] = 0, 1
        self.put(document, stripped)

    def put_lone(self, lone: LonePages) -> None:
        """What goes of all plain documents."""
        rows, rule = lone.gone()
        self.rule[rows] = np.array([self.number(name) for name in lone.names], np.int32)[rule]

    def number(self, name: str) -> int:
        """Of a rule, which is added if it is new."""
        return self.number_of.setdefault(name, len(self.number_of))


def no_findings(first_line: NDArray[np.int64]) -> Findings:
    """Nothing goes, and every document is one article."""
    lines = int(first_line[-1])
    return Findings(first_line, np.zeros(lines, np.int32), np.ones(lines, np.int32), np.zeros(lines, np.bool_))


class Unknown:
    """Headlines of other documents that nobody knows yet. What was asked for is kept: only such a one could have changed what was
    found.
    """

    def __init__(self) -> None:
        """`asked`: the first 64 bits of keys."""
        self.asked = array("Q")

    def __contains__(self, key: object) -> bool:
        assert isinstance(key, tuple)
        self.asked.append(key[0])
        return False


class Looked(NamedTuple):
    """What is found, and what headlines of others could change. Of documents that are plain (see `LonePages`) they change nothing.

    `unseen`: which others were not looked at one by one; `asking`, `asked`: who of those that were asked for which headlines (see
    `Unknown`).
    """

    found: Findings
    unseen: NDArray[np.bool_]
    asking: NDArray[np.int64]
    asked: NDArray[np.uint64]

    def open_to(self, headlines: NDArray[np.uint64], *, alone: bool = False) -> NDArray[np.bool_]:
        """Documents of which something else may go where these are headlines; `alone`: as keys of `of_document`, of each its own."""
        heard = self.unseen.copy()
        asked = of_document(self.asked, self.asking) if alone else self.asked
        heard[self.asking[among(asked, headlines)]] = True
        return heard


def of_document(keys: NDArray[np.uint64], document: NDArray[Any]) -> NDArray[np.uint64]:
    """Keys of lines that are equal in one document only, but by chance."""
    return keys ^ (document.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15))


class FirstLook:
    """Looks at the documents of a corpus, in order: at some while others are read, at the rest when all are there."""

    def __init__(self, rules: RuleSet, config: Config) -> None:
        """What pages are stripped by."""
        self._rules, self._config = rules, config
        self._parts: list[Looked] = []
        self.documents = 0  # that were looked at

    def look(self, batch: Batch) -> NDArray[np.uint8]:
        """Note what goes of the next documents. Returns the flags of their lines without the marks of those for which no rule
        could hold: the scan marks by single words, and half of the pages it would send on have nothing else.
        """
        flags = batch.lines.flags.copy()
        for texts in texts_of(batch, np.flatnonzero(flags & MARKED)):
            flags[texts.rows[find_idle(texts, self._rules, batch.triggers)]] &= ~MARKED & 0xFF
        batch = replace(batch, lines=replace(batch.lines, flags=flags))
        found, config = no_findings(batch.first_line), self._config
        if self._parts:
            found.number_of, found.witnesses = self._parts[0].found.number_of, self._parts[0].found.witnesses
        found.first = self.documents
        lone = LonePages(batch, self._rules)
        found.put_lone(lone)
        wanted = candidates(batch.lines, len(batch))
        documents, unknown, stops = np.flatnonzero(wanted & ~lone.plain), Unknown(), array("q", [0])
        for document, page in zip(documents.tolist(), batch.pages(documents.tolist()), strict=True):
            found.put(document, strip_page(page, self._rules, unknown, config.appended, structure=config.structure))
            stops.append(len(unknown.asked))
        asking = np.repeat(documents + self.documents, np.diff(np.array(stops)))
        self._parts.append(Looked(found, ~wanted & ~lone.plain, asking, np.array(unknown.asked)))
        self.documents += len(batch)
        return flags

    def finish(self, corpus: Corpus) -> tuple[Corpus, Looked]:
        """Look at those that are left. Returns the corpus with the marks that are left, and what goes of all; nothing is kept here."""
        if self.documents < len(corpus) or not self._parts:
            rest = corpus.batch_from(self.documents)
            flags = np.r_[corpus.lines.flags[: len(corpus.lines) - len(rest.lines)], self.look(rest)]
            corpus = replace(corpus, lines=replace(corpus.lines, flags=flags))
        parts, self._parts = self._parts, []
        if len(parts) == 1:
            return corpus, parts[0]
        rule, part, headline = (np.concatenate([getattr(each.found, name) for each in parts]) for name in ("rule", "part", "headline"))
        found = replace(parts[0].found, first_line=corpus.first_line, rule=rule, part=part, headline=headline)
        return corpus, Looked(found, *(np.concatenate([each[column] for each in parts]) for column in range(1, len(Looked._fields))))
