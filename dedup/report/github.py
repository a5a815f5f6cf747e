"""What `dedup check` found as workflow commands, which GitHub shows beside the lines of a change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dedup.report.check_text import FIRST_PLACES, snippet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.check import Check, Page
    from dedup.report.sentences import Whys

ANNOTATIONS: Final = 10  # GitHub keeps as many of a level for a step and drops what comes after them


def github_lines(check: Check, whys: Whys, worst: int) -> Iterator[str]:
    """One annotation a document, the worst first; at most ten, and a notice that says how many there are in all."""
    shown = check.pages[: min(worst or ANNOTATIONS, ANNOTATIONS)]
    for page in shown:
        yield _annotation(check, page, whys)
    for row in check.unreadable[:ANNOTATIONS]:
        yield command("warning", {"file": row.path, "line": str(row.line or 1), "title": "dedup: could not be read"}, row.why)
    counts = f"{len(check.pages):,} of {check.documents:,} documents would change, {len(shown):,} shown here"
    if check.unreadable:
        counts += f"; {len(check.unreadable):,} inputs could not be read, {min(len(check.unreadable), ANNOTATIONS):,} shown here"
    yield command("notice", {"title": "dedup check"}, counts)


def _annotation(check: Check, page: Page, whys: Whys) -> str:
    places = check.places(page)
    first = next((place for place in places if place.group in check.failing), places[0])
    said = [f"{place.line}: {whys[place.rule]}{f', stands in {place.twin}' if place.twin else ''}\n{snippet(place)}" for place in places]
    if len(said) > FIRST_PLACES:
        said[FIRST_PLACES:] = [f"and {len(said) - FIRST_PLACES:,} more places"]
    where = {"file": page.file, "line": str(first.line), "endLine": str(first.end_line), "title": f"dedup: {first.rule}"}
    return command("error" if check.fails(page) else "warning", where, "\n".join(said))


def command(level: str, properties: dict[str, str], message: str) -> str:
    """A workflow command, escaped."""
    listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{level} {listed}::{_data(message)}"


def _data(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")
