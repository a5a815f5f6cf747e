"""Many JSON values at once: to call the parser or the writer costs more than what it does to a small record."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any, Final

from dedup.io.rows import plain_json, to_json

if TYPE_CHECKING:
    from collections.abc import Sequence

BETWEEN: Final = secrets.token_hex(16)  # a string that no input can hold, since none can know it


def loads_all(texts: Sequence[str]) -> list[Any] | None:
    """The values of JSON texts; None where one of them is not one value by itself.

    All stand between the same brackets with a string of ours after each but the last. Where those strings are every second one
    of the elements found, no text can have reached into the next.
    """
    if not texts:
        return []
    between = f',"{BETWEEN}",'
    try:
        values = json.loads(f"[{between.join(texts)}]")
    except (ValueError, RecursionError):
        return None
    if len(values) != 2 * len(texts) - 1 or any(each != BETWEEN for each in values[1::2]):
        return None
    found: list[Any] = values[::2]
    return found


def dumps_all(values: Sequence[Any]) -> list[bytes]:
    """The JSON of each value, without a line end, as `to_json` writes it."""
    if not values:
        return []
    spread: list[Any] = [BETWEEN] * (2 * len(values) - 1)
    spread[::2] = values
    try:
        return plain_json(spread)[1:-1].encode("utf-8").split(f',"{BETWEEN}",'.encode())
    except UnicodeEncodeError:
        return [to_json(value)[:-1] for value in values]
