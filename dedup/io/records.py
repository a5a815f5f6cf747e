"""The JSON line that a record comes back as whose container does not come back itself."""

from __future__ import annotations

import base64
import math
from typing import TYPE_CHECKING, Any

from dedup.io.read_jsonl import write_literal
from dedup.io.record import Named, Origin, Record
from dedup.io.rows import json_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dedup.io.files import InputFile


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
    cells = [(f"{json_of(key)}:", None if key == text_key else json_of(plain(value))) for key, value in fields.items()]
    at = next(k for k, (_, value) in enumerate(cells) if value is None)
    before = "{" + "".join(f"{key}{value}," for key, value in cells[:at]) + cells[at][0]
    after = "".join(f",{key}{value}" for key, value in cells[at + 1 :]) + "}"
    raw = (before + write_literal(text, "utf-8") + after).encode("utf-8")
    origin = Origin(
        file.back or file.name, number, "utf-8", False, (before, after), "utf-8", "\n", taken=name.taken, container=container, typed=typed
    )
    return Record(name.id, text.encode("utf-8"), name.source, origin, raw, name.date)


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
