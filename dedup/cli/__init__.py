"""The command line: the only package that prints or exits."""

from __future__ import annotations

import io
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dedup.cli.seldom import collect_seldom

collect_seldom()  # before the rest is loaded, an eighth of whose time was looking for cycles

from dedup.cli import diff, gate, jobs, look, rules  # noqa: E402, F401 - each hangs its commands on the application
from dedup.cli.root import app  # noqa: E402

if TYPE_CHECKING:
    from typer.models import CommandInfo

__all__ = ["app", "main", "run"]

FIRST = ("clean", "strip", "check", "diff", "pairs", "explain", "restore")  # in the list of commands; the others follow as they come


def _place(command: CommandInfo) -> int:
    name = getattr(command.callback, "__name__", "")
    return FIRST.index(name) if name in FIRST else len(FIRST)


app.registered_commands.sort(key=_place)


def main() -> None:
    """Entry point of the command `dedup`: ends the process at once, where what was said can be written out. The interpreter takes
    0.1 s to take a run apart object by object.
    """
    try:
        run()
    except SystemExit as end:
        if isinstance(end.code, str) or sys.gettrace() or sys.getprofile():
            raise
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        except (OSError, ValueError):
            raise end from None
        os._exit(end.code or 0)


def run() -> None:
    """The command of `sys.argv`. Raises SystemExit."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # it was closed before the start
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - for as long as the program runs
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # what a terminal cannot show is escaped, not refused
    signal.signal(signal.SIGTERM, _terminate)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # of numpy's linear algebra, which nothing here needs, a thread spins at the start
    app()


def _terminate(number: int, _: object) -> None:
    """Unwind, so that what is half written is cleared away, and leave with the shell's code for the signal."""
    raise SystemExit(128 + number)
