"""`dedup check`: what cleaning would change, measured against limits. Nothing is written."""

from __future__ import annotations

import os
import tempfile
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from dedup.decide import decide
from dedup.edits import EditMaker
from dedup.first_look import FirstLook
from dedup.io.inputs import line_of
from dedup.model import Unreadable
from dedup.pipeline import Silent, read_corpus, rules_of
from dedup.threads import thread_count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dedup.config import Config
    from dedup.corpus import Corpus
    from dedup.model import Edits, Location, Removal
    from dedup.pipeline import Progress

Group = Literal["boilerplate", "duplicates"]
GROUPS: Final[tuple[Group, ...]] = ("boilerplate", "duplicates")


class Page(NamedTuple):
    """A document that cleaning would change. `line`: of its record in a JSONL file, 0 for a text file; `boilerplate`, `duplicates`:
    characters that would go; `appended`: articles that would become documents of their own.
    """

    number: int
    file: str
    line: int
    id: str
    characters: int
    boilerplate: int
    duplicates: int
    appended: int

    @property
    def share(self) -> float:
        """Of its characters, how much would go."""
        return (self.boilerplate + self.duplicates) / max(self.characters, 1)

    def has(self, group: Group) -> bool:
        """Whether something of a group would change."""
        return bool(self.duplicates if group == "duplicates" else self.boilerplate or self.appended)


class Place(NamedTuple):
    """Where something would change, without the white space behind it. `line`, `column`, `end_line`, `end_column`: of the file, from 1,
    the last one behind the end; of a record just its line. `start`, `end`: code points of the document's text; `rule`: which witness
    said so; `twin`: where the text of a duplicate stands too, as file:line.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    start: int
    end: int
    rule: str
    group: Group
    text: str
    twin: str


@dataclass(frozen=True)
class Check:
    """What was found. `files`: all that were looked at, as seen from the working folder; `pages`: worst first. `shares`: of all
    characters, how much would go; `appended`: articles that would become documents of their own; `failing`: groups over their limit.
    """

    files: tuple[str, ...]
    documents: int
    characters: int
    pages: tuple[Page, ...]
    unreadable: tuple[Unreadable, ...]
    passed_files: int
    limits: Mapping[Group, float]
    shares: Mapping[Group, float]
    appended: int
    failing: frozenset[Group]
    _places: _Places

    def fails(self, page: Page) -> bool:
        """Whether a page has something of a group that is over its limit."""
        return any(page.has(group) for group in self.failing)

    def places(self, page: Page) -> list[Place]:
        """Where a page would change, from top to bottom; what lies together and goes by one rule is one place."""
        return self._places.of(page)


@contextmanager
def check(sources: Sequence[str], config: Config, progress: Progress | None = None) -> Iterator[Check]:
    """Read and decide as `dedup clean` does; the texts stay at hand as long as the context is open."""
    rules, threads = rules_of(config), thread_count(config.threads)
    with tempfile.TemporaryDirectory() as scratch:
        look = FirstLook(rules, config)
        corpus, found = read_corpus(sources, config, Path(scratch), progress or Silent(), look)
        with closing(corpus.store):
            paths = {file.name: _from_here(file.path) for file in found.files}
            places = _Places(corpus, EditMaker(corpus, decide(corpus, rules, config, threads, look), threads), paths)
            yield _measured(corpus, places, config, found.passed)


def _measured(corpus: Corpus, places: _Places, config: Config, passed: int) -> Check:
    """The pages against the limits. With a limit of 0 for boilerplate any change that is no duplicate is over it."""
    pages = sorted(places.pages(), key=lambda page: (-page.share, -page.appended, page.file, page.line))
    characters = int(corpus.characters.sum())
    going: dict[Group, int] = {
        "boilerplate": sum(page.boilerplate for page in pages), "duplicates": sum(page.duplicates for page in pages),
    }  # fmt: skip
    shares = {group: count / max(characters, 1) for group, count in going.items()}
    limits: dict[Group, float] = {"boilerplate": config.max_boilerplate, "duplicates": config.max_duplicates}
    appended = sum(page.appended for page in pages)
    failing = {group for group in GROUPS if shares[group] > limits[group]}
    if appended and not limits["boilerplate"]:
        failing.add("boilerplate")
    unreadable = [Unreadable(places.paths.get(row.path, row.path), row.line, row.why) for row in corpus.unreadable]
    return Check(
        tuple(sorted(places.paths.values())), len(corpus), characters, tuple(pages), tuple(unreadable), passed,
        limits, shares, appended, frozenset(failing), places,
    )  # fmt: skip


def _from_here(path: str) -> str:
    """A file as seen from the working folder, where there is a way."""
    try:
        return Path(os.path.relpath(path)).as_posix()
    except ValueError:  # another drive
        return Path(path).as_posix()


class _Places:
    """Makes pages and places from the decisions."""

    def __init__(self, corpus: Corpus, maker: EditMaker, paths: Mapping[str, str]) -> None:
        self.paths = paths
        self._corpus = corpus
        self._maker = maker
        self._number = {identity: number for number, identity in enumerate(corpus.ids)}

    def pages(self) -> Iterator[Page]:
        corpus = self._corpus
        for number in corpus.order.tolist():
            if not self._maker.touched[number]:
                continue
            edits = self._maker.edits(number)
            sums = dict.fromkeys(GROUPS, 0)
            for removal in _telling(edits):
                sums[_group(removal)] += removal.end - removal.start
            origin = corpus.origins[number]
            yield Page(
                number, self.paths[origin.path], origin.line, corpus.ids[number], int(corpus.characters[number]),
                sums["boilerplate"], sums["duplicates"], len(edits.moves),
            )  # fmt: skip

    def of(self, page: Page) -> list[Place]:
        text = self._corpus.text(page.number)
        edits = self._maker.edits(page.number)
        found = [self._place(page, text, move.start, move.end, move.rule, "boilerplate", "") for move in edits.moves]
        for run in _runs(text, _telling(edits)):
            first = run[0]
            twin = self._twin(first.canonical) if first.canonical else ""
            found.append(self._place(page, text, first.start, run[-1].end, first.rule or first.reason, _group(first), twin))
        return sorted(found, key=lambda place: (place.start, -place.end))

    def _place(self, page: Page, text: str, start: int, end: int, rule: str, group: Group, twin: str) -> Place:
        end = start + max(len(text[start:end].rstrip()), 1)
        if page.line:
            spot = (page.line, 0, page.line, 0)
        else:
            spot = (line_of(text, start), start - text.rfind("\n", 0, start), line_of(text, end - 1), end - text.rfind("\n", 0, end))
        return Place(page.file, *spot, start, end, rule, group, text[start:end], twin)

    def _twin(self, canonical: Location) -> str:
        number = self._number[canonical.document]
        origin = self._corpus.origins[number]
        return f"{self.paths[origin.path]}:{origin.line or line_of(self._corpus.text(number), canonical.start)}"


def _telling(edits: Edits) -> list[Removal]:
    """Removals but those of white space left over; where a document holds nothing else, these."""
    found = [removal for removal in edits.removals if removal.reason != "whitespace"]
    return found or ([] if edits.moves else list(edits.removals))


def _group(removal: Removal) -> Group:
    return "duplicates" if removal.reason in ("duplicate", "remnant") else "boilerplate"


def _runs(text: str, removals: Sequence[Removal]) -> list[list[Removal]]:
    """Neighbours that go for one reason, together; a duplicate stands alone, since it has a twin of its own."""
    runs: list[list[Removal]] = []
    for removal in removals:
        last = runs[-1][-1] if runs else None
        if (
            last is not None
            and removal.canonical is None
            and (last.reason, last.rule) == (removal.reason, removal.rule)
            and not text[last.end : removal.start].strip()
        ):
            runs[-1].append(removal)
        else:
            runs.append([removal])
    return runs
