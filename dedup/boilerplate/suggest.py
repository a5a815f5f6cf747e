"""Rules that a corpus seems to want: repeated short lines that no rule takes, as a pack ready to be looked at."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from dedup.boilerplate.page import is_title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from dedup.boilerplate.page import Line, Page
    from dedup.corpus import Corpus
    from dedup.units import Units

WORDS: Final = 14  # longer lines are sentences; the repeats stage and the duplicates stage deal with them
DOCUMENTS: Final = 3  # fewer say nothing
EXAMPLES: Final = 3
LIST_LINES: Final = 2  # headline-shaped lines under a line that make it a marker
LISTED: Final = 0.5  # of its places, for a line to be taken for the heading of a list


class Suggestion(NamedTuple):
    """A line that may be furniture: its text, site, in how many documents, how many of its places are at an edge, and the share
    of places with a list below; `contexts`: the line before, the line, the line after.
    """

    text: str
    source: str
    documents: int
    edge: float
    listed: float
    contexts: tuple[tuple[str, str, str], ...]
    prose: str


def suggest(corpus: Corpus, units: Units, reason: NDArray[np.uint8], limit: int) -> list[Suggestion]:
    """The lines that stay and stand in most documents of a site, best first."""
    rows = np.flatnonzero((reason == 0) & (corpus.lines.words > 0) & (corpus.lines.words <= WORDS))
    source = units.source[units.of_line[rows]]
    keys = corpus.lines.first[rows] ^ (source.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15))
    order = np.argsort(keys, kind="stable")
    borders = np.r_[0, np.flatnonzero(np.diff(keys[order]) != 0) + 1, len(order)] if len(order) else np.zeros(1, np.int64)
    groups = [(begin, stop) for begin, stop in zip(borders[:-1].tolist(), borders[1:].tolist(), strict=True) if stop - begin >= DOCUMENTS]
    found = [
        _suggestion(corpus, rows[order[begin:stop]]) for begin, stop in sorted(groups, key=lambda span: span[0] - span[1])[: 4 * limit]
    ]
    kept = [each for each in found if each.documents >= DOCUMENTS and (each.edge >= LISTED or each.listed >= LISTED)]
    return sorted(kept, key=lambda each: (-each.documents, each.text))[:limit]


def _suggestion(corpus: Corpus, rows: NDArray[np.int64]) -> Suggestion:
    holders = np.unique(corpus.lines.document[rows])
    sample = rows[:: max(1, len(rows) // 12)][:12]
    edges, lists = 0, 0
    contexts: list[tuple[str, str, str]] = []
    prose = ""
    for row in sample.tolist():
        document = int(corpus.lines.document[row])
        page, number = corpus.page(document), row - int(corpus.first_line[document])
        edges += number < 2 or number >= len(page.lines) - 4
        lists += _heads_list(page, number)
        contexts.append((_near(page, number - 1), page.lines[number].text.strip(), _near(page, number + 1)))
        prose = prose or next((line.text.strip() for line in page.lines if line.prose), "")
    document = int(corpus.lines.document[rows[0]])
    share = 1 / len(sample)
    return Suggestion(
        contexts[0][1], corpus.sources[document], len(holders), edges * share, lists * share, tuple(contexts[:EXAMPLES]), prose
    )


def _heads_list(page: Page, number: int) -> bool:
    below: tuple[Line, ...] = page.lines[number + 1 : number + 1 + LIST_LINES]
    return len(below) == LIST_LINES and all(line.bullet or (is_title(line) and not line.prose) for line in below)


def _near(page: Page, number: int) -> str:
    return page.lines[number].text.strip()[:80] if 0 <= number < len(page.lines) else ""


def as_pack(suggestions: list[Suggestion]) -> Iterator[str]:
    """The suggestions as TOML: a pack to be read, cut down and saved."""
    yield "# Lines that no rule takes and that stand in several documents of a site. Read each before you keep it:"
    yield "# delete what is article text, then use the file with --pack. `dedup rules test --pack FILE` runs its examples."
    yield 'language = "any"'
    for number, each in enumerate(suggestions, 1):
        scope = "block" if each.listed >= LISTED else "line"
        yield ""
        yield f"# in {each.documents} documents; of the places looked at {each.edge:.0%} are at an edge, {each.listed:.0%} head a list"
        for before, text, after in each.contexts:
            yield "#   " + " | ".join(part.replace("\n", " ") for part in (before or "(top)", text, after or "(end)"))
        yield "[[rule]]"
        yield f'id = "site/{number:02}"'
        yield 'category = "site_chrome"'
        yield f"why = {_toml(f'stands in {each.documents} documents of {each.source}')}"
        yield f"phrases = [{_toml(each.text)}]"
        yield 'anchors = ["line"]'
        yield f'scope = "{scope}"'
        yield f"sites = [{_toml(each.source)}]"
        yield f"remove = [{_toml(each.text)}]"
        yield f"keep = [{_toml(each.prose or 'A sentence of an article stays.')}]"


def _toml(text: str) -> str:
    """A TOML basic string: JSON's escapes are among its own."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
