"""The one way every kernel is compiled."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import xxhash
from numba import njit

Kernel = TypeVar("Kernel", bound=Callable[..., Any])


def _cache_folder() -> str:
    """Where compiled kernels are kept: named by their sources, since a kernel holds those it calls from other modules.

    numba itself looks at the one file a kernel stands in, and would go on using what it compiled before a change elsewhere.
    """
    here = Path(__file__).parent
    digest = xxhash.xxh3_64_hexdigest(b"".join(path.read_bytes() for path in sorted(here.glob("*.py"))))
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    for base in (here / "__pycache__", Path(home) / "dedup", Path(tempfile.gettempdir()) / f"dedup-{os.getuid()}"):
        folder = base / f"kernels-{digest}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return str(folder)
    return ""


CACHE_FOLDER = _cache_folder()


def _compile(function: Kernel, **options: Any) -> Kernel:
    settings: Any = numba.config  # its attributes come from the environment, unknown to the type checker
    before = settings.CACHE_DIR
    settings.CACHE_DIR = CACHE_FOLDER
    try:
        return cast("Kernel", njit(cache=bool(CACHE_FOLDER), nogil=True, **options)(function))
    finally:
        settings.CACHE_DIR = before


def kernel(function: Kernel) -> Kernel:
    """Compile on first use, keep the result on disk, run without the GIL so that threads scale."""
    return _compile(function, boundscheck=False)


def inlined(function: Kernel) -> Kernel:
    """A helper of kernels: LLVM inlines it where it pays."""
    return _compile(function)
