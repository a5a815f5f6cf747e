"""Libraries that are used where they are there: each belongs to an extra of the project."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from dedup.errors import UsageError


def need(module: str, extra: str) -> Any:
    """The module, or a UsageError that says what to install."""
    library = module.partition(".")[0]
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != library:
            raise
        raise UsageError(f"{library} is not installed: pip install 'dedup[{extra}]'") from error
