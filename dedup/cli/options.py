"""The options of the command line, each once: its type, flag and help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from dedup.io.kinds import readable

SOURCES = f"Folders (recursive), globs, files, or - for JSONL on stdin. Read are {readable()}."
Sources = Annotated[list[str], typer.Argument(metavar="SRC...", help=SOURCES)]
OUT = "Folder to write, complete or absent (an earlier run's is replaced); - writes the corpus to stdout."
Out = Annotated[Path, typer.Option("--out", "-o", metavar="OUT", help=OUT)]
TextKey = Annotated[Optional[str], typer.Option(help="Field or column of a record that holds its text. [default: text]")]
IdKey = Annotated[Optional[str], typer.Option(help="Field that holds its id. [default: id]")]
SourceKey = Annotated[Optional[str], typer.Option(help="Field that names its site. [default: source]")]
Extractor = Annotated[
    Optional[str], typer.Option(metavar="WHICH", help="What reads HTML: resiliparse or trafilatura. [default: resiliparse]")
]
Paragraphs = Annotated[Optional[str], typer.Option(metavar="MODE", help="What a paragraph is: line, block or auto. [default: auto]")]
Appended = Annotated[Optional[str], typer.Option(metavar="WHAT", help="A second article on a page: split, drop or keep. [default: split]")]
Pack = Annotated[Optional[list[str]], typer.Option(metavar="FILE", help="A rule pack beside ours (may be given again).")]
Disable = Annotated[Optional[list[str]], typer.Option(metavar="RULE", help="A rule, or prefix ending in /, not to use (again).")]
Repeats = Annotated[Optional[bool], typer.Option("--repeats/--no-repeats", help="Remove lines that stand on most pages of a site.")]
Stages = Annotated[
    Optional[str], typer.Option(metavar="LIST", help="Witnesses to trust: rules,structure,flattened,repeats. [default: all four]")
]
Category = Annotated[Optional[list[str]], typer.Option(metavar="NAME", help="Use only rules of this category (may be given again).")]
Threshold = Annotated[Optional[float], typer.Option(help="Share of a paragraph's word pairs that must stand in its twin. [default: 0.85]")]
CharacterThreshold = Annotated[Optional[float], typer.Option(help="The same for runs of five letters. [default: 0.85]")]
MinWords = Annotated[Optional[int], typer.Option(help="Shorter paragraphs never go as duplicates. [default: 8]")]
NumPerm = Annotated[Optional[int], typer.Option(help="MinHash permutations. [default: 128]")]
Bands = Annotated[Optional[int], typer.Option(help="Bands of the signature. [default: 42]")]
Rows = Annotated[Optional[int], typer.Option(help="Rows of a band. [default: 3]")]
Seed = Annotated[Optional[int], typer.Option(help="Seed of the permutations. [default: 1]")]
Exact = Annotated[Optional[bool], typer.Option("--exact/--minhash", help="Ask for every pair, also among very many look-alikes.")]
Prefer = Annotated[Optional[str], typer.Option(metavar="WHICH", help="Whose copy stays: longest document or first id. [default: longest]")]
FORMATS = "The corpus as jsonl, jsonl.gz, jsonl.zst or parquet, as a folder of txt, or as dolma documents and attributes. [default: jsonl]"
Format = Annotated[Optional[str], typer.Option(metavar="FORMAT", help=FORMATS)]
Threads = Annotated[Optional[int], typer.Option(help="Threads of the kernels. [default: one a processor]")]
ConfigFile = Annotated[Optional[Path], typer.Option("--config", metavar="FILE", help="Options from here, not from ./dedup.toml.")]
Ledger = Annotated[Optional[Path], typer.Option(metavar="FILE", help="Where to write the ledger, with -o - or a filter from stdin.")]
Json = Annotated[bool, typer.Option("--json", help="Print the summary as JSON on stdout.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary.")]
