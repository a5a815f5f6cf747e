"""The options of the command line, each once: its type, flag and help."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from dedup.config import Config
from dedup.io.kinds import readable

_KEYS = {each.name: each for each in fields(Config)}


def _key(name: str, *flags: str, metavar: str | None = None) -> Any:
    """The option of a key of the configuration, with the key's own words."""
    words, default = str(_KEYS[name].metadata["means"]), _KEYS[name].default
    if isinstance(default, tuple):
        words += " May be given again."
    elif not isinstance(default, bool):
        words += f" [default: {default}]"
    return typer.Option(*flags, metavar=metavar, help=words)


SOURCES = f"Folders (recursive), globs, files, or - for JSONL on stdin. Read are {readable()}."
Sources = Annotated[list[str], typer.Argument(metavar="SRC", help=SOURCES)]
OUT = "Folder to write, complete or absent (an earlier run's is replaced); - writes the corpus to stdout."
Out = Annotated[Path, typer.Option("--out", "-o", metavar="OUT", help=OUT)]
TextKey = Annotated[Optional[str], _key("text_key")]
IdKey = Annotated[Optional[str], _key("id_key")]
SourceKey = Annotated[Optional[str], _key("source_key")]
Extractor = Annotated[Optional[str], _key("extractor", metavar="WHICH")]
Paragraphs = Annotated[Optional[str], _key("paragraphs", metavar="MODE")]
Appended = Annotated[Optional[str], _key("appended", metavar="WHAT")]
Pack = Annotated[Optional[list[str]], _key("packs", "--pack", metavar="FILE")]
Disable = Annotated[Optional[list[str]], _key("disable", metavar="RULE")]
Repeats = Annotated[Optional[bool], _key("repeats", "--repeats/--no-repeats")]
Stages = Annotated[
    Optional[str], typer.Option(metavar="LIST", help="Witnesses to trust: rules,structure,flattened,repeats. [default: all four]")
]
Category = Annotated[Optional[list[str]], _key("categories", "--category", metavar="NAME")]
Threshold = Annotated[Optional[float], _key("threshold")]
CharacterThreshold = Annotated[Optional[float], _key("character_threshold")]
MinWords = Annotated[Optional[int], _key("min_words")]
DateKey = Annotated[Optional[str], _key("date_key")]
Recall = Annotated[Optional[float], _key("recall")]
NumPerm = Annotated[Optional[int], _key("num_perm")]
Bands = Annotated[Optional[int], _key("bands")]
Rows = Annotated[Optional[int], _key("rows")]
Seed = Annotated[Optional[int], _key("seed")]
Exact = Annotated[Optional[bool], _key("exact", "--exact/--minhash")]
Prefer = Annotated[Optional[str], _key("prefer", metavar="WHICH")]
Format = Annotated[Optional[str], _key("format", metavar="FORMAT")]
Report = Annotated[Optional[bool], _key("report", "--report/--no-report")]
Memory = Annotated[Optional[str], _key("memory", metavar="SIZE")]
Threads = Annotated[Optional[int], _key("threads")]
ConfigFile = Annotated[Optional[Path], typer.Option("--config", metavar="FILE", help="Options from here, not from ./dedup.toml.")]
Ledger = Annotated[Optional[Path], typer.Option(metavar="FILE", help="Where to write the ledger, with -o - or a filter from stdin.")]
Json = Annotated[bool, typer.Option("--json", help="Print the summary as JSON on stdout.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary.")]
MaxBoilerplate = Annotated[Optional[float], _key("max_boilerplate", metavar="SHARE")]
MaxDuplicates = Annotated[Optional[float], _key("max_duplicates", metavar="SHARE")]
ShowConfig = Annotated[
    bool, typer.Option("--show-config", help="Print the options this command would run with, and where each was set; do nothing else.")
]
