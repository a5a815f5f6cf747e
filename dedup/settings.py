"""Where options come from: defaults, then `dedup.toml` or `[tool.dedup]`, then `DEDUP_*`, then flags."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any, NamedTuple, get_type_hints

import regex

from dedup.config import Config, configure, known
from dedup.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

PREFIX = "DEDUP_"


class Settings(NamedTuple):
    """A configuration, and where each key was set that is not at its default: `dedup.toml:3`, `DEDUP_THRESHOLD`, or `flag`."""

    config: Config
    origins: dict[str, str]


def load_settings(folder: Path, environment: Mapping[str, str], flags: Mapping[str, Any], file: Path | None = None) -> Settings:
    """The configuration of a run in `folder`; `flags` holds only what was given. Raises UsageError, with file and line.

    All of it is put together before anything is checked against anything: bands may stand in the file, rows come by a flag.
    """
    path, table = _file_table(folder, file)
    values, origins = _from_file(table, path) if path is not None else ({}, {})
    typed = _from_environment(environment)
    values |= {**typed, **flags}
    origins |= {name: f"{PREFIX}{name.upper()}" for name in typed} | dict.fromkeys(flags, "flag")
    try:
        return Settings(configure(Config(), values), origins)
    except UsageError as error:
        where = origins.get(_guilty(values, str(error)), "flag")
        raise UsageError(str(error) if where == "flag" else f"{where}: {error}") from error


def _guilty(names: Iterable[str], message: str) -> str:
    """The first of some keys that a message names."""
    places = {name: found.start() for name in names if (found := regex.search(rf"\b{name}\b", message))}
    return min(places, key=places.__getitem__, default="")


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    given = {name[len(PREFIX) :].lower(): value for name, value in environment.items() if name.startswith(PREFIX) and value}
    return {name: _parse(name, value, f"{PREFIX}{name.upper()}: ") for name, value in sorted(given.items())}


def _file_table(folder: Path, file: Path | None) -> tuple[Path | None, dict[str, Any]]:
    if file is not None:
        return file, _read(file)
    if (folder / "dedup.toml").is_file():
        return folder / "dedup.toml", _read(folder / "dedup.toml")
    project = folder / "pyproject.toml"
    table = _read(project).get("tool", {}).get("dedup") if project.is_file() else None
    return (project, table) if isinstance(table, dict) else (None, {})


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path}: cannot read the configuration: {error}") from error


def _from_file(table: Mapping[str, Any], path: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """The table of a file by names of `Config`, and the file and line of each key."""
    hints = get_type_hints(Config)
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for key, value in table.items():
        where = f"{path.name}:{_line_of(path, key)}"
        name = known(key, f"{where}: ")
        if not _fits(value, hints[name]):
            raise UsageError(f"{where}: '{key}' has a value of the wrong type: {value!r}")
        values[name], origins[name] = value, where
    return values, origins


def _line_of(path: Path, key: str) -> int:
    """The line where a key of ours is set: in `pyproject.toml`, below `[tool.dedup]`."""
    lines = path.read_text(encoding="utf-8").split("\n")
    begin = lines.index("[tool.dedup]") + 1 if "[tool.dedup]" in lines else 0
    return next((k for k, line in enumerate(lines[begin:], begin + 1) if line.split("=")[0].strip().strip('"') == key), begin + 1)


def _fits(value: Any, hint: Any) -> bool:
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if hint is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if hint is bool:
        return isinstance(value, bool)
    if hint == tuple[str, ...]:
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    return isinstance(value, str)


def _parse(name: str, value: str, where: str) -> Any:
    hint = get_type_hints(Config)[known(name, "environment: ")]
    try:
        if hint is bool:
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[value.lower()]
        if hint in (int, float):
            return hint(value)
    except (KeyError, ValueError) as error:
        raise UsageError(f"{where}cannot read {value!r} as {getattr(hint, '__name__', hint)}") from error
    return tuple(value.split(",")) if hint == tuple[str, ...] else value
