"""What the early stages would say about what the late ones left: the outcome looked at as if it were the input."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from dedup.boilerplate import density, repeats, teasers, titles
from dedup.boilerplate.page import Page
from dedup.boilerplate.scan import candidates
from dedup.boilerplate.shape import are_short, lengths
from dedup.boilerplate.strip import strip_page
from dedup.resting import let_go
from dedup.text.groups import ascending, places_in
from dedup.text.lines import FINAL, stretches, take_lines
from dedup.threads import in_threads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from dedup.boilerplate.packs import RuleSet
    from dedup.config import Config
    from dedup.corpus import Corpus
    from dedup.search import Search
    from dedup.stages import Outcome
    from dedup.units import Units

AT_ONCE: Final = 1 << 20  # lines of sources that are looked at for repetition at a time, by all threads


def stripped_late(
    corpus: Corpus, rules: RuleSet, units: Units, settled: NDArray[np.uint8], reason: NDArray[np.uint8], config: Config
) -> dict[int, str]:
    """Lines that stay, but that rules and structure would take from their document as it is left, with the rule.

    Only documents that lost lines since stripping (`reason` beyond `settled`) are looked at.
    """
    changed = _that_lost_lines(units, settled, reason)
    left = np.flatnonzero((reason == 0) & changed[units.of_line])
    found: dict[int, str] = {}
    for some in stretches(units.of_line[left]):
        rows = left[some]
        alive = take_lines(corpus.lines, rows, units.of_line[rows])
        asked = np.flatnonzero(candidates(alive, len(units)))
        documents = units.document[asked].tolist()
        for unit, document, page in zip(asked.tolist(), documents, corpus.pages(documents), strict=True):
            mine = rows[slice(*places_in(alive.document, (unit, unit + 1)))].tolist()
            lines = tuple(page.lines[row - int(corpus.first_line[document])] for row in mine)
            gone = strip_page(Page(lines, page.source), rules, appended=config.appended, structure=config.structure).gone
            found |= {mine[number]: rule for number, rule in gone.items()}
        let_go()
    return found


def _that_lost_lines(units: Units, settled: NDArray[np.uint8], reason: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Output documents of which more lines go by `reason` than went by stripping, `settled`."""
    changed = np.zeros(len(units), np.bool_)
    changed[units.of_line[(reason != settled) & (reason > 0)]] = True
    return changed


def named_titles(units: Units, stripped: Outcome) -> NDArray[np.int64]:
    """Titles for which another line went as their repeat: their rows. They stand far before the article at times."""
    rules = [number for number, rule in enumerate(stripped.rules) if rule in (titles.REPEATED, titles.BROKEN, titles.TAIL)]
    standing = np.flatnonzero(stripped.rule == 0)
    opens = np.flatnonzero(np.diff(units.of_line[standing], prepend=-1))
    repeated = np.zeros(len(units), np.bool_)
    repeated[units.of_line[np.isin(stripped.rule, rules)]] = True
    return standing[opens[repeated[units.of_line[standing[opens]]]]]


def flattened_late(corpus: Corpus, units: Units, settled: NDArray[np.uint8], reason: NDArray[np.uint8]) -> dict[int, str]:
    """Lines that stay, but that would go as menus of a flattened page: one that lost prose to duplicates can look like one now.

    Only sources are looked at of which a document lost lines since stripping and is left with as many short ones as that takes.
    """
    short = np.zeros(len(units), np.int64)
    for some in stretches(corpus.lines.document):
        rows = some.start + np.flatnonzero(reason[some] == 0)
        menu = are_short(lengths(corpus.lines, rows), (corpus.lines.flags[rows] & FINAL) != 0)
        short += np.bincount(units.of_line[rows[menu]], minlength=len(units))
    changed = _that_lost_lines(units, settled, reason)
    asked = np.zeros(int(units.source.max(initial=-1)) + 1, np.bool_)
    asked[units.source[(short >= density.REPEATED[0]) & changed]] = True
    rows = np.flatnonzero((reason == 0) & asked[units.source][units.of_line])
    if not len(rows):
        return {}
    alive = take_lines(corpus.lines, rows, corpus.lines.document[rows].astype(np.int64))
    found = density.find_flattened_sites(
        alive, np.arange(len(rows)), units.of_line[rows], units.source, lambda some: corpus.bytes_of(rows[some])
    )
    return dict.fromkeys(rows[found].tolist(), density.RULE)


def find_repeated(
    corpus: Corpus, units: Units, reason: NDArray[np.uint8], cluster: NDArray[np.int64], config: Config, threads: int
) -> dict[str, NDArray[np.int64]]:
    """Rows that go for their repetition over the corpus, by rule: furniture, then teasers in what it leaves.

    `cluster`: units that count once together. Both are habits of a source, so some sources are looked at at a time.
    """

    def work(sources: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        rows = np.flatnonzero((reason == 0) & sources[units.source][units.of_line])
        furniture = repeats.find_repeats(corpus.lines, rows, units.of_line[rows], units.source, cluster, config.repeats_min)
        if len(furniture):
            goes = np.zeros(len(corpus.lines), np.bool_)
            goes[furniture] = True
            rows = rows[~goes[rows]]
        return furniture, teasers.find_teasers(corpus.lines, rows, units.of_line[rows], units.source, cluster)

    found = zip((repeats.RULE, teasers.RULE), zip(*in_threads(work, _some_sources(units, threads), threads), strict=True), strict=False)
    every = {rule: np.concatenate(parts) for rule, parts in found}
    return {rule: rows for rule, rows in every.items() if len(rows)}


def _some_sources(units: Units, threads: int) -> Iterator[NDArray[np.bool_]]:
    """Which of the sources, of about so many lines in all each time."""
    lines = np.bincount(units.source, np.bincount(units.of_line, minlength=len(units))).astype(np.int64)
    at_once = min(AT_ONCE // threads, -(-int(lines.sum()) // threads))
    batch = np.cumsum(lines) // max(at_once, 1)
    for number in ascending(batch).tolist():
        yield batch == number


def titles_left_alone(units: Units, reason: NDArray[np.uint8], search: Search, exempt: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Exempt titles that stay, with nothing of their document behind them: now they are its text. Their lines."""
    titles = search.paragraphs.first[exempt]
    titles = titles[reason[titles] == 0]
    rows = np.flatnonzero(reason == 0)
    behind = np.searchsorted(rows, titles, side="right")
    following = rows[np.minimum(behind, len(rows) - 1)]
    alone: NDArray[np.int64] = titles[(behind == len(rows)) | (units.of_line[following] != units.of_line[titles])]
    return alone
