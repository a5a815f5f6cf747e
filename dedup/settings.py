"""Where options come from: defaults, then `dedup.toml` or `[tool.dedup]`, then `DEDUP_*`, then flags."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from typing import TYPE_CHECKING, Any, get_type_hints

from dedup.config import Config, configure
from dedup.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PREFIX = "DEDUP_"


def load_config(folder: Path, environment: Mapping[str, str], flags: Mapping[str, Any], file: Path | None = None) -> Config:
    """The configuration of a run in `folder`; `flags` holds only what was given. Raises UsageError, with file and line."""
    config = Config()
    path, table = _file_table(folder, file)
    if path is not None:
        config = configure(config, _typed(table), f"{path.name}: ")
    from_environment = {name[len(PREFIX) :].lower(): value for name, value in environment.items() if name.startswith(PREFIX) and value}
    typed = {name: _parse(name, value, f"{PREFIX}{name.upper()}: ") for name, value in sorted(from_environment.items())}
    config = configure(config, typed, "environment: ")
    return configure(config, flags)


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
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path}: cannot read the configuration: {error}") from error
    _locate_unknown(path, data)
    return data


def _locate_unknown(path: Path, data: Mapping[str, Any]) -> None:
    """For our own file, name the line of an unknown key."""
    if path.name == "pyproject.toml":
        return
    known = {each.name for each in fields(Config)}
    lines = path.read_text(encoding="utf-8").split("\n")
    for key in data:
        if key.replace("-", "_") not in known:
            number = next((k for k, line in enumerate(lines, 1) if line.split("=")[0].strip() == key), 1)
            configure(Config(), {key: None}, f"{path.name}:{number}: ")


def _typed(table: Mapping[str, Any]) -> dict[str, Any]:
    hints = get_type_hints(Config)
    for key, value in table.items():
        hint = hints.get(key.replace("-", "_"))
        if not _fits(value, hint):
            raise UsageError(f"'{key}' has a value of the wrong type: {value!r}")
    return dict(table)


def _fits(value: Any, hint: Any) -> bool:
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if hint is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if hint is bool:
        return isinstance(value, bool)
    return hint != tuple[str, ...] or isinstance(value, list)


def _parse(name: str, value: str, where: str) -> Any:
    hint = get_type_hints(Config).get(name)
    try:
        if hint is bool:
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[value.lower()]
        if hint in (int, float):
            return hint(value)
    except (KeyError, ValueError) as error:
        raise UsageError(f"{where}cannot read {value!r} as {getattr(hint, '__name__', hint)}") from error
    return tuple(value.split(",")) if hint == tuple[str, ...] else value
