"""The output folder is complete or absent, ours or refused, and untouched where nothing changed."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest
import xxhash
from dedup.errors import DedupError
from dedup.io.output import OutputFolder

FILES = ["corpus.jsonl", "documents.jsonl", "ledger.jsonl", "manifest.json", "report.html", "unreadable.jsonl"]


def is_complete(folder) -> bool:
    """Every file is there and is what the manifest says."""
    import json

    outputs = json.loads((folder / "manifest.json").read_bytes())["outputs"]
    return sorted(os.listdir(folder)) == FILES and all(
        xxhash.xxh3_128_hexdigest((folder / name).read_bytes()) == digest for name, digest in outputs.items()
    )


def test_a_run_writes_its_files_and_the_folders_above_and_nothing_else(done):
    assert is_complete(done.out)
    assert sorted(path.name for path in done.cli.home.rglob("*")) == sorted([*FILES, "bridge.txt", "folders", "new", "out", "pages"])


def test_an_equal_run_leaves_the_folder_untouched_and_says_so(done):
    before = {path: path.stat() for path in [done.out, *done.out.iterdir()]}
    ran = done.cli("clean", done.page, "-o", done.out, "--threads", "1")
    assert ran.code == 0
    assert "nothing changed" in ran.stderr
    for path, stat in before.items():
        now = path.stat()
        assert (now.st_mtime_ns, now.st_ino) == (stat.st_mtime_ns, stat.st_ino)


def test_an_earlier_output_is_replaced_whole(cli, page, earlier, rows):
    (earlier / "corpus").mkdir()
    (earlier / "corpus" / "bridge.txt").write_text("as if in format txt", encoding="utf-8")
    (page / "bridge.txt").rename(page / "new.txt")
    assert cli("clean", page, "-o", "out").code == 0
    assert is_complete(earlier)
    assert [row["id"] for row in rows(earlier / "corpus.jsonl")] == ["new.txt"]
    assert sorted(os.listdir(cli.home)) == ["out", "pages"]


@pytest.mark.parametrize("change", ["a file more", "other bytes of the same size"])
def test_an_output_that_was_changed_is_written_again(cli, page, earlier, change):
    good = (earlier / "corpus.jsonl").read_bytes()
    if change == "a file more":
        (earlier / "notes.txt").write_text("mine", encoding="utf-8")
    else:
        (earlier / "corpus.jsonl").write_bytes(good.replace(b"bridge", b"brigde"))
    assert cli("clean", page, "-o", "out", "--json").rows[0]["changed"] is True
    assert is_complete(earlier)
    assert (earlier / "corpus.jsonl").read_bytes() == good


def test_a_folder_that_is_not_ours_is_refused_and_left_alone(cli, page, files_in):
    other = cli.home / "thesis"
    other.mkdir()
    (other / "manifest.json").write_text('{"name": "somebody else\'s"}', encoding="utf-8")
    (other / "chapter.txt").write_text("dear to somebody", encoding="utf-8")
    before = files_in(cli.home)
    ran = cli("clean", page, "-o", other)
    assert (ran.code, "no output of dedup" in ran.stderr) == (2, True)
    assert files_in(cli.home) == before


def test_the_input_folder_as_output_is_refused(cli, page, files_in):
    before = files_in(cli.home)
    assert cli("clean", page, "-o", page).code == 2
    assert files_in(cli.home) == before


def test_a_file_as_output_is_refused(cli, page, files_in):
    (cli.home / "out").write_text("a file", encoding="utf-8")
    before = files_in(cli.home)
    assert [ran.code for ran in cli.all(("clean", page, "-o", "out"), ("clean", page, "-o", "out/deeper"))] == [2, 2]
    assert files_in(cli.home) == before


def test_an_output_inside_the_source_is_not_read_as_input(cli, page):
    """Not by its name, nor through a link, nor what a killed run left of it."""
    left = page / ".out.x1y2z3"
    left.mkdir()
    (left / "corpus.jsonl").write_text('{"id": "half", "text": "half a corpus"}\n', encoding="utf-8")
    (cli.home / "link").symlink_to(page)
    first = cli("clean", page, "-o", cli.home / "link" / "out", "--json").rows[0]
    assert (first["documents_in"], first["unreadable"]) == (1, 0)
    again = cli("clean", cli.home / "link", "-o", page / "out", "--json").rows[0]
    assert (again["documents_in"], again["unreadable"]) == (1, 0)


def test_an_earlier_output_inside_the_source_is_passed_over(cli, page, earlier):
    earlier.rename(page / "first")
    ran = cli("clean", page, "-o", "second", "--json")
    assert (ran.code, ran.rows[0]["documents_in"]) == (0, 1)


def test_of_an_output_given_as_source_the_corpus_is_read_and_nothing_else(cli, earlier, rows):
    ran = cli("clean", earlier, "-o", "second")
    assert ran.code == 0
    assert [row["text"] for row in rows(cli.home / "second" / "corpus.jsonl")] == [row["text"] for row in rows(earlier / "corpus.jsonl")]


def test_a_failure_leaves_no_partial_folder_and_an_earlier_output_as_it_was(cli, page, earlier, files_in):
    before = files_in(cli.home)
    (cli.home / "nothing").mkdir()
    wrong = [(page, "--disable", "no/rule"), (page, "--threshold", "7"), ("absent",), ("nothing",)]
    assert [ran.code for ran in cli.all(*(("clean", *each, "-o", "out") for each in wrong))] == [2, 2, 2, 3]
    assert files_in(cli.home) == before
    assert sorted(os.listdir(cli.home)) == ["nothing", "out", "pages"]


def start_and_meet(cli, big, pattern: str) -> subprocess.Popen[bytes]:
    """A run that has come as far as making what `pattern` says, and a little further."""
    process = cli.start("clean", big, "-o", "out", "--quiet")
    for _ in range(60_000):
        if any(cli.home.glob(pattern)):
            time.sleep(0.02)
            return process
        assert process.poll() is None, "the run ended before it could be met: make it bigger"
        time.sleep(0.001)
    process.kill()
    pytest.fail(f"no {pattern} was made")


def test_a_run_that_is_killed_while_it_reads_leaves_no_output(cli, big):
    process = start_and_meet(cli, big, ".out.*")
    process.kill()
    assert process.wait() == -signal.SIGKILL
    assert not (cli.home / "out").exists()


def test_a_run_that_is_killed_while_it_writes_leaves_an_earlier_output_as_it_was_and_disturbs_no_later_run(
    cli, big, page, earlier, files_in
):
    before = files_in(earlier)
    process = start_and_meet(cli, big, ".out.*/corpus.jsonl")
    process.kill()
    assert process.wait() == -signal.SIGKILL
    assert files_in(earlier) == before
    assert cli("clean", page, "-o", "out", "--prefer", "first").code == 0
    assert is_complete(earlier)


def test_a_run_that_is_asked_to_end_clears_up(cli, big):
    process = start_and_meet(cli, big, ".out.*/corpus.jsonl")
    process.terminate()
    assert process.wait() != 0
    assert os.listdir(cli.home) == []


def test_two_runs_at_once_into_one_folder_leave_a_complete_output(cli, page, earlier):
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    runs = [cli.start("clean", page, "-o", "out", "--seed", seed, **quiet) for seed in ("2", "3")]
    errors = [run.communicate()[1] for run in runs]
    assert is_complete(earlier)
    assert 0 in [run.returncode for run in runs]
    assert all(b"Traceback" not in error for error in errors)
    assert sorted(os.listdir(cli.home)) == ["out", "pages"]


@pytest.mark.parametrize(
    "before",
    ["nothing", "an earlier output"],
)
def test_two_runs_that_finish_in_the_same_moment_leave_one_of_both_and_no_debris(tmp_path, monkeypatch, before):
    """The second comes in just when the first is about to put its folder in place."""
    target = tmp_path / "out"
    if before != "nothing":
        target.mkdir()
        (target / "manifest.json").write_text('{"dedup": "earlier"}', encoding="utf-8")
    rename = Path.rename
    waiting = []

    def race(path: Path, to: Path) -> Path:
        if Path(to) == target and waiting:
            waiting.pop().finish()
        return rename(path, to)

    with OutputFolder(target) as first, OutputFolder(target) as second:
        for folder, name in ((first, "first"), (second, "second")):
            (folder.path / "manifest.json").write_text(f'{{"dedup": "{name}"}}', encoding="utf-8")
        waiting.append(second)
        monkeypatch.setattr(Path, "rename", race)
        with suppress(OSError, DedupError):
            first.finish()
    assert (target / "manifest.json").read_text("utf-8") in ('{"dedup": "first"}', '{"dedup": "second"}')
    assert os.listdir(tmp_path) == ["out"]
