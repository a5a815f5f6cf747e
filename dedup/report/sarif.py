"""What `dedup check` found as SARIF 2.1.0, for code scanning and editors."""

from __future__ import annotations

import json
import os
from itertools import islice
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import xxhash

from dedup.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.check import Check, Page, Place
    from dedup.model import Unreadable
    from dedup.report.sentences import Whys

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
RESULTS: Final = 25_000  # of a run; GitHub refuses files with more
ROOT: Final = "%SRCROOT%"


def sarif_lines(check: Check, whys: Whys) -> Iterator[str]:
    """The log, as one object. Results of the worst documents first; beyond 25,000 they are counted in a notification."""
    places = ((page, place) for page in check.pages for place in check.places(page))
    shown = list(islice(places, RESULTS))
    more = sum(1 for _ in places)
    rules = sorted({place.rule for _, place in shown})
    index = {rule: number for number, rule in enumerate(rules)}
    seen: dict[str, int] = {}
    run = {
        "tool": {"driver": {"name": "dedup", "version": __version__, "rules": [_rule(rule, whys) for rule in rules]}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(check, page, place, whys, index, seen) for page, place in shown],
        "invocations": [_invocation(check, more)],
        "properties": {"documents": check.documents, "shares": dict(check.shares)},
    }
    yield json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1)


def _rule(rule: str, whys: Whys) -> dict[str, Any]:
    sentence = whys[rule]
    return {
        "id": rule,
        "shortDescription": {"text": sentence},
        "fullDescription": {"text": sentence},
        "help": {"text": f"{sentence}. `dedup clean` would change this; a rule of the packs is shown by `dedup rules show {rule}`."},
        "properties": {"tags": [rule.partition("/")[0]]},
    }


def _result(check: Check, page: Page, place: Place, whys: Whys, index: dict[str, int], seen: dict[str, int]) -> dict[str, Any]:
    twin = f" It stands in {place.twin} too." if place.twin else ""
    mark = xxhash.xxh3_64_hexdigest(f"{page.id}\n{place.rule}\n{place.text}".encode("utf-8", "surrogatepass"))
    seen[mark] = seen.get(mark, 0) + 1  # the same text by the same rule again on a page is a result of its own
    return {
        "ruleId": place.rule,
        "ruleIndex": index[place.rule],
        "level": "error" if place.group in check.failing else "note",
        "message": {"text": f"{whys[place.rule]}.{twin}"},
        "locations": [_location(page, place)],
        "partialFingerprints": {"dedupText/v1": f"{mark}:{seen[mark]}"},
    }


def _location(page: Page, place: Place) -> dict[str, Any]:
    """In a text file the lines and code points; in a JSONL file the line of the record, whose text is no stretch of the file."""
    region: dict[str, Any] = {"startLine": place.line, "endLine": place.end_line, "snippet": {"text": place.text}}
    if not page.line:
        region |= {"startColumn": place.column, "endColumn": place.end_column}
        region |= {"charOffset": place.start, "charLength": place.end - place.start}
    return {
        "physicalLocation": {"artifactLocation": _artifact(place.file), "region": region},
        "logicalLocations": [{"fullyQualifiedName": page.id, "kind": "document"}],
    }


def _artifact(file: str) -> dict[str, str]:
    """A path as a relative URI reference: its bytes, percent-encoded."""
    return {"uri": quote(os.fsencode(file), safe="/"), "uriBaseId": ROOT}


def _invocation(check: Check, more: int) -> dict[str, Any]:
    notes = [_unreadable(row) for row in check.unreadable]
    if more:
        notes.append({"level": "warning", "message": {"text": f"{more} further places are left out: at most {RESULTS} are listed"}})
    return {"executionSuccessful": True, "toolExecutionNotifications": notes}


def _unreadable(row: Unreadable) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": _artifact(row.path)}
    if row.line:
        location["region"] = {"startLine": row.line}
    return {"level": "error", "message": {"text": f"could not be read: {row.why}"}, "locations": [{"physicalLocation": location}]}
