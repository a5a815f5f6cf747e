"""Files that are read once, and leave the system's cache as it was."""

from __future__ import annotations

import os
import threading

import pytest
from dedup.io import passing as module
from dedup.io.passing import is_cold, passing


@pytest.mark.parametrize("cold", [True, False])
@pytest.mark.parametrize("size", [0, 1, 4095, 100_000])
def test_what_is_read_is_what_is_there(tmp_path, monkeypatch, cold, size):
    monkeypatch.setattr(module, "is_cold", lambda _: cold)
    monkeypatch.setattr(module, "STEP", 5000)
    path = tmp_path / "large"
    data = os.urandom(size)
    path.write_bytes(data)
    with passing(path) as file:
        parts = []
        while part := file.read(7000):
            assert file.tell() == sum(map(len, parts)) + len(part)
            parts.append(part)
    assert b"".join(parts) == data
    with passing(path) as file:
        assert file.read() == data


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names")
def test_a_pipe_gives_all_it_has(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=[b"x" * 100_000])
    writer.start()
    with passing(path) as file:
        assert file.read() == b"x" * 100_000
    writer.join()


def test_a_small_file_is_not_asked_about(tmp_path):
    path = tmp_path / "small"
    path.write_bytes(b"x")
    with path.open("rb") as file:
        assert not is_cold(file.fileno())


@pytest.mark.skipif(not hasattr(os, "posix_fadvise") or not hasattr(os, "RWF_NOWAIT"), reason="this system cannot be asked")
def test_a_file_just_written_is_in_the_cache_and_one_that_passed_is_not(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "LARGE", 1 << 20)
    monkeypatch.setattr(module, "STEP", 1 << 18)
    path = tmp_path / "large"
    path.write_bytes(os.urandom(1 << 21))
    with path.open("rb") as file:
        assert not is_cold(file.fileno())
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        if not is_cold(file.fileno()):
            pytest.skip("this file system keeps all in memory, or cannot say")
        with passing(path) as passed:
            assert len(passed.read(1 << 21)) == 1 << 21
        assert is_cold(file.fileno())


def test_a_file_system_that_cannot_say_counts_as_warm(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError("not supported")

    monkeypatch.setattr(module, "LARGE", 1)
    monkeypatch.setattr(os, "preadv", refuse, raising=False)
    path = tmp_path / "large"
    path.write_bytes(b"xyz")
    with path.open("rb") as file:
        assert not is_cold(file.fileno())
