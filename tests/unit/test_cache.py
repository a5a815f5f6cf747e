"""What is kept between runs is made once, made again when it cannot be read, and never read from a folder of somebody else."""

from __future__ import annotations

import os
import pickle

import pytest
from dedup import cache
from dedup.cache import cache_folder, digest_of, kept


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The program in a place that cannot be written, so that the user's cache is used."""
    program = tmp_path / "program"
    program.write_text("a file, and no folder", encoding="utf-8")
    monkeypatch.setattr(cache, "HERE", program)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "dedup" / "made"


class Maker:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self) -> dict[str, int]:
        self.asked += 1
        return {"rules": 7}


def test_a_thing_is_made_once_and_then_read(folder):
    make = Maker()
    assert kept("rules", "d1", make) == kept("rules", "d1", make) == {"rules": 7}
    assert make.asked == 1
    assert [path.name for path in folder.iterdir()] == ["rules-d1.pickle"]


def test_another_digest_or_name_is_another_thing(folder):
    make = Maker()
    for name, digest in (("rules", "d1"), ("rules", "d2"), ("triggers", "d1")):
        kept(name, digest, make)
    assert make.asked == 3


@pytest.mark.parametrize("left", [b"", b"no pickle", pickle.dumps([1])[:-2], b"cdedup.gone\nThing\n.", b"\x80\x05\x8c\xff."])
def test_what_cannot_be_read_is_made_again_and_replaced(folder, left):
    make = Maker()
    kept("rules", "d1", make)
    (folder / "rules-d1.pickle").write_bytes(left)
    assert kept("rules", "d1", make) == {"rules": 7}
    assert make.asked == 2
    assert pickle.loads((folder / "rules-d1.pickle").read_bytes()) == {"rules": 7}


def test_where_nothing_can_be_written_it_is_made_each_time(monkeypatch):
    monkeypatch.setattr(cache, "cache_folder", lambda _: None)
    make = Maker()
    assert kept("rules", "d1", make) == kept("rules", "d1", make)
    assert make.asked == 2


def test_a_full_disk_costs_the_cache_and_not_the_run(folder, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr(os, "replace", full)
    make = Maker()
    assert kept("rules", "d1", make) == {"rules": 7}
    assert not list(folder.iterdir()), "nothing half written is left"


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="folders have no owners here")
def test_a_folder_that_somebody_else_made_is_not_used(folder, monkeypatch, tmp_path):
    kept("rules", "d1", Maker())
    monkeypatch.setattr(cache.tempfile, "gettempdir", lambda: str(tmp_path / "program"))
    owner = os.getuid()
    monkeypatch.setattr(cache, "_user", lambda: owner + 1)
    assert cache_folder("made") is None


def test_the_digest_follows_the_contents_and_what_else_is_given(tmp_path):
    (tmp_path / "a").write_bytes(b"one")
    (tmp_path / "b").write_bytes(b"two")
    files = [tmp_path / "a", tmp_path / "b"]
    digests = [digest_of(files), digest_of(files, "x"), digest_of(files, "x", "y"), digest_of(files[::-1])]
    assert digest_of(files) == digests[0]
    (tmp_path / "b").write_bytes(b"two!")
    assert len({*digests, digest_of(files)}) == 5
