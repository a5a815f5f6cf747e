"""The one way every kernel is compiled: when it is first called with arguments of some types, once for all processes.

numba takes 0.3 s and 60 MB to be there, and longer for each kernel that it loads from its own cache. So what it compiled is kept
here as machine code (see `machine`), and numba itself is loaded only where something is still to be compiled (see `compiling`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import update_wrapper
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar, cast

import numpy as np

from dedup.cache import digest_of

Function = TypeVar("Function", bound=Callable[..., Any])

HERE: Final = Path(__file__).parent
KERNELS_DIGEST: Final = digest_of(sorted(HERE.glob("*.py")))
LAYOUT: Final = 0x001 | 0x002 | 0x100 | 0x400  # of an array's flags: contiguous in either order, aligned, writeable
_making = threading.RLock()


class Kernel:
    """A function for flat arrays, numbers and named tuples of these; runs without the interpreter's lock, so that threads scale."""

    def __init__(self, function: Callable[..., Any], options: dict[str, bool]) -> None:
        """`options`: of numba's compiler."""
        update_wrapper(self, function)
        self.function, self.options = function, options
        self._made: dict[tuple[Any, ...], Callable[..., Any]] = {}

    def __call__(self, *given: Any) -> Any:
        """Call the function; the first time with arguments of such types it is loaded, or compiled."""
        kinds = tuple(map(_kind, given))
        made = self._made.get(kinds)
        if made is None:
            with _making:  # another thread may have made it meanwhile
                made = self._made.get(kinds) or self._make(given)
                self._made[kinds] = made
        return made(*given)

    def _make(self, given: tuple[Any, ...]) -> Callable[..., Any]:
        from dedup.kernels import machine

        ours = self.function.__module__.startswith(f"{__package__}.")  # only of these it is known when they change
        name = f"{self.function.__module__}.{self.function.__name__}({','.join(map(_described, given))})"
        made = machine.load(name) if ours else None
        if made is None:
            from dedup.kernels.compiling import compiled

            made, code = compiled(self, given)
            if ours and code is not None:
                machine.keep(name, code)
        return made


class Outside(NamedTuple):
    """A function of the C library that kernels call. Its types are names of numba's."""

    name: str
    returns: str
    takes: tuple[str, ...]

    def __call__(self, *_: Any) -> Any:
        """Only kernels can."""
        raise TypeError(f"{self.name} is called by kernels only")


def _kind(value: Any) -> Any:
    """Equal for two values of one type, as numba tells types apart."""
    if isinstance(value, np.ndarray):
        return value.dtype.num, value.ndim, value.flags.num & LAYOUT
    if isinstance(value, tuple):
        return type(value), tuple(map(_kind, value))
    return type(value)


def _described(value: Any) -> str:
    """`_kind` for other processes."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype.str}:{value.ndim}:{value.flags.num & LAYOUT:x}"
    name = f"{type(value).__module__}.{type(value).__qualname__}"
    return f"{name}({','.join(map(_described, value))})" if isinstance(value, tuple) else name


def _declared(function: Function, **options: bool) -> Function:
    return cast("Function", Kernel(function, {"nogil": True, **options}))


def kernel(function: Function) -> Function:
    """Compile on first use, keep the result on disk, run without the GIL so that threads scale."""
    return _declared(function, boundscheck=False)


def inlined(function: Function) -> Function:
    """A helper of kernels: LLVM inlines it where it pays."""
    return _declared(function, no_cpython_wrapper=True, no_cfunc_wrapper=True)


def borrowing(function: Function) -> Function:
    """A helper that only reads and writes elements of arrays it is given, and makes none, not even a slice.

    numba then counts no references to them, which it otherwise does atomically at each call that LLVM does not inline (a line
    of 100 bytes is hashed in 160 ns rather than 220).
    """
    return _declared(function, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)
