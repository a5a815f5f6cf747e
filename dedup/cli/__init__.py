"""The command line: the only package that prints or exits."""

from __future__ import annotations

import io
import os
import signal
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dedup.cli.interpreter import collect_seldom, take_short_turns

collect_seldom()  # before the rest is loaded, an eighth of whose time was looking for cycles
take_short_turns()

from dedup.cli.root import app  # noqa: E402

if TYPE_CHECKING:
    from typer import Typer
    from typer.models import CommandInfo

__all__ = ["application", "main", "run"]

# The module that hangs a command on the application, in the order in which commands are listed.
MODULES: Final = {
    "clean": "jobs", "strip": "jobs", "check": "gate", "diff": "diff", "pairs": "jobs", "explain": "look", "restore": "look",
    "init": "gate", "report": "look", "audit": "look", "rules": "rules",
}  # fmt: skip


def application(command: str = "") -> Typer:
    """The application with all commands, or at least the one of this name: to make all of them ready takes as long as to read the
    options of one.
    """
    for module in {MODULES[command]} if command in MODULES else dict.fromkeys(MODULES.values()):
        import_module(f"{__name__}.{module}")
    app.registered_commands.sort(key=_place)
    return app


def _place(command: CommandInfo) -> int:
    return list(MODULES).index(getattr(command.callback, "__name__", ""))


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
    application(*sys.argv[1:2])()


def _terminate(number: int, _: object) -> None:
    """Unwind, so that what is half written is cleared away, and leave with the shell's code for the signal."""
    raise SystemExit(128 + number)
