"""The command `dedup diff`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from dedup.cli.common import left_out, load, output_terminal, reported, say, show
from dedup.cli.options import (
    Appended,
    Bands,
    Category,
    CharacterThreshold,
    ConfigFile,
    DateKey,
    Disable,
    Exact,
    Extractor,
    IdKey,
    Memory,
    MinWords,
    NumPerm,
    Pack,
    Paragraphs,
    Prefer,
    Recall,
    Repeats,
    Rows,
    Seed,
    ShowConfig,
    SourceKey,
    Sources,
    Stages,
    TextKey,
    Threads,
    Threshold,
)
from dedup.cli.root import app
from dedup.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from dedup.config import Config
    from dedup.diff import Change, Choice, Differences

OWN = ("src", "context", "reason", "rule", "limit", "format", "config")  # arguments that are no key of a configuration
Reason = Annotated[Optional[list[str]], typer.Option(metavar="REASON", help="Only these: boilerplate, duplicate, ... (again).")]
RuleOption = Annotated[Optional[list[str]], typer.Option(metavar="RULE", help="Only by this rule, or prefix ending in / (again).")]


@app.command()
@reported
def diff(
    src: Sources,
    context: Annotated[int, typer.Option("--context", "-C", min=0, metavar="N", help="Lines that stay, shown on each side.")] = 1,
    reason: Reason = None, rule: RuleOption = None,
    limit: Annotated[int, typer.Option(min=0, metavar="N", help="Documents shown; 0 for all.")] = 0,
    format: Annotated[str, typer.Option(metavar="FORM", help="text, or unified for patch and the like.")] = "text",  # noqa: A002
    text_key: TextKey = None, id_key: IdKey = None, source_key: SourceKey = None,
    date_key: DateKey = None, extractor: Extractor = None,
    paragraphs: Paragraphs = None, appended: Appended = None, pack: Pack = None, disable: Disable = None, repeats: Repeats = None,
    stages: Stages = None, category: Category = None, threshold: Threshold = None, character_threshold: CharacterThreshold = None,
    min_words: MinWords = None, recall: Recall = None, num_perm: NumPerm = None, bands: Bands = None, rows: Rows = None, seed: Seed = None,
    exact: Exact = None, prefer: Prefer = None, memory: Memory = None, threads: Threads = None,
    config: ConfigFile = None, show_config: ShowConfig = False,
) -> None:  # fmt: skip
    """What would go and why, document by document, as a diff; nothing is written."""
    flags = {name: value for name, value in locals().items() if name not in OWN}
    settings = load(config, flags)
    from dedup.diff import differences

    if format not in ("text", "unified"):
        raise UsageError(f"--format: text or unified, not {format!r}")
    with differences(src, settings, _choice(reason or [], rule or [], unified=format == "unified")) as found:
        total = _print(found, _printer(found, settings, context, unified=format == "unified"), limit)
        shown = f"; shown: the first {limit:,} (--limit)" if 0 < limit < total else ""
        say(f"{total:,} of {found.documents:,} documents would change{shown}")
        left_out(found.unreadable)


def _choice(reasons: list[str], rules: list[str], *, unified: bool) -> Choice:
    """White space is part of a patch; to a reader it says nothing, unless asked for."""
    from dedup.diff import REASONS, Choice

    if not reasons and not unified:
        reasons = [reason for reason in REASONS if reason != "whitespace"]
    return Choice(tuple(reasons), tuple(rules))


def _print(found: Differences, show_one: Callable[[Change], None], limit: int) -> int:
    """Show as many changes as are asked for; how many there are."""
    total = 0
    for change in found:
        total += 1
        if not limit or total <= limit:
            show_one(change)
    sys.stdout.flush()  # before anything is said of it
    return total


def _printer(found: Differences, config: Config, context: int, *, unified: bool) -> Callable[[Change], None]:
    from dedup.pipeline import rules_of
    from dedup.report.changes import change_lines
    from dedup.report.sentences import WITNESSES
    from dedup.report.unified import unified as as_unified
    from dedup.text.cells import shown

    if not unified:
        terminal = output_terminal()
        whys = WITNESSES | {rule.id: rule.why for rule in rules_of(config).rules}
        return lambda change: show(change_lines(change, found.text_of, whys, context, terminal))
    if sys.stdout.isatty():  # for the eye: what would act on the terminal is written out
        return lambda change: show(shown(line.rstrip("\n")) for line in as_unified(change, context))
    return lambda change: sys.stdout.buffer.writelines(line.encode("utf-8") for line in as_unified(change, context))
