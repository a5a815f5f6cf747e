"""Commands that do the work: clean, strip, pairs."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dedup.cli.common import UNREADABLE, Bars, announce_compilation, left_out, load, reported, say, show
from dedup.cli.options import (
    OUT,
    Appended,
    Bands,
    Category,
    CharacterThreshold,
    ConfigFile,
    DateKey,
    Disable,
    Exact,
    Extractor,
    Format,
    IdKey,
    Json,
    Ledger,
    Memory,
    MinWords,
    NumPerm,
    Out,
    Pack,
    Paragraphs,
    Prefer,
    Quiet,
    Recall,
    Repeats,
    Report,
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
    from dedup.config import Config
    from dedup.pipeline import Progress

STDOUT = Path("-")
LISTED = 20  # rows of what could not be read that are shown where no file holds them


@app.command()
@reported
def clean(
    src: Sources, out: Out, text_key: TextKey = None, id_key: IdKey = None, source_key: SourceKey = None,
    date_key: DateKey = None, extractor: Extractor = None,
    paragraphs: Paragraphs = None, appended: Appended = None, pack: Pack = None, disable: Disable = None, repeats: Repeats = None,
    stages: Stages = None, category: Category = None,
    threshold: Threshold = None, character_threshold: CharacterThreshold = None, min_words: MinWords = None,
    recall: Recall = None, num_perm: NumPerm = None,
    bands: Bands = None, rows: Rows = None, seed: Seed = None, exact: Exact = None, prefer: Prefer = None, format: Format = None,  # noqa: A002
    report: Report = None, memory: Memory = None, threads: Threads = None, config: ConfigFile = None, show_config: ShowConfig = False,
    json: Json = False, quiet: Quiet = False, ledger: Ledger = None,
) -> None:  # fmt: skip
    """The whole job: strip noise, keep one of each near-duplicate paragraph, write the corpus and the ledger of what went."""
    flags = {name: value for name, value in locals().items() if name not in ("src", "out", "config", "json", "quiet", "ledger")}
    _job(src, out, load(config, flags), json, quiet, ledger, duplicates=True)


@app.command()
@reported
def strip(
    src: Sources, out: Annotated[Path | None, typer.Option("--out", "-o", metavar="OUT", help=OUT)] = None,
    text_key: TextKey = None, id_key: IdKey = None, source_key: SourceKey = None, extractor: Extractor = None,
    appended: Appended = None, pack: Pack = None,
    disable: Disable = None, repeats: Repeats = None,
    stages: Stages = None, category: Category = None, format: Format = None, memory: Memory = None, threads: Threads = None,  # noqa: A002
    report: Report = None, config: ConfigFile = None, show_config: ShowConfig = False, json: Json = False, quiet: Quiet = False,
    ledger: Ledger = None,
) -> None:  # fmt: skip
    """Boilerplate only. With SRC "-", a filter: JSONL on stdin to JSONL on stdout, in order (packs and structure only)."""
    flags = {name: value for name, value in locals().items() if name not in ("src", "out", "config", "json", "quiet", "ledger")}
    settings = load(config, flags)
    if src == ["-"]:
        if out is not None and out != STDOUT:
            raise UsageError("with SRC - the records go to stdout: leave out -o, or name a file or folder as SRC")
        from dedup.stream import strip_stream

        unreadable = strip_stream(sys.stdin.buffer, sys.stdout.buffer, settings, ledger)
        if unreadable:
            say(f"dedup: {unreadable} lines could not be read and were passed through as they are")
            raise typer.Exit(UNREADABLE)
        return
    if out is None:
        raise UsageError("name a folder to write with -o OUT (or SRC - to filter stdin)")
    _job(src, out, settings, json, quiet, ledger, duplicates=False)


@app.command()
@reported
def pairs(
    src: Sources, out: Annotated[str, typer.Option("--out", "-o", metavar="FILE", help="JSONL file to write, - for stdout.")] = "-",
    text_key: TextKey = None, id_key: IdKey = None, source_key: SourceKey = None, extractor: Extractor = None,
    paragraphs: Paragraphs = None, pack: Pack = None, disable: Disable = None,
    threshold: Threshold = None, character_threshold: CharacterThreshold = None,
    min_words: MinWords = None, recall: Recall = None, num_perm: NumPerm = None, bands: Bands = None, rows: Rows = None,
    seed: Seed = None, exact: Exact = None, memory: Memory = None,
    threads: Threads = None, config: ConfigFile = None, show_config: ShowConfig = False,
) -> None:  # fmt: skip
    """Verified near-duplicate paragraph pairs, with similarity and Jaccard; nothing is removed."""
    from dedup.pairs import write_pairs

    flags = {name: value for name, value in locals().items() if name not in ("src", "out", "config", "write_pairs")}
    settings = load(config, flags)
    count, unreadable = write_pairs(src, settings, sys.stdout.buffer if out == "-" else Path(out))
    say(f"{count:,} pairs")
    left_out(unreadable)


def _job(sources: list[str], out: Path, config: Config, as_json: bool, quiet: bool, ledger: Path | None, duplicates: bool) -> None:
    """Run, show the summary, exit 3 where something could not be read."""
    import json

    from dedup.pipeline import Silent, run
    from dedup.report.terminal import summary_lines

    if not quiet:
        announce_compilation()
    bars = Bars()
    progress: Progress = bars if sys.stderr.isatty() and not quiet else Silent()
    if out == STDOUT:
        _job_to_stdout(sources, config, as_json, quiet, ledger, progress, duplicates)
        return
    if ledger is not None:
        raise UsageError("--ledger is for -o - and SRC -; a run into a folder writes OUT/ledger.jsonl")
    started = time.perf_counter()
    try:
        result = run(sources, out, config, progress, duplicates=duplicates)
    finally:
        bars.close()
    seconds = time.perf_counter() - started
    if as_json:
        show([json.dumps(result.summary.as_dict() | {"seconds": round(seconds, 3), "changed": result.changed}, ensure_ascii=False)])
    elif not quiet:
        for line in summary_lines(result.summary, out, seconds, result.summary.bytes_in / 1e6, changed=result.changed):
            say(line)
        if config.report:
            say(f"the run on one page: {out / 'report.html'}")
    if result.summary.unreadable:
        raise typer.Exit(UNREADABLE)


def _job_to_stdout(
    sources: list[str], config: Config, as_json: bool, quiet: bool, ledger: Path | None, progress: Progress, duplicates: bool
) -> None:
    """The corpus to stdout, all else to stderr: also the rows of what could not be read, since no folder has them."""
    from dedup.piped import run_to_stream
    from dedup.report.terminal import summary_lines

    if as_json:
        raise UsageError("--json and -o - both write to stdout: leave one out")
    started = time.perf_counter()
    try:
        summary, unreadable = run_to_stream(sources, sys.stdout.buffer, config, ledger, progress, duplicates=duplicates)
    finally:
        if isinstance(progress, Bars):
            progress.close()
    if not quiet:
        for line in summary_lines(summary, None, time.perf_counter() - started, summary.bytes_in / 1e6, changed=True):
            say(line)
        for row in unreadable[:LISTED]:
            say(f"  {row}")
        if len(unreadable) > LISTED:
            say(f"  and {len(unreadable) - LISTED:,} more, which a run into a folder lists")
    if unreadable:
        raise typer.Exit(UNREADABLE)
