"""Columns at rest are the columns they were, take no place in the folder, and a full disk is told."""

from __future__ import annotations

import errno
import gc
import mmap
import os
import tempfile
from pathlib import Path

import numpy as np
import pytest
from dedup import resting
from dedup.columns import Columns
from dedup.io.store import REST_PART, BlockStore
from dedup.resting import can_rest, let_go, put_to_rest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as shaped

pytestmark = pytest.mark.skipif(not can_rest(), reason="this system cannot be told to let go of mapped memory")


@given(shaped.arrays(shaped.integer_dtypes() | shaped.floating_dtypes(), shaped.array_shapes(max_dims=1)))
def test_a_column_at_rest_is_the_column(tmp_path_factory, column):
    folder = tmp_path_factory.mktemp("rest")
    rested = put_to_rest(column, folder)
    for _ in range(2):
        assert rested.dtype == column.dtype
        assert rested.tobytes() == column.tobytes()
        let_go()
    assert not rested.flags.writeable
    assert list(folder.iterdir()) == []


def test_a_column_that_nobody_has_is_given_up(tmp_path):
    before = len(resting._resting)
    rested = put_to_rest(np.arange(9), tmp_path)
    assert len(resting._resting) == before + 1
    del rested
    gc.collect()
    assert len(resting._resting) == before


def test_only_large_columns_rest(tmp_path):
    store = BlockStore(8 * 100 * REST_PART, tmp_path)
    small, large = np.arange(100), np.arange(101)
    assert store.rest(small) is small
    assert store.rest(large) is not large
    assert BlockStore(1 << 62, tmp_path / "missing").rest(large) is large


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no file here that is always full")
def test_a_full_disk_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: open("/dev/full", "wb", buffering=0))  # noqa: SIM115 - closed by what asks for it
    with pytest.raises(OSError, match="No space left"):
        put_to_rest(np.arange(9), tmp_path)


def test_where_no_file_can_be_mapped_the_column_is_read(tmp_path, monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))

    monkeypatch.setattr(mmap, "mmap", refuse)
    assert put_to_rest(np.arange(9), tmp_path).tolist() == list(range(9))


@given(st.lists(shaped.arrays(np.int32, st.integers(0, 9)), min_size=1), st.integers(0, 40), st.integers(1, 2))
def test_columns_that_grow_are_their_parts(tmp_path_factory, parts, limit, threads):
    store = BlockStore(REST_PART * limit, tmp_path_factory.mktemp("grow"))
    columns = Columns(["a", "b"], store, threads)
    for part in parts:
        columns.add({"a": part, "b": part.astype(np.uint8)})
    whole = columns.whole()
    assert whole["a"].tolist() == np.concatenate(parts).tolist()
    assert whole["b"].tolist() == np.concatenate(parts).astype(np.uint8).tolist()
    assert [whole["a"].dtype, whole["b"].dtype] == [np.int32, np.uint8]
    assert whole["a"].flags.writeable == (whole["a"].nbytes <= limit)
