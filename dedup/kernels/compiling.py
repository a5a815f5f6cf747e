"""Kernels compiled by numba, and what is kept of the result. The only module that loads numba."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from numba import njit, types
from numba.extending import typeof_impl

from dedup.kernels.jit import Kernel, Outside
from dedup.kernels.machine import Code

if TYPE_CHECKING:
    from collections.abc import Callable


@cache
def _dispatcher(kernel: Kernel) -> Any:
    """Numba's own object for a kernel; the function itself where NUMBA_DISABLE_JIT is set."""
    options: Any = kernel.options
    return njit(**options)(kernel.function)


@typeof_impl.register(Kernel)
def _type_of_kernel(kernel: Kernel, _: Any) -> Any:
    """What numba takes a kernel for that another one calls."""
    return types.Dispatcher(_dispatcher(kernel))


@typeof_impl.register(Outside)
def _type_of_outside(function: Outside, _: Any) -> Any:
    """What numba takes a function of the C library for."""
    signature = getattr(types, function.returns)(*(getattr(types, each) for each in function.takes))
    return types.ExternalFunction(function.name, signature)


def compiled(kernel: Kernel, given: tuple[Any, ...]) -> tuple[Callable[..., Any], Code | None]:
    """A kernel for arguments like these, and its code where it can be kept."""
    dispatcher = _dispatcher(kernel)
    if not hasattr(dispatcher, "overloads"):
        return dispatcher, None
    kinds = tuple(map(dispatcher.typeof_pyval, given))
    dispatcher.compile(kinds)
    return dispatcher, _code_of(dispatcher.overloads[kinds])


def _code_of(result: Any) -> Code | None:
    """What numba compiled as an object file; None where this version of it does not show it as expected."""
    try:
        library, environments = result.library, (result.environment, *result._find_referenced_environments())  # noqa: SLF001 - as numba's own cache does
        _, kind, (file, _) = library.serialize_using_object_code()
        module = library._final_module  # noqa: SLF001 - there is no other way to what it does not define
        asked = [each.name for each in (*module.functions, *module.global_variables) if each.is_declaration]
        outside = [name for name in asked if not name.startswith("llvm.")]
        constants = {each.env_name: list(each.consts) for each in environments}
        return Code(bytes(file), result.fndesc.llvm_cpython_wrapper_name, constants, outside) if kind == "object" else None
    except (AttributeError, TypeError, ValueError, RuntimeError):
        return None
