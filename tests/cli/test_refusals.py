"""Outputs that somebody changed, places that may not be read or written, files that never end: each is refused with a reason."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import tempfile
from pathlib import Path

import pytest


def may_read_everything() -> bool:
    """Whether permissions mean nothing to this process, as they do to root."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "closed")
        path.touch(mode=0)
        return os.access(path, os.R_OK)


PATIENCE = 60  # seconds, until something is taken to hang


@pytest.mark.parametrize("path", ["../../x.txt", "/tmp/dedup-was-here.txt", "a/../../x.txt", ".."])
def test_restore_never_writes_outside_its_folder(cli, earlier, files_in, path):
    """Somebody wrote documents.jsonl by hand."""
    documents = earlier / "documents.jsonl"
    documents.write_text(documents.read_text("utf-8").replace('"path":"bridge.txt"', f'"path":{json.dumps(path)}'), "utf-8")
    before = files_in(cli.home)
    ran = cli("restore", earlier, "-o", "back")
    assert ran.code == 3
    assert "leads out of the folder" in ran.stderr
    assert files_in(cli.home) == before
    assert not os.path.lexists("/tmp/dedup-was-here.txt")


def test_restore_refuses_an_output_that_was_changed(cli, earlier):
    corpus = earlier / "corpus.jsonl"
    corpus.write_bytes(corpus.read_bytes().replace("جسر".encode(), "نهر".encode()))
    ran = cli("restore", earlier, "-o", "back")
    assert (ran.code, "was changed since the run" in ran.stderr) == (3, True)
    assert not (cli.home / "back").exists()


def test_restore_refuses_a_folder_that_holds_something(cli, page, done, files_in):
    before = files_in(page)
    ran = cli("restore", done.out, "-o", page)
    assert (ran.code, "not empty" in ran.stderr) == (2, True)
    assert files_in(page) == before


def test_files_that_never_end_are_refused(cli, page, rows):
    os.mkfifo(page / "pipe.txt")
    (page / "zero.txt").symlink_to("/dev/zero")
    process = cli.start("clean", page, "-o", "out", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    resource.prlimit(process.pid, resource.RLIMIT_AS, (8 << 30, 8 << 30))  # lest a defect here take the whole machine
    try:
        process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        pytest.fail("they are still being read")
    assert process.returncode == 3
    assert [row["path"] for row in rows(cli.home / "out" / "unreadable.jsonl")] == ["pipe.txt", "zero.txt"]


@pytest.mark.skipif(may_read_everything(), reason="this user may read everything")
def test_files_and_folders_without_permission_are_listed(cli, page, rows):
    (page / "secret.txt").write_text("سر", encoding="utf-8")
    (page / "cellar").mkdir()
    (page / "cellar" / "a.txt").write_text("سر", encoding="utf-8")
    (page / "secret.txt").chmod(0)
    (page / "cellar").chmod(0)
    try:
        ran = cli("clean", page, "-o", "out")
    finally:
        (page / "cellar").chmod(0o700)
        (page / "secret.txt").chmod(0o600)
    assert ran.code == 3
    assert {row["path"]: row["why"] for row in rows(cli.home / "out" / "unreadable.jsonl")} == {
        "cellar/": "Permission denied", "secret.txt": "Permission denied",
    }  # fmt: skip


@pytest.mark.skipif(may_read_everything(), reason="this user may write everywhere")
def test_a_place_that_may_not_be_written_exits_2(cli, page):
    (cli.home / "locked").mkdir(mode=0o500)
    ran = cli("clean", page, "-o", "locked/out")
    assert (ran.code, "cannot write there" in ran.stderr) == (2, True)
