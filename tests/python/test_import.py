"""`import dedup` loads nothing heavy, and every public name is there when it is asked for."""

from __future__ import annotations

import subprocess
import sys

import dedup
import pytest

HEAVY = ("numpy", "numba", "regex", "datasketch", "pyarrow", "pandas", "polars", "datasets", "typer", "tqdm", "xxhash")


def test_importing_loads_no_library():
    code = f"import sys, dedup; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "[]\n"


def test_cleaning_loads_no_table_library():
    code = f"import sys, dedup; dedup.clean(['text']); print([name for name in {HEAVY[4:8]!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("name", dedup.__all__)
def test_every_public_name_is_there(name):
    assert getattr(dedup, name) is not None


def test_a_name_that_is_none_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'dedup' has no attribute 'cleen'"):
        dedup.cleen  # noqa: B018


def test_a_library_that_is_missing_is_said_with_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(dedup.UsageError, match=r"pyarrow is not installed: pip install 'dedup\[arrow\]'"):
        dedup.clean(["One story."]).to_arrow()
