r"""One clean canonical corpus from a folder of scraped pages.

>>> import dedup
>>> dedup.strip("نص الخبر كما كتبه المحرر في الصحيفة.\\n\\nالمصدر: وكالات\\n").text
'نص الخبر كما كتبه المحرر في الصحيفة.\\n'

`dedup.clean(source, **options)` does the whole job in memory, `dedup.strip(text)` strips one text, `dedup.strip_batch(texts)`
many. Importing this costs nothing: numpy and the kernels are loaded by the first call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dedup.version import __version__

if TYPE_CHECKING:
    from dedup.api import clean, strip, strip_batch
    from dedup.config import Config
    from dedup.each import StripResult
    from dedup.errors import DedupError, InputError, InvariantError, UsageError
    from dedup.model import Document, Edits, Location, Match, Move, Removal
    from dedup.neardup.minhash import signatures
    from dedup.result import Removed, Result
    from dedup.sketches import paragraph_hashes, to_datasketch
    from dedup.summary import Summary

__all__ = [
    "Config",
    "DedupError",
    "Document",
    "Edits",
    "InputError",
    "InvariantError",
    "Location",
    "Match",
    "Move",
    "Removal",
    "Removed",
    "Result",
    "StripResult",
    "Summary",
    "UsageError",
    "__version__",
    "clean",
    "paragraph_hashes",
    "signatures",
    "strip",
    "strip_batch",
    "to_datasketch",
]

_HOMES = {
    "api": ("clean", "strip", "strip_batch"),
    "config": ("Config",),
    "errors": ("DedupError", "InputError", "InvariantError", "UsageError"),
    "model": ("Document", "Edits", "Location", "Match", "Move", "Removal"),
    "each": ("StripResult",),
    "neardup.minhash": ("signatures",),
    "result": ("Removed", "Result"),
    "sketches": ("paragraph_hashes", "to_datasketch"),
    "summary": ("Summary",),
}


def __getattr__(name: str) -> Any:
    """Public names, loaded on first use."""
    from importlib import import_module

    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"dedup.{module}"), name)
    raise AttributeError(f"module 'dedup' has no attribute {name!r}")
