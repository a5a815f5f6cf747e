"""Commands that look at a finished run: explain, restore."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dedup.cli.common import reported, say, show
from dedup.cli.root import app


@app.command()
@reported
def explain(
    folder: Annotated[Path, typer.Argument(metavar="OUT", help="Folder of a run.")],
    where: Annotated[str, typer.Argument(metavar="WHERE", help="An input document's id, or id:LINE.")],
) -> None:
    """Why is this paragraph gone, and where is its twin."""
    from dedup.boilerplate.packs import load_rules
    from dedup.explain import explain as find
    from dedup.report.terminal import explain_lines

    document, rows, twins = find(folder, where)
    show(explain_lines(document, rows, twins, {rule.id: rule.why for rule in load_rules().rules}))


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
