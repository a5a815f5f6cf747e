"""The one way every kernel is compiled."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba import njit

from dedup.cache import cache_folder, digest_of

Kernel = TypeVar("Kernel", bound=Callable[..., Any])


def _cache_folder() -> str:
    """Where compiled kernels are kept: named by their sources, since a kernel holds those it calls from other modules.

    numba itself looks at the one file a kernel stands in, and would go on using what it compiled before a change elsewhere.
    """
    folder = cache_folder(f"kernels-{KERNELS_DIGEST}")
    return "" if folder is None else str(folder)


KERNELS_DIGEST = digest_of(sorted(Path(__file__).parent.glob("*.py")))
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
    return _compile(function, no_cpython_wrapper=True, no_cfunc_wrapper=True)


def borrowing(function: Kernel) -> Kernel:
    """A helper that only reads and writes elements of arrays it is given, and makes none, not even a slice.

    numba then counts no references to them, which it otherwise does atomically at each call that LLVM does not inline (a line
    of 100 bytes is hashed in 160 ns rather than 220).
    """
    return _compile(function, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)
