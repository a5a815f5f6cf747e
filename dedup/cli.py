"""The command line: the only module that prints or exits."""

from __future__ import annotations

import io
import os
import signal
import sys
import time
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ParamSpec, TypeVar

import typer

from dedup.errors import DedupError, UsageError
from dedup.options import (
    Appended,
    Bands,
    Category,
    CharacterThreshold,
    ConfigFile,
    Disable,
    Exact,
    Format,
    IdKey,
    Json,
    MinWords,
    NumPerm,
    Out,
    Pack,
    Paragraphs,
    Prefer,
    Quiet,
    Repeats,
    Rows,
    Seed,
    SourceKey,
    Sources,
    Stages,
    TextKey,
    Threads,
    Threshold,
)
from dedup.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from dedup.config import Config
    from dedup.pipeline import Progress

UNREADABLE = 3

app = typer.Typer(
    name="dedup", no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="One clean canonical corpus from a folder of scraped pages: noise stripped, near-duplicate paragraphs kept once.",
)  # fmt: skip
rules_app = typer.Typer(no_args_is_help=True, help="Look at the rules of the packs, and try them.")
app.add_typer(rules_app, name="rules")

P = ParamSpec("P")
R = TypeVar("R")


def _reported(command: Callable[P, R]) -> Callable[P, R]:
    """Errors in words on stderr, each with its exit code."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except DedupError as error:
            _say(f"dedup: {error}")
            raise typer.Exit(error.exit_code) from error
        except KeyboardInterrupt as error:
            _say("dedup: interrupted; nothing was written")
            raise typer.Exit(130) from error
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from None
        except (OSError, MemoryError) as error:
            _say(f"dedup: {str(error) or type(error).__name__}; nothing was written")
            raise typer.Exit(70) from error
        except (typer.Exit, typer.Abort, typer.TyperException):
            raise
        except Exception as error:
            if os.environ.get("DEDUP_DEBUG"):
                raise
            _say(f"dedup: internal error: {type(error).__name__}: {error} (DEDUP_DEBUG=1 shows where)")
            raise typer.Exit(70) from error

    return run


def _say(line: str) -> None:
    sys.stderr.write(line.encode("utf-8", "backslashreplace").decode("utf-8") + "\n")


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stdout.write(line + "\n")


class _Bars:
    """Progress by bytes on a terminal."""

    def __init__(self) -> None:
        self._bar: Any = None

    def stage(self, name: str, total: int) -> Callable[[int], object]:
        from tqdm import tqdm

        self.close()
        self._bar = tqdm(total=total, desc=name, unit="B", unit_scale=True, leave=False, dynamic_ncols=True, file=sys.stderr)
        update: Callable[[int], object] = self._bar.update
        return update

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()


def _config(file: Path | None, flags: dict[str, Any]) -> Config:
    from dedup.settings import load_config

    renamed = {"pack": "packs", "category": "categories"}
    flags = flags | _stages(flags.pop("stages", None))
    given = {renamed.get(name, name): value for name, value in flags.items() if value is not None}
    environment = {name: value for name, value in os.environ.items() if name != "DEDUP_DEBUG"}
    return load_config(Path.cwd(), environment, given, file)


def _stages(names: str | None) -> dict[str, bool]:
    if names is None:
        return {}
    known = ("rules", "structure", "flattened", "repeats")
    asked = [name.strip() for name in names.split(",") if name.strip()]
    unknown = [name for name in asked if name not in known]
    if unknown:
        raise UsageError(f"--stages: unknown stage '{unknown[0]}'; there are {', '.join(known)}")
    return {name: name in asked for name in known}


def _job(sources: list[str], out: Path, config: Config, as_json: bool, quiet: bool, duplicates: bool) -> None:
    """Run, show the summary, exit 3 where something could not be read."""
    import json

    from dedup.pipeline import Silent, run
    from dedup.report.terminal import summary_lines

    if not quiet:
        _announce_compilation()
    bars = _Bars()
    progress: Progress = bars if sys.stderr.isatty() and not quiet else Silent()
    started = time.perf_counter()
    try:
        result = run(sources, out, config, progress, duplicates=duplicates)
    finally:
        bars.close()
    seconds = time.perf_counter() - started
    if as_json:
        _print([json.dumps(result.summary.as_dict() | {"seconds": round(seconds, 3), "changed": result.changed}, ensure_ascii=False)])
    elif not quiet:
        for line in summary_lines(result.summary, out, seconds, result.summary.bytes_in / 1e6, changed=result.changed):
            _say(line)
    if result.summary.unreadable:
        raise typer.Exit(UNREADABLE)


def _announce_compilation() -> None:
    from dedup.kernels.jit import CACHE_FOLDER

    if not CACHE_FOLDER or not any(Path(CACHE_FOLDER).rglob("*.nbi")):
        _say("compiling the kernels: once, some ten seconds")


@app.callback(invoke_without_command=True)
def _main(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        _print([f"dedup {__version__}"])
        raise typer.Exit


@app.command()
@_reported
def clean(
    src: Sources, out: Out, text_key: TextKey = None, id_key: IdKey = None, source_key: SourceKey = None,
    paragraphs: Paragraphs = None, appended: Appended = None, pack: Pack = None, disable: Disable = None, repeats: Repeats = None,
    stages: Stages = None, category: Category = None,
    threshold: Threshold = None, character_threshold: CharacterThreshold = None, min_words: MinWords = None, num_perm: NumPerm = None,
    bands: Bands = None, rows: Rows = None, seed: Seed = None, exact: Exact = None, prefer: Prefer = None, format: Format = None,  # noqa: A002
    threads: Threads = None, config: ConfigFile = None, json: Json = False, quiet: Quiet = False,
) -> None:  # fmt: skip
    """The whole job: strip noise, keep one of each near-duplicate paragraph, write the corpus and the ledger of what went."""
    flags = {name: value for name, value in locals().items() if name not in ("src", "out", "config", "json", "quiet")}
    _job(src, out, _config(config, flags), json, quiet, duplicates=True)


@app.command()
@_reported
def strip(
    src: Sources, out: Annotated[Path | None, typer.Option("--out", "-o", metavar="OUT", help="Folder to write.")] = None,
    text_key: TextKey = None, id_key: IdKey = None, source_key: SourceKey = None, appended: Appended = None, pack: Pack = None,
    disable: Disable = None, repeats: Repeats = None,
    stages: Stages = None, category: Category = None, format: Format = None, threads: Threads = None,  # noqa: A002
    config: ConfigFile = None, json: Json = False, quiet: Quiet = False,
    ledger: Annotated[Path | None, typer.Option(metavar="FILE", help="With SRC -, where to write the ledger.")] = None,
) -> None:  # fmt: skip
    """Boilerplate only. With SRC "-", a filter: JSONL on stdin to JSONL on stdout, in order (packs and structure only)."""
    flags = {name: value for name, value in locals().items() if name not in ("src", "out", "config", "json", "quiet", "ledger")}
    settings = _config(config, flags)
    if src == ["-"]:
        if out is not None:
            raise UsageError("with SRC - the records go to stdout: leave out -o, or name a file or folder as SRC")
        from dedup.stream import strip_stream

        unreadable = strip_stream(sys.stdin.buffer, sys.stdout.buffer, settings, ledger)
        if unreadable:
            _say(f"dedup: {unreadable} lines could not be read and were passed through as they are")
            raise typer.Exit(UNREADABLE)
        return
    if ledger is not None:
        raise UsageError("--ledger is for SRC -; a run into a folder writes OUT/ledger.jsonl")
    if out is None:
        raise UsageError("name a folder to write with -o OUT (or SRC - to filter stdin)")
    _job(src, out, settings, json, quiet, duplicates=False)


@app.command()
@_reported
def pairs(
    src: Sources, out: Annotated[str, typer.Option("--out", "-o", metavar="FILE", help="JSONL file to write, - for stdout.")] = "-",
    text_key: TextKey = None, id_key: IdKey = None, source_key: SourceKey = None, paragraphs: Paragraphs = None,
    pack: Pack = None, disable: Disable = None, threshold: Threshold = None, character_threshold: CharacterThreshold = None,
    min_words: MinWords = None, num_perm: NumPerm = None, bands: Bands = None, rows: Rows = None, seed: Seed = None, exact: Exact = None,
    threads: Threads = None, config: ConfigFile = None,
) -> None:  # fmt: skip
    """Verified near-duplicate paragraph pairs, with similarity and Jaccard; nothing is removed."""
    from dedup.pairs import write_pairs

    flags = {name: value for name, value in locals().items() if name not in ("src", "out", "config", "write_pairs")}
    settings = _config(config, flags)
    count, unreadable = write_pairs(src, settings, sys.stdout.buffer if out == "-" else Path(out))
    _say(f"{count:,} pairs")
    if unreadable:
        _say(f"! {unreadable:,} inputs could not be read and were left out")
        raise typer.Exit(UNREADABLE)


@app.command()
@_reported
def explain(
    folder: Annotated[Path, typer.Argument(metavar="OUT", help="Folder of a run.")],
    where: Annotated[str, typer.Argument(metavar="WHERE", help="An input document's id, or id:LINE.")],
) -> None:
    """Why is this paragraph gone, and where is its twin."""
    from dedup.boilerplate.packs import load_rules
    from dedup.explain import explain as find
    from dedup.report.terminal import explain_lines

    document, rows, twins = find(folder, where)
    _print(explain_lines(document, rows, twins, {rule.id: rule.why for rule in load_rules().rules}))


@app.command()
@_reported
def restore(
    folder: Annotated[Path, typer.Argument(metavar="OUT", help="Folder of a run.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="New folder for the input files.")],
) -> None:
    """The input back, byte for byte, from the output folder alone."""
    from dedup.io.restore import restore as bring_back

    restored = bring_back(folder, out)
    _say(f"{restored.documents:,} documents in {restored.files:,} files are back in {out}")


@rules_app.command("list")
@_reported
def list_rules(pack: Pack = None) -> None:
    """Every rule, one a line."""
    from dedup.boilerplate.packs import load_rules
    from dedup.report.terminal import rule_table

    _print(rule_table(load_rules(pack or ()).rules))


@rules_app.command("show")
@_reported
def show_rule(rule: Annotated[str, typer.Argument(metavar="RULE")], pack: Pack = None) -> None:
    """All of one rule: phrases, anchors, examples."""
    from dedup.boilerplate.packs import find_rule, load_rules
    from dedup.report.terminal import rule_card

    _print(rule_card(find_rule(load_rules(pack or ()), rule)))


@rules_app.command("suggest")
@_reported
def suggest_rules(
    src: Sources, text_key: TextKey = None, id_key: IdKey = None, source_key: SourceKey = None, pack: Pack = None,
    limit: Annotated[int, typer.Option(help="How many rules at the most.")] = 20, config: ConfigFile = None,
) -> None:  # fmt: skip
    """Short lines that no rule takes and that stand in several documents of a site, as a pack ready to be read and pasted."""
    from dedup.boilerplate.suggest import as_pack
    from dedup.pipeline import suggest_for

    flags = {"text_key": text_key, "id_key": id_key, "source_key": source_key, "pack": pack}
    suggestions = suggest_for(src, _config(config, flags), limit)
    _print(as_pack(suggestions))
    _say(f"{len(suggestions)} rules suggested")


@rules_app.command("test")
@_reported
def test_rules(
    rule: Annotated[
        str | None, typer.Argument(metavar="[RULE]", help="A rule to try on a page from stdin; without one, all examples run.")
    ] = None,
    pack: Pack = None,
) -> None:
    """Run the packs' examples, or try one rule on a page: dedup rules test RULE < page.txt."""
    from dedup.boilerplate.examples import check_rule, hits_in
    from dedup.boilerplate.packs import find_rule, load_rules

    rules = load_rules(pack or ())
    if rule is not None:
        _print(hits_in(sys.stdin.buffer.read().decode("utf-8", "replace"), find_rule(rules, rule)))
        return
    failures = [failure for each in rules.rules for failure in check_rule(each)]
    _print(f"{failure.rule}: {failure.what}" for failure in failures)
    _say(f"{len(rules.rules)} rules, {len(failures)} examples do not hold")
    if failures:
        raise typer.Exit(1)


def main() -> None:
    """Entry point of the command `dedup`."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # what a terminal cannot show is escaped, not refused
    signal.signal(signal.SIGTERM, _terminate)
    app()


def _terminate(number: int, _: object) -> None:
    """Unwind, so that what is half written is cleared away, and leave with the shell's code for the signal."""
    raise SystemExit(128 + number)
