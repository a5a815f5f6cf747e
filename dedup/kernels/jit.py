"""The one way every kernel is compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

Kernel = TypeVar("Kernel", bound=Callable[..., Any])


def kernel(function: Kernel) -> Kernel:
    """Compile on first use, keep the result on disk, run without the GIL so that threads scale."""
    return cast("Kernel", njit(cache=True, nogil=True, boundscheck=False)(function))


def inlined(function: Kernel) -> Kernel:
    """A helper of kernels that is inlined by LLVM where it pays; cached with its caller."""
    return cast("Kernel", njit(cache=True, nogil=True, inline="never")(function))
