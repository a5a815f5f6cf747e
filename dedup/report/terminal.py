"""The terminal's view of runs and rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.report.words import counted

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
STATUS = {"duplicate": ("duplicate",), "remnant": ("remnant of duplicates", "remnants of duplicates"), "empty": ("empty", "empty")}
TOP_RULES = 6


def summary_lines(summary: Summary, out: Path | None, seconds: float, megabytes: float, *, changed: bool) -> Iterator[str]:
    """What a run did, at a glance. `out`: its folder, None where the corpus went to stdout."""
    kept = summary.characters_out / max(summary.characters_in, 1)
    read = f"{counted(summary.documents_in, 'document')} read"
    yield f"{read}, {summary.documents_out:,} kept ({kept:.1%} of {summary.characters_in:,} characters)"
    gone = {status: count for status, count in summary.status.items() if status != "kept"}
    if gone:
        yield "  gone entirely: " + ", ".join(counted(count, *STATUS[status]) for status, count in gone.items())
    if summary.appended:
        yield f"  moved into documents of their own: {counted(summary.appended, 'article')}"
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
    rate = megabytes / max(seconds, 1e-9)
    yield f"{files}; {seconds:.1f} s, {rate:.{0 if rate >= 10 else 1}f} MB/s"


def _warnings(summary: Summary, listed: str) -> Iterator[str]:
    if summary.unreadable:
        yield f"! {counted(summary.unreadable, 'input')} could not be read: see {listed}"
    if summary.flagged:
        yield f'! {counted(summary.flagged, "document")} lost most of their text as boilerplate: look for "flagged":true in documents.jsonl'
    if summary.renamed_ids:
        yield f"! {counted(summary.renamed_ids, 'document')} with an id that was taken: now <id>~2, ..."
    if summary.passed_files:
        yield f"! passed over: {counted(summary.passed_files, 'file')} of other kinds"
    if summary.large_groups:
        yield f"! compared through representatives: {counted(summary.large_groups, 'group')} of look-alike paragraphs"
    if summary.unsettled:
        yield f"! may change when cleaned again: {counted(summary.unsettled, 'page')} looking hard-wrapped only while not taken for that"


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
