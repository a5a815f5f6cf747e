"""The terminal's view of runs and rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from dedup.boilerplate.packs import Rule
    from dedup.summary import Summary

REASONS = {
    "boilerplate": "boilerplate",
    "repeated": "repeated furniture",
    "duplicate": "duplicate paragraphs",
    "remnant": "remnants",
    "whitespace": "white space left over",
}
TOP_RULES = 6


def summary_lines(summary: Summary, out: Path | None, seconds: float, megabytes: float, *, changed: bool) -> Iterator[str]:
    """What a run did, at a glance. `out`: its folder, None where the corpus went to stdout."""
    kept = summary.characters_out / max(summary.characters_in, 1)
    yield f"{summary.documents_in:,} documents read, {summary.documents_out:,} kept ({kept:.1%} of {summary.characters_in:,} characters)"
    gone = {status: count for status, count in summary.status.items() if status != "kept"}
    if gone:
        yield "  " + ", ".join(f"{count:,} {_status(status)}" for status, count in gone.items())
    if summary.appended:
        yield f"  {summary.appended:,} articles that stood on another's page are documents of their own"
    yield "removed"
    for reason, words in REASONS.items():
        if summary.removed.get(reason) and reason != "whitespace":
            share = summary.removed_characters[reason] / max(summary.characters_in, 1)
            yield f"  {summary.removed[reason]:>9,}  {words} ({share:.1%} of the text)"
    if summary.rules:
        top = list(summary.rules.items())[:TOP_RULES]
        more = len(summary.rules) - len(top)
        yield "most used rules: " + ", ".join(f"{rule} {count:,}" for rule, count in top) + (f", and {more} more" if more > 0 else "")
    yield from _warnings(summary, "unreadable.jsonl" if out else "below")
    state = "" if changed else " (as it was: nothing changed)"
    files = f"{out}{state}: corpus, ledger.jsonl, documents.jsonl, manifest.json" if out else "the corpus went to stdout"
    yield f"{files}; {seconds:.1f} s, {megabytes / max(seconds, 1e-9):.0f} MB/s"


def _status(status: str) -> str:
    return {"duplicate": "all duplicates", "remnant": "remnants of duplicates", "empty": "empty"}[status]


def _warnings(summary: Summary, listed: str) -> Iterator[str]:
    if summary.unreadable:
        yield f"! {summary.unreadable:,} inputs could not be read: see {listed}"
    if summary.flagged:
        yield f'! {summary.flagged:,} documents lost most of their text as boilerplate: look for "flagged":true in documents.jsonl'
    if summary.renamed_ids:
        yield f"! {summary.renamed_ids:,} documents had an id that was taken: they are <id>~2, ..."
    if summary.passed_files:
        yield f"! {summary.passed_files:,} files of other kinds were passed over"
    if summary.large_groups:
        yield f"! {summary.large_groups:,} groups of look-alike paragraphs were compared through representatives"


def rule_table(rules: Iterable[Rule]) -> Iterator[str]:
    """One line a rule."""
    for rule in sorted(rules, key=lambda rule: rule.id):
        yield f"{rule.id:32} {rule.category:18} {'+'.join(rule.anchors):16} {rule.scope:9} {rule.why}"


def rule_card(rule: Rule) -> Iterator[str]:
    """All of one rule."""
    yield f"{rule.id}  ({rule.pack})"
    yield f"why: {rule.why}"
    yield f"category: {rule.category}; anchors: {', '.join(rule.anchors)}; scope: {rule.scope}; position: {rule.position}"
    for title, values in (("phrases", [" ".join(words) for words in rule.phrases]), ("removes", rule.remove), ("keeps", rule.keep)):
        if values:
            yield f"{title}:"
            for value in values:
                yield "  " + value.strip().replace("\n", "\n  ")
