"""Machine code of kernels on disk, and how it becomes functions without numba.

What numba compiled is an object file that the linker of LLVM loads (llvmlite). Beside what the C library has, it asks for functions
of numba's runtime, which stand in extension modules of their own; these are loaded by themselves. Where anything is not as expected,
nothing is loaded, and the kernel is compiled anew.
"""

from __future__ import annotations

import builtins
import ctypes
import os
import pickle
import sys
from contextlib import suppress
from functools import cache
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import llvmlite
import llvmlite.binding as llvm
import numpy as np
import xxhash

from dedup.cache import cache_folder, write_whole
from dedup.kernels.jit import KERNELS_DIGEST

if TYPE_CHECKING:
    from collections.abc import Callable

ENDING: Final = ".kernel"
FAULTS: Final = (OSError, pickle.PickleError, EOFError, LookupError, AttributeError, ImportError, TypeError, ValueError, RuntimeError)


class Code(NamedTuple):
    """An object file. `entry`: the name of the function in it that Python can call; `constants`: what its parts look up, by the names
    of the variables that point there; `outside`: the names that it does not define.
    """

    file: bytes
    entry: str
    constants: dict[str, list[Any]]
    outside: list[str]


@cache
def folder() -> Path | None:
    """Where code is kept: named by all that it depends on. None where nothing can be written."""
    chosen = sorted(f"{name}={value}" for name, value in os.environ.items() if name.startswith("NUMBA_"))
    features = llvm.get_host_cpu_features().flatten()
    try:
        numba = (_package() / "_version.py").read_text(encoding="utf-8")
    except (OSError, ImportError):
        return None
    made_by = [numba, llvmlite.__version__, np.__version__, sys.version, llvm.get_process_triple(), llvm.get_host_cpu_name(), features]
    return cache_folder(f"kernels-{xxhash.xxh3_128_hexdigest(chr(0).join([KERNELS_DIGEST, *made_by, *chosen]).encode())}")


def _package() -> Path:
    """Where numba stands, without loading it. Raises ImportError where it does not."""
    spec = find_spec("numba")
    if spec is None or not spec.submodule_search_locations:
        raise ImportError("numba is not there")
    return Path(spec.submodule_search_locations[0])


def is_empty() -> bool:
    """Whether nothing was compiled yet."""
    where = folder()
    return where is None or not any(where.glob(f"*{ENDING}"))


def keep(name: str, code: Code) -> None:
    """Keep the code of a kernel for arguments of some types, as `name` says, where a later process finds it."""
    file = _file(name)
    with suppress(OSError, pickle.PickleError, TypeError, AttributeError):
        if file is not None:
            write_whole(pickle.dumps(code, protocol=pickle.HIGHEST_PROTOCOL), file)


def load(name: str) -> Callable[..., Any] | None:
    """The kernel of that name, None where there is no code that can be loaded."""
    file = _file(name)
    with suppress(*FAULTS):
        if file is not None and file.exists():
            code: Code = pickle.loads(file.read_bytes())  # noqa: S301 - written by ourselves, into a folder of our own
            return _linker().link(name, code)
    return None


def _file(name: str) -> Path | None:
    where = folder()
    short = name[: name.index("(")].rpartition(".")[2]
    return None if where is None else where / f"{short}-{xxhash.xxh3_128_hexdigest(name.encode())}{ENDING}"


@cache
def _linker() -> _Linker:
    return _Linker()


class _Linker:
    """Object files, linked into this process."""

    def __init__(self) -> None:
        """Make known what they ask for, as numba does, but for what it has made known itself."""
        helpers, runtime = _extension("numba._helperlib"), _extension("numba.core.runtime._nrt_python")
        self._functions = _extension("numba._dynfunc")
        known = {"numba_unpickle": ctypes.cast(_unpickle, ctypes.c_void_p).value, "_Py_NoneStruct": id(None)}
        known |= {f"PyExc_{name}": id(each) for name, each in vars(builtins).items() if isinstance(each, type)}
        for module, prefix in ((helpers, "numba_"), (runtime, "NRT_")):
            known = {name if name.startswith("_") else prefix + name: address for name, address in module.c_helpers.items()} | known
        for name, address in known.items():
            if not llvm.address_of_symbol(name):
                llvm.add_symbol(name, address)
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        machine = llvm.Target.from_default_triple().create_target_machine()
        self._engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)

    def link(self, name: str, code: Code) -> Callable[..., Any] | None:
        """The function of an object file; None where something that it asks for is missing: LLVM would end the process."""
        if not all(map(llvm.address_of_symbol, code.outside)):
            return None
        self._engine.add_object_file(llvm.ObjectFileRef.from_data(code.file))
        self._engine.finalize_object()
        held = []
        for variable, constants in code.constants.items():
            held.append(self._functions.Environment({}))
            held[-1].consts.extend(constants)
            address = self._engine.get_global_value_address(variable)
            if address:
                ctypes.c_void_p.from_address(address).value = id(held[-1])
        entry = self._engine.get_function_address(code.entry)
        made: Callable[..., Any] = self._functions.make_function(sys.modules[__name__], name, name, entry, held[0], tuple(held))
        return made


@ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)  # type: ignore[untyped-decorator]  # of ctypes
def _unpickle(data: int, size: int, _: int) -> Any:
    """What kernels ask for to make an array or an error: the class. numba's own would load numba."""
    return pickle.loads(ctypes.string_at(data, size))  # noqa: S301 - it stands in the object file


def _extension(name: str) -> Any:
    """An extension module of numba, without its package."""
    if name in sys.modules:
        return sys.modules[name]
    spec = PathFinder.find_spec(name, [str(_package().joinpath(*name.split(".")[1:-1]))])
    if spec is None or spec.loader is None:
        raise ImportError(f"{name} is not there")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
