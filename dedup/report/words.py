"""Words that follow a number."""

from __future__ import annotations


def counted(number: int, one: str, many: str = "") -> str:
    """A number of things: `1 document`, `2,000 documents`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
