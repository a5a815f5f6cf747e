"""Kernels are compiled once for all processes, and loaded without numba."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from dedup.kernels import compiling, jit, machine
from dedup.kernels.hashing import mix
from dedup.kernels.jit import Kernel, Outside, kernel
from dedup.kernels.prefix import rank_sets
from dedup.kernels.sorting import sort_words

SIZES = np.array([3, 1, 2, 1], np.int32)


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """A folder for machine code that holds none yet."""
    machine.folder.cache_clear()
    monkeypatch.setattr(machine, "cache_folder", lambda _: tmp_path)
    yield tmp_path
    machine.folder.cache_clear()


def again(function) -> Kernel:
    """The kernel as another process has it: nothing of it is loaded."""
    return Kernel(function.function, function.options)


@pytest.fixture
def compilations(monkeypatch) -> list[str]:
    """The names of kernels that are compiled."""
    found: list[str] = []
    before = compiling.compiled

    def compiled(what, given):
        found.append(what.__name__)
        return before(what, given)

    monkeypatch.setattr(compiling, "compiled", compiled)
    return found


def test_a_kernel_is_compiled_once_and_then_loaded(kept, compilations):
    assert machine.is_empty()
    for _ in range(3):
        assert again(rank_sets)(SIZES).tolist() == [3, 0, 2, 1]
    assert compilations == ["rank_sets"]
    assert not machine.is_empty()


def test_arguments_of_other_types_are_compiled_for_anew(kept, compilations):
    again(sort_words)(np.array([2, 1], np.uint64), np.empty(2, np.uint64))
    read_only = np.array([2, 1], np.uint64)
    read_only.setflags(write=False)
    once_more = again(rank_sets)
    assert once_more(SIZES).tolist() == once_more(SIZES.astype(np.int64)).tolist() == [3, 0, 2, 1]
    assert compilations == ["sort_words", "rank_sets", "rank_sets"]


@pytest.mark.parametrize("damage", [b"", b"nothing that was pickled", None])
def test_code_that_cannot_be_read_is_compiled_anew(kept, compilations, damage):
    again(rank_sets)(SIZES)
    [file] = kept.glob("*.kernel")
    file.write_bytes(file.read_bytes()[:100] if damage is None else damage)
    assert again(rank_sets)(SIZES).tolist() == [3, 0, 2, 1]
    again(rank_sets)(SIZES)
    assert compilations == ["rank_sets", "rank_sets"]


def test_code_that_asks_for_what_is_not_there_is_compiled_anew(kept, compilations):
    again(rank_sets)(SIZES)
    [file] = kept.glob("*.kernel")
    import pickle

    code = pickle.loads(file.read_bytes())
    file.write_bytes(pickle.dumps(code._replace(outside=[*code.outside, "a_function_of_no_library"])))
    assert again(rank_sets)(SIZES).tolist() == [3, 0, 2, 1]
    assert compilations == ["rank_sets", "rank_sets"]


def test_where_nothing_can_be_kept_kernels_work(compilations, monkeypatch):
    monkeypatch.setattr(machine, "folder", lambda: None)
    for _ in range(2):
        assert again(rank_sets)(SIZES).tolist() == [3, 0, 2, 1]
    assert compilations == ["rank_sets", "rank_sets"]


def test_kernels_of_others_are_not_kept(kept, compilations):
    @kernel
    def mixed(values):
        for k in range(values.size):
            values[k] = mix(values[k])

    values = np.arange(2, dtype=np.uint64)
    mixed(values)
    assert values.tolist() == [0, 0x5692161D100B05E5]
    assert machine.is_empty()


def test_an_error_inside_a_kernel_is_raised_also_where_it_was_loaded(kept, compilations):
    huge = np.array([2**45], np.int64)  # of whose counts no machine holds
    for function in (again(rank_sets), again(rank_sets)):
        with pytest.raises(MemoryError):
            function(huge)
    assert compilations == ["rank_sets"]


def test_what_the_c_library_has_is_for_kernels_only():
    with pytest.raises(TypeError, match="kernels only"):
        Outside("open", "int32", ("voidptr", "int32"))()


def test_named_tuples_are_told_apart_by_their_types():
    from dedup.kernels.emit import Strings

    strings = Strings(np.zeros(1, np.uint8), np.zeros(1, np.int64))
    assert jit._kind(strings) == jit._kind(Strings(np.ones(5, np.uint8), np.zeros(3, np.int64)))
    assert jit._kind(strings) != jit._kind(tuple(strings))
    assert jit._described(strings) != jit._described(tuple(strings))


PROGRAM = """
import sys
import dedup
dedup.strip("نص الخبر كما كتبه المحرر في الصحيفة.\\n\\nالمصدر: وكالات\\n")
print("numba" in sys.modules)
"""


def test_a_second_process_does_without_numba(tmp_path):
    told = [
        subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, cwd=tmp_path).stdout.strip()
        for _ in range(2)
    ]
    assert told[1] == "False"
    assert Path(machine.folder() or "").is_dir()
