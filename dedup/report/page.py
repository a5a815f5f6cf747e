"""`report.html`: one file that asks nobody for anything, made from an output folder."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dedup.errors import UsageError
from dedup.report import details, overview
from dedup.report.facts import Facts, Listed, gather
from dedup.report.markup import Html, fill, join
from dedup.report.whys import whys_of

if TYPE_CHECKING:
    from collections.abc import Sequence

REPORT: Final = "report.html"
HERE: Final = Path(__file__).parent


def write_report(folder: Path, target: Path | None = None, threads: int = 1, listed: Listed | None = None) -> Path:
    """Write the page of an output folder; into it, if no other file is named. The file is complete or as it was. `listed`: what is
    known of its rows.

    Raises InputError where the folder is none of ours, UsageError where the file cannot be written.
    """
    page = render(gather(folder, threads, listed))
    target = target or folder / REPORT
    partial = target.with_name(f".{target.name}.partial")
    try:
        partial.write_bytes(page.encode("utf-8"))
        partial.replace(target)
    except OSError as error:
        raise UsageError(f"{target}: cannot write there: {error.strerror}") from error
    finally:
        partial.unlink(missing_ok=True)
    return target


def render(facts: Facts) -> Html:
    """The whole page."""
    whys, notes = whys_of(facts.manifest)
    parts = {name: Html((HERE / f"page.{name}").read_text(encoding="utf-8")) for name in ("html", "css", "js")}
    sections = [
        section("rules", "Rules", "What was taken by a rule, and why; between lines that stayed.", details.rules(facts, whys)),
        section("sources", "Sources", "", overview.sources(facts)),
        section("duplicates", "Duplicates", "Paragraphs whose content stands in one that stays.", details.similarity(facts)),
        section("clusters", "Clusters", _LEGEND, details.clusters(facts)),
        section("nearest", "Threshold", "The pairs nearest to it: they only just went.", details.nearest(facts)),
        section("flagged", "Flagged", "Documents that lost most of their text as furniture, not as duplicates.", details.flagged(facts)),
        section("gone", "Gone", "Documents of which nothing stays, by id.", details.gone(facts)),
        section("unreadable", "Unreadable", "Inputs that were left out.", details.unreadable(facts)),
        section("run", "Run", "", overview.the_run(facts)),
    ]
    return fill(
        parts["html"], policy=policy(parts["css"], parts["js"]), css=parts["css"], js=parts["js"], version=facts.manifest["dedup"],
        headline=overview.headline(facts), characters=overview.characters(facts), documents=overview.documents(facts),
        warnings=overview.warnings(facts, notes), links=links(sections), sections=join(body for _, _, body in sections),
    )  # fmt: skip


_LEGEND: Final = Html(
    "The biggest: one paragraph that stays, and those least like it that went for it. Words that only one of two has are marked: "
    "<del>those that went</del>, <ins>those that only the kept one has</ins>."
)


def section(anchor: str, title: str, lead: str, body: Html) -> tuple[str, str, Html]:
    """A part of the page, with its anchor and title for the way to it."""
    words = fill('<p class="lead">$lead</p>', lead=lead) if lead else Html("")
    made = fill(
        '<section id="$anchor" aria-labelledby="h-$anchor"><h2 id="h-$anchor">$title</h2>$lead$body</section>',
        anchor=anchor, title=title, lead=words, body=body,
    )  # fmt: skip
    return anchor, title, made


def links(sections: Sequence[tuple[str, str, Html]]) -> Html:
    """The way to each part."""
    return join(fill('<li><a href="#$anchor">$title</a></li>', anchor=anchor, title=title) for anchor, title, _ in sections)


def policy(css: str, script: str) -> str:
    """Nothing may be loaded, and no style or script runs but these two, by their hashes."""
    return (
        f"default-src 'none'; style-src 'sha256-{_digest(css)}'; script-src 'sha256-{_digest(script)}'; base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
