"""The help pages, as they are printed 80 columns wide. `make docs` writes them again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dedup.cli import application
from typer.testing import CliRunner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typer import Typer

FOLDER = Path(__file__).parent / "help"
WIDTH = {"COLUMNS": "80", "TERMINAL_WIDTH": "80", "NO_COLOR": "1"}


def pages() -> dict[str, str]:
    """The page of the application, of each group, and of each command, by file name."""
    return {"-".join(("dedup", *words)) + ".txt": page(words) for words in ((), *names(application(), ()))}


def page(words: tuple[str, ...]) -> str:
    ran = CliRunner().invoke(application(), [*words, "--help"], env=WIDTH, prog_name="dedup", color=False)
    assert ran.exit_code == 0, ran.output
    return ran.stdout


def names(group: Typer, above: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for command in group.registered_commands:
        yield (*above, command.name or command.callback.__name__.replace("_", "-"))
    for each in group.registered_groups:
        yield (*above, each.name)
        yield from names(each.typer_instance, (*above, each.name))


if __name__ == "__main__":
    for old in FOLDER.glob("*.txt"):
        old.unlink()
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
