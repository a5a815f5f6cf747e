"""Commands that look at a finished run: explain, restore, report, audit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from dedup.cli.common import output_terminal, reported, say, show
from dedup.cli.root import app


@app.command()
@reported
def explain(
    folder: Annotated[Path, typer.Argument(metavar="OUT", help="Folder of a run.")],
    where: Annotated[
        str,
        typer.Argument(metavar="WHERE", help="A document's id, the file it was read from, or an output document (x#2); or :LINE of it."),
    ],
    full: Annotated[bool, typer.Option("--full", help="All lines of long texts.")] = False,
) -> None:
    """Why is this paragraph gone, and where is its twin."""
    from dedup.explain import explain as find
    from dedup.io.folder import manifest_of
    from dedup.report.explained import explain_lines
    from dedup.report.whys import whys_of

    explained = find(folder, where)
    whys, notes = whys_of(manifest_of(folder))
    show(explain_lines(explained, whys, output_terminal(), full=full))
    for note in notes:
        say(f"! {note}")


@app.command()
@reported
def restore(
    folder: Annotated[Path, typer.Argument(metavar="OUT", help="Folder of a run.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="New folder for the input files.")],
) -> None:
    """The input back from the output folder alone: text, JSONL, CSV and TSV byte for byte, also where they were packed or in an
    archive (whose members come back as files). Of HTML a text file a page comes back, of Parquet and WARC a file of JSON lines.
    """
    from dedup.io.restore import restore as bring_back

    restored = bring_back(folder, out)
    say(f"{restored.documents:,} documents in {restored.files:,} files are back in {out}")
    if restored.texts:
        kinds = ", ".join(f"{count:,} of {kind}" for kind, count in restored.texts.items())
        say(f"as text, and not as the files they were in: {kinds}")


@app.command()
@reported
def report(
    folder: Annotated[Path, typer.Argument(metavar="OUT", help="Folder of a run.")],
    out: Annotated[
        Optional[Path], typer.Option("--out", "-o", metavar="FILE", help="HTML file to write. [default: OUT/report.html]")
    ] = None,
) -> None:
    """The HTML page of a run again."""
    from dedup.report.page import write_report

    say(f"{write_report(folder, out)}: one file, to be opened in a browser")


@app.command()
@reported
def audit(
    folder: Annotated[Path, typer.Argument(metavar="OUT", help="Folder of a run.")],
    sample: Annotated[int, typer.Option(min=1, help="Paragraphs that stay, to be asked against all others.")] = 2000,
    seed: Annotated[int, typer.Option(help="Which paragraphs are drawn.")] = 1,
    threads: Annotated[int, typer.Option(help="Threads of the kernels. [default: one a processor]", show_default=False)] = 0,
    json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON on stdout.")] = False,
) -> None:
    """Measure how many duplicates a run found: a random sample of what stays is asked, by the exact join, for a twin."""
    from dedup.audit import audit as measure

    found = measure(folder, sample, seed, threads)
    if json:
        from json import dumps

        show([dumps(found._asdict())])
        return
    asked = f"of {found.paragraphs:,} that stay {found.sample:,} were asked, {found.missed:,} of them could have gone"
    show(
        [
            f"recall {found.recall:.4f} (95 % interval {found.low:.4f} to {found.high:.4f})",
            f"{found.removed:,} paragraphs went as duplicates; {asked}",
        ]
    )
