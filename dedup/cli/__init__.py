"""The command line: the only package that prints or exits."""

from __future__ import annotations

import io
import signal
import sys

from dedup.cli import diff, jobs, look, rules  # noqa: F401 - each hangs its commands on the application
from dedup.cli.root import app

__all__ = ["app", "main"]


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
