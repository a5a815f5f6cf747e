"""Commands for projects that keep a corpus: check, init."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from dedup.cli.common import UNREADABLE, Bars, announce_compilation, load, reported, say, show, stop_printing
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
    MaxBoilerplate,
    MaxDuplicates,
    Memory,
    MinWords,
    NumPerm,
    Pack,
    Paragraphs,
    Prefer,
    Quiet,
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
    from collections.abc import Iterator

    from dedup.check import Check
    from dedup.config import Config

FOUND = 1  # exit code: something would change, beyond the limits
FORMATS = ("text", "json", "junit", "sarif", "github")


@app.command()
@reported
def check(
    src: Sources,
    max_boilerplate: MaxBoilerplate = None, max_duplicates: MaxDuplicates = None,
    format: Annotated[str, typer.Option(metavar="FORMAT", help="text, json, junit, sarif or github.")] = "text",  # noqa: A002
    out: Annotated[Optional[Path], typer.Option("--out", "-o", metavar="FILE", help="Write the report there, not to stdout.")] = None,
    worst: Annotated[int, typer.Option(metavar="N", min=0, help="Worst documents to name; 0: all. junit and sarif name all.")] = 10,
    text_key: TextKey = None, id_key: IdKey = None, source_key: SourceKey = None,
    date_key: DateKey = None, extractor: Extractor = None,
    paragraphs: Paragraphs = None, appended: Appended = None, pack: Pack = None, disable: Disable = None, repeats: Repeats = None,
    stages: Stages = None, category: Category = None,
    threshold: Threshold = None, character_threshold: CharacterThreshold = None, min_words: MinWords = None,
    recall: Recall = None, num_perm: NumPerm = None, bands: Bands = None, rows: Rows = None,
    seed: Seed = None, exact: Exact = None, prefer: Prefer = None,
    memory: Memory = None, threads: Threads = None, config: ConfigFile = None, show_config: ShowConfig = False, quiet: Quiet = False,
) -> None:  # fmt: skip
    """Fail if cleaning would change anything. Exit code 0: nothing, or little enough; 1: more. Only a report is written."""
    flags = {name: value for name, value in locals().items() if name not in ("src", "out", "format", "worst", "config", "quiet")}
    settings = load(config, flags)
    if format not in FORMATS:
        raise UsageError(f"--format must be one of {', '.join(FORMATS)}, not {format!r}")
    code = _check(src, settings, format, out, worst, quiet)
    if code:
        raise typer.Exit(code)


def _check(sources: list[str], config: Config, form: str, out: Path | None, worst: int, quiet: bool) -> int:
    """Look, report, and say with which exit code to leave."""
    from dedup.check import check as look
    from dedup.pipeline import Silent
    from dedup.report.check_text import verdict_lines

    if not quiet:
        announce_compilation()
    bars = Bars()
    try:
        with look(sources, config, bars if sys.stderr.isatty() and not quiet else Silent()) as found:
            bars.close()
            _put((line.encode("utf-8", "backslashreplace") + b"\n" for line in _report(found, form, worst, config)), out, found.files)
            if not quiet and (out is not None or form != "text"):
                for line in verdict_lines(found):
                    say(line)
            return FOUND if found.failing else UNREADABLE if found.unreadable else 0
    finally:
        bars.close()


def _report(found: Check, form: str, worst: int, config: Config) -> Iterator[str]:
    from dedup.pipeline import rules_of
    from dedup.report.sentences import sentences_of

    whys = sentences_of(rules_of(config).rules)
    if form == "junit":
        from dedup.report.junit import junit_lines

        return junit_lines(found, whys)
    if form == "sarif":
        from dedup.report.sarif import sarif_lines

        return sarif_lines(found, whys)
    if form == "github":
        from dedup.report.github import github_lines

        return github_lines(found, whys, worst)
    from dedup.report.check_text import json_lines, text_lines

    return json_lines(found, whys, worst) if form == "json" else text_lines(found, whys, worst)


def _put(report: Iterator[bytes], out: Path | None, inputs: tuple[str, ...]) -> None:
    """The report to its file or to stdout. A reader of stdout who leaves early does not change the exit code: it is the verdict."""
    from dedup.io.output import write_file

    if out is None:
        try:
            sys.stdout.buffer.writelines(report)
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            stop_printing()
        return
    if out.exists() and any(out.samefile(file) for file in inputs):
        raise UsageError(f"{out}: is one of the inputs; name another file for the report")
    write_file(out, report)


@app.command()
@reported
def init(
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="File to write.")] = Path("dedup.toml"),
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
    schema: Annotated[bool, typer.Option("--schema", help="Print a JSON schema of the file, for editors; write nothing.")] = False,
) -> None:
    """Write a dedup.toml to begin with. It names every option, its default and what it means."""
    from dedup.config_file import schema_text, template
    from dedup.io.output import write_file

    if schema:
        show(schema_text().rstrip("\n").split("\n"))
        return
    if out.exists() and not force:
        raise UsageError(f"{out}: is there already; --force replaces it, -o names another file")
    write_file(out, [f"{line}\n".encode() for line in template()])
    say(f"{out}: every option with its default, none of them set")
