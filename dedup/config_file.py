"""The configuration as text: a file to begin with, the options in force, and a schema for editors. All from the fields of Config."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final, get_args, get_origin, get_type_hints

from dedup.config import GROUPS, Config

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from dataclasses import Field

    from dedup.settings import Settings

SCHEMA_NAME: Final = "dedup.schema.json"
HEAD: Final = f"""\
#:schema ./{SCHEMA_NAME}
# Options of dedup, each with its default: take the # before a key away to set it.
# DEDUP_<KEY> in the environment goes before what stands here, a flag before both; --show-config tells what came from where.
# Editors that know TOML schemas complete and check the keys: dedup init --schema > {SCHEMA_NAME}
"""


def template() -> Iterator[str]:
    """Lines of a `dedup.toml` with every key, its default and its meaning; nothing in it is set."""
    yield from HEAD.split("\n")[:-1]
    for group, title in GROUPS.items():
        yield ""
        yield f"# --- {title}"
        for each in _of_group(group):
            yield ""
            yield f"# {each.metadata['means']}"
            yield f"# {each.name} = {toml_value(each.default)}"


def in_force(settings: Settings, flags: Mapping[str, str]) -> Iterator[str]:
    """Lines of TOML: every key with its value, and behind it where that came from. `flags`: the flag that set a key."""
    rows = [(f"{each.name} = {toml_value(getattr(settings.config, each.name))}", each.name) for each in fields(Config)]
    width = max((len(row) for row, name in rows if name not in settings.origins), default=0)  # a long list of packs does not count
    for row, name in rows:
        origin = settings.origins.get(name, "default")
        yield f"{row:{width}}  # {flags.get(name, origin) if origin == 'flag' else origin}"


def schema() -> dict[str, Any]:
    """JSON schema of `dedup.toml`."""
    hints = get_type_hints(Config)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "dedup.toml",
        "description": "Options of dedup, as dedup.toml or [tool.dedup] in pyproject.toml holds them.",
        "type": "object",
        "additionalProperties": False,
        "properties": {each.name: _property(each, hints[each.name]) for each in fields(Config)},
    }


def schema_text() -> str:
    """The schema as a file."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


def toml_value(value: Any) -> str:
    """A value as TOML writes it."""
    if isinstance(value, tuple):
        return "[" + ", ".join(toml_value(each) for each in value) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")  # the one character TOML escapes and JSON does not
    return json.dumps(value)


def _of_group(group: str) -> Iterator[Field[Any]]:
    return (each for each in fields(Config) if each.metadata["group"] == group)


def _property(each: Field[Any], hint: Any) -> dict[str, Any]:
    default = list(each.default) if isinstance(each.default, tuple) else each.default
    found: dict[str, Any] = {"description": each.metadata["means"], "default": default} | _type(hint)
    bounds = each.metadata["bounds"]
    if bounds is not None:
        found["exclusiveMinimum" if bounds.open else "minimum"] = bounds.least
        if bounds.most is not None:
            found["maximum"] = bounds.most
    return found


def _type(hint: Any) -> dict[str, Any]:
    if get_origin(hint) is tuple:
        return {"type": "array", "items": {"type": "string"}}
    if get_args(hint):
        return {"type": "string", "enum": list(get_args(hint))}
    return {"type": {bool: "boolean", int: "integer", float: "number", str: "string"}[hint]}
