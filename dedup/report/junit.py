"""What `dedup check` found as JUnit XML: a test case a file, as continuous integration servers read it."""

from __future__ import annotations

import posixpath
from itertools import chain, islice
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr

import regex

from dedup.report.check_text import name, snippet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dedup.check import Check, Page
    from dedup.model import Unreadable
    from dedup.report.sentences import Whys

PLACES: Final = 50  # named for one file: more is no message any longer, and they are counted
FORBIDDEN: Final = regex.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")  # by XML 1.0, also when escaped


def junit_lines(check: Check, whys: Whys) -> Iterator[str]:
    """The document; test cases in order of file."""
    pages: dict[str, list[Page]] = {}
    for page in check.pages:
        pages.setdefault(page.file, []).append(page)
    unreadable: dict[str, list[Unreadable]] = {}
    for row in check.unreadable:
        unreadable.setdefault(row.path, []).append(row)
    files = sorted({*check.files, *unreadable})
    failures = sum(any(check.fails(page) for page in pages.get(file, ())) for file in files)
    counts = f'tests="{len(files)}" failures="{failures}" errors="{len(unreadable)}"'
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<testsuites name="dedup check" {counts} time="0">'
    yield f'<testsuite name="dedup check" {counts} skipped="0" time="0">'
    for file in files:
        yield from _case(check, file, pages.get(file, ()), unreadable.get(file, ()), whys)
    yield "</testsuite>"
    yield "</testsuites>"


def _case(check: Check, file: str, pages: Iterable[Page], unreadable: Iterable[Unreadable], whys: Whys) -> Iterator[str]:
    folder, base = posixpath.split(file)
    opening = f'<testcase classname={attribute(folder or ".")} name={attribute(base)} file={attribute(file)} time="0"'
    body = []
    errors = [f"{row.path}:{row.line}: {row.why}" if row.line else row.why for row in unreadable]
    if errors:
        body.append(_element("error", "could not be read", errors))
    pages = list(pages)
    failing = [page for page in pages if check.fails(page)]
    if failing:
        body.append(_element("failure", f"would change: {_figures(pages)}", list(_said(check, pages, whys))))
    elif pages:
        said = [f"within the limits: {_figures(pages)}", *_said(check, pages, whys)]
        body.append(f"<system-out>{content(chr(10).join(said))}</system-out>")
    if body:
        yield opening + ">"
        yield from body
        yield "</testcase>"
    else:
        yield opening + "/>"


def _element(tag: str, message: str, lines: list[str]) -> str:
    return f'<{tag} type="dedup" message={attribute(message)}>{content(chr(10).join(lines))}</{tag}>'


def _figures(pages: list[Page]) -> str:
    total = max(sum(page.characters for page in pages), 1)
    shares = [("boilerplate", sum(page.boilerplate for page in pages)), ("duplicates", sum(page.duplicates for page in pages))]
    parts = [f"{group} {count / total:.1%}" for group, count in shares if count]
    appended = sum(page.appended for page in pages)
    return ", ".join([*parts, *([f"{appended} appended articles"] if appended else [])])


def _said(check: Check, pages: list[Page], whys: Whys) -> Iterator[str]:
    """The first places, worst document first, and how many documents have more."""
    places = chain.from_iterable(check.places(page) for page in pages)
    for place in islice(places, PLACES):
        twin = f", stands in {place.twin}" if place.twin else ""
        yield f"{place.file}:{place.line}: {place.rule}: {whys[place.rule]}{twin}"
        yield f"  {snippet(place)}"
    more = sum(1 for _ in places)
    if more:
        yield f"and {more:,} more places, the last of them in {name(pages[-1])}"


def content(text: str) -> str:
    """Text between tags; characters that XML does not allow become U+FFFD."""
    return escape(FORBIDDEN.sub("\ufffd", text))


def attribute(text: str) -> str:
    """A quoted attribute value."""
    return quoteattr(FORBIDDEN.sub("\ufffd", text))
