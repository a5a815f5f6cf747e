"""What the commands share: errors in words, progress, configuration."""

from __future__ import annotations

import os
import sys
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import typer

from dedup.errors import DedupError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from dedup.config import Config
    from dedup.report.paint import Terminal

UNREADABLE = 3  # exit code: done, but some inputs could not be read

P = ParamSpec("P")
R = TypeVar("R")


def reported(command: Callable[P, R]) -> Callable[P, R]:
    """Errors in words on stderr, each with its exit code."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except DedupError as error:
            say(f"dedup: {error}")
            raise typer.Exit(error.exit_code) from error
        except KeyboardInterrupt as error:
            say("dedup: interrupted; nothing was written")
            raise typer.Exit(130) from error
        except BrokenPipeError:
            stop_printing()
            raise typer.Exit(0) from None
        except (OSError, MemoryError) as error:
            say(f"dedup: {str(error) or type(error).__name__}; nothing was written")
            raise typer.Exit(70) from error
        except (typer.Exit, typer.Abort, typer.TyperException):
            raise
        except Exception as error:
            if os.environ.get("DEDUP_DEBUG"):
                raise
            say(f"dedup: internal error: {type(error).__name__}: {error} (DEDUP_DEBUG=1 shows where)")
            raise typer.Exit(70) from error

    return run


def say(line: str) -> None:
    """A line for people: stderr, whatever it can show."""
    sys.stderr.write(line.encode("utf-8", "backslashreplace").decode("utf-8") + "\n")


def show(lines: Iterable[str]) -> None:
    """Data: stdout."""
    for line in lines:
        sys.stdout.write(line + "\n")


def left_out(unreadable: int) -> None:
    """End with exit code 3 where inputs could not be read."""
    from dedup.report.words import counted

    if unreadable:
        say(f"! {counted(unreadable, 'input')} could not be read: left out")
        raise typer.Exit(UNREADABLE)


def stop_printing() -> None:
    """Whoever read stdout has gone: nothing more is to be said, and nothing at the end either."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def output_terminal() -> Terminal:
    """What stdout can show."""
    import shutil

    from dedup.report.paint import terminal

    return terminal(os.environ, shutil.get_terminal_size().columns, is_terminal=sys.stdout.isatty())


class Bars:
    """Progress by bytes on a terminal."""

    def __init__(self) -> None:
        self._bar: Any = None

    def stage(self, name: str, total: int) -> Callable[[int], object]:
        """A stage of `total` bytes begins."""
        from tqdm import tqdm

        self.close()
        self._bar = tqdm(total=total, desc=name, unit="B", unit_scale=True, leave=False, dynamic_ncols=True, file=sys.stderr)
        update: Callable[[int], object] = self._bar.update
        return update

    def close(self) -> None:
        """The last stage is over."""
        if self._bar is not None:
            self._bar.close()


def announce_compilation() -> None:
    """Say why a first run takes its time."""
    from dedup.kernels.machine import is_empty

    if is_empty():
        say("compiling the kernels: once, about half a minute")


def load(file: Path | None, flags: dict[str, Any]) -> Config:
    """The configuration of a run. `flags`: by option name, None where not given; `file`: from --config.

    With the flag `show_config` set it is printed, and the command ends.
    """
    from dedup.memory import share_arenas
    from dedup.settings import load_settings

    shown = flags.pop("show_config", False)
    renamed = {"pack": "packs", "category": "categories"}
    asked = {renamed.get(name, name): _flag(name, value) for name, value in flags.items() if value is not None}
    stages = _stages(flags.pop("stages", None))
    flags = flags | stages
    given = {renamed.get(name, name): value for name, value in flags.items() if value is not None}
    environment = {name: value for name, value in os.environ.items() if name != "DEDUP_DEBUG"}
    settings = load_settings(Path.cwd(), environment, given, file)
    if shown:
        from dedup.config_file import in_force

        show(in_force(settings, asked | dict.fromkeys(stages, "--stages")))
        raise typer.Exit
    share_arenas()
    return settings.config


def _flag(name: str, value: Any) -> str:
    """How an option was given."""
    if name == "exact" and value is False:
        return "--minhash"
    return ("--no-" if value is False else "--") + name.replace("_", "-")


def _stages(names: str | None) -> dict[str, bool]:
    if names is None:
        return {}
    known = ("rules", "structure", "flattened", "repeats")
    asked = [name.strip() for name in names.split(",") if name.strip()]
    unknown = [name for name in asked if name not in known]
    if unknown:
        raise UsageError(f"--stages: unknown stage '{unknown[0]}'; there are {', '.join(known)}")
    return {name: name in asked for name in known}
