"""Exit codes: 0 done, 2 usage or configuration, 3 some inputs unreadable, 70 internal error, 130 interrupted."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

NOISE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256))  # no text in any encoding


def test_the_version_is_printed_on_stdout(cli):
    ran = cli("--version")
    assert ran.code == 0
    assert ran.lines[0].startswith("dedup ")


COMMANDS = {
    "claen pages -o out": "clean",
    "clean pages -o out --treshold 0.9": "--threshold",
    "clean pages -o out --threshold high": "--threshold",
    "clean pages -o out --threshold 1.5": "threshold must be above 0 and at most 1",
    "clean pages -o out --format doc": "format must be one of jsonl, jsonl.gz, jsonl.zst, parquet, txt, dolma",
    "clean pages -o out --bands 64": "bands and rows are given together",
    "clean pages -o out --bands 64 --rows 3 --num-perm 128": "num_perm",
    "clean pages -o out --prefer newest": "prefer: no source 'newest' among the documents",
    "clean pages -o out --disable ar/tag": "Did you mean 'ar/tags'?",
    "clean pages -o out --pack absent.toml": "absent.toml",
    "clean pages -o out --config absent.toml": "absent.toml",
    "clean pages": "--out",
    "clean no-such-folder -o out": "no-such-folder",
    "clean *.nothing -o out": "no glob that matches",
    "strip pages": "-o OUT",
    "strip - -o out": "-",
    "strip pages -o out --ledger ledger.jsonl": "--ledger",
    "pairs no-such-folder": "no-such-folder",
    "rules show ar/tag": "Did you mean 'ar/tags'?",
    "rules test ar/tag": "Did you mean 'ar/tags'?",
    "rules list --pack absent.toml": "absent.toml",
    "rules shwo ar/tags": "show",
}
FILES = {
    "unknown key": ("dedup.toml", "prefer = 'first'\ntreshold = 0.9\n", "dedup.toml:2: unknown key 'treshold'. Did you mean 'threshold'?"),
    "wrong type": ("dedup.toml", "threshold = 'high'\n", "'threshold' has a value of the wrong type: 'high'"),
    "no TOML": ("dedup.toml", "threshold = \n", "dedup.toml: cannot read the configuration"),
    "wrong choice": ("dedup.toml", "appended = 'move'\n", "dedup.toml:1: appended must be one of split, drop, keep, not 'move'"),
    "project": ("pyproject.toml", "[tool.dedup]\nmin-word = 3\n", "unknown key 'min-word'. Did you mean 'min_words'?"),
}
ENVIRONMENT = {
    "DEDUP_TRESHOLD=0.9": "Did you mean 'threshold'?",
    "DEDUP_THRESHOLD=high": "DEDUP_THRESHOLD",
    "DEDUP_REPEATS=perhaps": "DEDUP_REPEATS",
}
PACKS = {
    "missing key": ("[[rule]]\nid = 'x/a'\n", "own.toml:1: rule 'x/a': 'category' is missing"),
    "unknown key": (
        "language = 'x'\n\n[[rule]]\nid = 'x/a'\nphrase = ['a']\n",
        "own.toml:3: rule 'x/a': unknown key 'phrase'. Did you mean 'phrases'?",
    ),
    "no TOML": ("[[rule\n", "own.toml: cannot read the rule pack"),
    "rules": ("[[rules]]\nid = 'x/a'\n", "Did you mean 'rule'?"),
}
RUN = ("clean", "pages", "-o", "out")


QUESTIONS = {
    **{f"command {command}": {"arguments": command.split()} for command in COMMANDS},
    **{f"file {name}": {"arguments": RUN, "files": {file: text}} for name, (file, text, _) in FILES.items()},
    **{f"environment {pair}": {"arguments": RUN, "env": dict([pair.split("=")])} for pair in ENVIRONMENT},
    **{f"pack {name}": {"arguments": (*RUN, "--pack", "own.toml"), "files": {"own.toml": text}} for name, (text, _) in PACKS.items()},
}


def assert_refused(answer, hint: str) -> None:
    assert answer.ran.code == 2, answer.ran.stderr
    assert hint in answer.ran.stderr
    assert answer.ran.stdout == b""
    assert not (answer.home / "out").exists()


@pytest.mark.parametrize("command", COMMANDS)
def test_a_wrong_command_exits_2_and_says_what_would_be_right(answers, command):
    assert_refused(answers[f"command {command}"], COMMANDS[command])


@pytest.mark.parametrize("name", FILES)
def test_a_wrong_configuration_file_exits_2_with_the_line_and_the_right_key(answers, name):
    assert_refused(answers[f"file {name}"], FILES[name][2])


@pytest.mark.parametrize("pair", ENVIRONMENT)
def test_a_wrong_environment_variable_exits_2_and_is_named(answers, pair):
    assert_refused(answers[f"environment {pair}"], ENVIRONMENT[pair])


@pytest.mark.parametrize("name", PACKS)
def test_a_wrong_rule_pack_exits_2_with_its_line(answers, name):
    assert_refused(answers[f"pack {name}"], PACKS[name][1])


def test_flags_win_over_the_environment_and_the_environment_over_the_file(cli, page):
    (cli.home / "dedup.toml").write_text("threshold = 0.5\nmin-words = 5\nnum-perm = 256\n", encoding="utf-8")
    env = {"DEDUP_THRESHOLD": "0.6", "DEDUP_MIN_WORDS": "6"}
    assert cli("clean", page, "-o", "out", "--threshold", "0.7", env=env).code == 0
    config = json.loads((cli.home / "out" / "manifest.json").read_bytes())["config"]
    assert (config["threshold"], config["min_words"], config["num_perm"]) == (0.7, 6, 256)


def test_some_unreadable_inputs_exit_3_when_the_rest_is_done(cli, page, rows):
    (page / "noise.txt").write_bytes(NOISE)
    ran = cli("strip", page, "-o", "out")
    assert ran.code == 3
    assert "1 input could not be read" in ran.stderr
    assert [row["path"] for row in rows(cli.home / "out" / "unreadable.jsonl")] == ["noise.txt"]
    assert [row["id"] for row in rows(cli.home / "out" / "corpus.jsonl")] == ["bridge.txt"]


def test_a_folder_where_nothing_can_be_read_exits_3_and_writes_nothing(cli):
    folder = cli.home / "pages"
    folder.mkdir()
    (folder / "noise.txt").write_bytes(NOISE)
    ran = cli("clean", folder, "-o", "out")
    assert ran.code == 3
    assert "noise.txt" in ran.stderr
    assert os.listdir(cli.home) == ["pages"]


def test_an_empty_folder_exits_3_and_says_which_files_are_read(cli):
    (cli.home / "pages").mkdir()
    (cli.home / "pages" / "photo.jpg").write_bytes(b"\xff\xd8")
    ran = cli("clean", "pages", "-o", "out")
    assert ran.code == 3
    assert ".jsonl" in ran.stderr
    assert "1 files of other kinds" in ran.stderr
    assert not (cli.home / "out").exists()


@pytest.mark.parametrize("arguments", [("explain", "absent", "a.txt"), ("restore", "absent", "-o", "back")], ids=lambda each: each[0])
def test_looking_into_a_folder_that_is_not_ours_exits_3(cli, arguments):
    ran = cli(*arguments)
    assert ran.code == 3
    assert "no output folder of dedup" in ran.stderr
    assert os.listdir(cli.home) == []


def test_an_unknown_document_or_line_to_explain_exits_2(cli, done):
    ran = cli("explain", done.out, "tunnel.txt")
    assert (ran.code, "tunnel.txt" in ran.stderr) == (2, True)
    ran = cli("explain", done.out, "bridge.txt:999")
    assert (ran.code, "lines, not 999" in ran.stderr) == (2, True)


def test_a_disk_that_takes_no_more_exits_70_and_writes_nothing(cli, page):
    """A limit on the size of files stands for a full disk."""
    (page / "long.jsonl").write_text('{"text": "' + "خبر " * 30_000 + '"}\n', encoding="utf-8")
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[1]))
    try:
        process = cli.start("clean", page, "-o", "out", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    _, err = process.communicate()
    assert process.returncode == 70, err
    assert b"nothing was written" in err
    assert os.listdir(cli.home) == ["pages"]


def test_an_internal_error_exits_70_in_one_line_without_a_traceback(cli, page):
    """A defect is played by a module that cannot be imported."""
    broken = cli.home / "broken" / "xxhash"
    broken.mkdir(parents=True)
    (broken / "__init__.py").write_text("raise RuntimeError('played defect')\n", encoding="utf-8")
    paths = {"PYTHONPATH": os.pathsep.join([str(broken.parent), *filter(None, [os.environ.get("PYTHONPATH")])])}
    ran = cli("clean", page, "-o", "out", env=paths)
    assert ran.code == 70
    assert "played defect" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not (cli.home / "out").exists()
    shown = cli("clean", page, "-o", "out", env=paths | {"DEDUP_DEBUG": "1"})
    assert "Traceback" in shown.stderr


def wait_for(process: subprocess.Popen[bytes], home: Path, pattern: str) -> None:
    """Until a run has come as far as making a file, and a little further, so that a signal meets it in the middle."""
    for _ in range(60_000):
        if any(home.glob(pattern)):
            time.sleep(0.02)
            return
        assert process.poll() is None, "the run ended before it could be met: make it bigger"
        time.sleep(0.001)
    process.kill()
    pytest.fail(f"no {pattern} was made")


def test_an_interrupt_exits_130_and_leaves_nothing(cli, big):
    process = cli.start("clean", big, "-o", "out", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    wait_for(process, cli.home, ".out.*/corpus.jsonl")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    assert process.returncode == 130, err
    assert out == b""
    assert b"interrupted" in err
    assert b"Traceback" not in err
    assert os.listdir(cli.home) == []


@pytest.mark.parametrize("threads", ["1", "2"])
def test_an_interrupted_run_does_not_wait_for_its_input_to_end(cli, threads):
    process = cli.start("clean", "-", "-o", "out", "--threads", threads, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdin.write(b'{"text": "\xd8\xae\xd8\xa8\xd8\xb1"}\n')
    process.stdin.flush()
    wait_for(process, cli.home, ".out.*")
    process.send_signal(signal.SIGINT)
    assert process.wait(120) == 130
    assert os.listdir(cli.home) == []
    assert b"interrupted" in process.stderr.read()
    process.stdin.close()
    process.stderr.close()


def test_an_interrupted_filter_exits_130(cli, tmp_path):
    """It is met when it has begun to answer, with more to read."""
    record = json.dumps({"text": "خبر " * 2_000}, ensure_ascii=False).encode() + b"\n"
    with (tmp_path / "errors").open("wb") as errors:
        process = cli.start("strip", "-", stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors)

    def feed() -> None:
        with suppress(BrokenPipeError, ValueError):
            while process.poll() is None:
                process.stdin.write(record)

    feeder = threading.Thread(target=feed)
    feeder.start()
    assert process.stdout.read(1) == b"{"
    process.send_signal(signal.SIGINT)
    process.stdout.close()
    assert process.wait() == 130, (tmp_path / "errors").read_text("utf-8")
    feeder.join()
    with suppress(BrokenPipeError):
        process.stdin.close()
    assert "Traceback" not in (tmp_path / "errors").read_text("utf-8")
