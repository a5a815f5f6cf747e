"""The application object, which the modules of commands hang their commands on."""

from __future__ import annotations

from typing import Annotated

import typer

from dedup.cli.common import show
from dedup.version import __version__

app = typer.Typer(
    name="dedup", no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="One clean canonical corpus from a folder of scraped pages: noise stripped, near-duplicate paragraphs kept once. "
    "Reads text, JSONL, CSV, HTML, Parquet, WARC and archives of them; writes JSONL, Parquet, text or dolma.",
)  # fmt: skip
rules_app = typer.Typer(no_args_is_help=True, help="Look at the rules of the packs, and try them.")
app.add_typer(rules_app, name="rules")


@app.callback(invoke_without_command=True)
def _main(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        show([f"dedup {__version__}"])
        raise typer.Exit
