"""What `dedup check` found, for people and as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from dedup.check import GROUPS
from dedup.report.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.check import Check, Page, Place
    from dedup.report.sentences import Whys

FIRST_PLACES: Final = 3  # of a page: enough to know what it is about
SNIPPET: Final = 72  # characters of a line of text: with what stands before it, a line of a terminal


def verdict_lines(check: Check) -> Iterator[str]:
    """The figures, and what they mean."""
    read = f"{counted(check.documents, 'document')} in {counted(len(check.files), 'file')}"
    yield f"{read}, {check.characters:,} characters; {len(check.pages):,} would change"
    for group in GROUPS:
        over = "over" if group in check.failing else "within"
        yield f"  {group:12} {check.shares[group]:7.2%}  {over} the limit of {check.limits[group]:.2%}"
    if check.appended:
        yield f"  on another's page: {counted(check.appended, 'article')}"
    if check.unreadable:
        first = check.unreadable[0]
        where = f"{first.path}:{first.line}" if first.line else first.path
        yield f"! {counted(len(check.unreadable), 'input')} could not be read, e.g. {where}: {first.why}"
    if check.passed_files:
        yield f"! passed over: {counted(check.passed_files, 'file')} of other kinds"


def text_lines(check: Check, whys: Whys, worst: int) -> Iterator[str]:
    """The verdict, and the worst documents with the first places in each; why a rule holds, where it is first met."""
    yield from verdict_lines(check)
    told: set[str] = set()
    shown = check.pages[: worst or None]
    if len(shown) < len(check.pages):
        yield f"the worst {len(shown):,} of them:"
    for page in shown:
        yield ""
        yield f"{name(page)}: {_figures(page)}"
        places = check.places(page)
        for place in places[:FIRST_PLACES]:
            yield f"  {place.file}:{place.line}: {place.rule}"
            if place.rule not in told:
                told.add(place.rule)
                yield f"    ({whys[place.rule]})"
            yield f"    {snippet(place)}"
            if place.twin:
                yield f"    stands in {place.twin}"
        if len(places) > FIRST_PLACES:
            yield f"  and {len(places) - FIRST_PLACES:,} more places"


def json_lines(check: Check, whys: Whys, worst: int) -> Iterator[str]:
    """One object: figures, limits, the worst documents with all their places, and what could not be read."""
    shown = [(page, check.places(page)) for page in check.pages[: worst or None]]
    yield json.dumps(
        {
            "clean": not check.failing,
            "documents": check.documents, "files": len(check.files), "characters": check.characters,
            "shares": {group: round(check.shares[group], 6) for group in GROUPS}, "limits": dict(check.limits),
            "over": sorted(check.failing), "appended": check.appended, "would_change": len(check.pages),
            "worst": [_page(page, places) for page, places in shown],
            "rules": {rule: whys[rule] for rule in sorted({place.rule for _, places in shown for place in places})},
            "unreadable": [{"path": row.path, "line": row.line, "why": row.why} for row in check.unreadable],
            "passed_files": check.passed_files,
        },
        ensure_ascii=False, indent=1,
    )  # fmt: skip


def name(page: Page) -> str:
    """A document as a place: its file, and the line of its record."""
    return f"{page.file}:{page.line}" if page.line else page.file


def snippet(place: Place) -> str:
    """The first line of what would go, not too long."""
    line = place.text.strip().partition("\n")[0].rstrip()
    return line if len(line) <= SNIPPET else line[: SNIPPET - 1] + "…"


def _figures(page: Page) -> str:
    parts = [f"{group} {count / max(page.characters, 1):.1%}" for group, count in zip(GROUPS, page[5:7], strict=True) if count]
    if page.appended:
        parts.append(f"{page.appended} appended article{'s' if page.appended > 1 else ''}")
    return ", ".join(parts)


def _page(page: Page, places: list[Place]) -> dict[str, Any]:
    row = page._asdict()
    del row["number"]
    return row | {"share": round(page.share, 6), "places": [place._asdict() for place in places]}
