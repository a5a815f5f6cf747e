"""What rows of every record format have in common: their id and source, and the JSON line they come back as."""

from __future__ import annotations

import base64
import json
import math
from typing import TYPE_CHECKING, Any, NamedTuple

from dedup.io.read import Origin, Record, write_literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dedup.config import Config
    from dedup.io.discover import InputFile


class Named(NamedTuple):
    """Id and source of a record, and which of its fields `id` and `source` they are."""

    id: str
    source: str
    taken: tuple[str, ...]


def named(values: Mapping[str, Any], number: int, file: InputFile, config: Config) -> Named:
    """From its fields, or, where they do not say, from its file and number."""
    identity, source = values.get(config.id_key), values.get(config.source_key)
    has_id = isinstance(identity, (str, int)) and not isinstance(identity, bool) and str(identity) != ""
    has_source = isinstance(source, str) and source != ""
    taken = (("id",) if has_id and config.id_key == "id" and isinstance(identity, str) else ()) + (
        ("source",) if has_source and config.source_key == "source" else ()
    )
    return Named(
        _writable(str(identity)) if has_id else f"{file.name}:{number}", _writable(str(source)) if has_source else file.source, taken
    )


def _writable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def json_record(
    file: InputFile,
    number: int,
    name: Named,
    fields: Mapping[str, Any],
    text_key: str,
    container: str,
    typed: Mapping[str, Any] | None = None,
) -> Record:
    """A document of a container that does not come back itself: what does is a JSON line of its fields, its text at `text_key`."""
    text = fields[text_key]
    cells = [(f"{_plain(key)}:", None if key == text_key else _plain(plain(value))) for key, value in fields.items()]
    at = next(k for k, (_, value) in enumerate(cells) if value is None)
    before = "{" + "".join(f"{key}{value}," for key, value in cells[:at]) + cells[at][0]
    after = "".join(f",{key}{value}" for key, value in cells[at + 1 :]) + "}"
    raw = (before + write_literal(text, "utf-8") + after).encode("utf-8")
    origin = Origin(
        file.back or file.name, number, "utf-8", False, (before, after), "utf-8", "\n", taken=name.taken, container=container, typed=typed
    )
    return Record(name.id, text.encode("utf-8"), name.source, origin, raw)


def _plain(value: Any) -> str:
    line = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return line if line.isprintable() or _encodable(line) else json.dumps(value, separators=(",", ":"))


def _encodable(line: str) -> bool:
    try:
        line.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def plain(value: Any) -> Any:
    """A value as JSON has it: times in ISO 8601, decimals as text, bytes in Base64, no number as null."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
