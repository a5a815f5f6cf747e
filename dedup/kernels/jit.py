"""The one way every kernel is compiled."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba import njit
from numba.core.caching import FunctionCache
from numba.core.runtime.nrt import rtsys

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


class _Cache(FunctionCache):
    """Kernels from disk, without what numba loads before it looks there: how everything that there is would be compiled. That
    takes 0.2 s with scipy's linear algebra and 1 ms more for each kernel; compiling loads it by itself.
    """

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The compiled kernel of a signature, None where there is none yet."""
        rtsys.initialize(target_context)  # what counts references to arrays
        with self._guard_against_spurious_io_errors():
            return self._load_overload(sig, target_context)  # type: ignore[no-untyped-call]  # numba has no types


def _compile(function: Kernel, **options: Any) -> Kernel:
    settings: Any = numba.config  # its attributes come from the environment, unknown to the type checker
    before = settings.CACHE_DIR
    settings.CACHE_DIR = CACHE_FOLDER
    try:
        compiled: Any = njit(nogil=True, **options)(function)
        if CACHE_FOLDER:
            compiled._cache = _Cache(function)  # type: ignore[no-untyped-call]  # noqa: SLF001 - what `cache=True` sets
        return cast("Kernel", compiled)
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
