"""Corpora through pipes: JSONL on stdin, the corpus on stdout, the filter on several processes."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import time

import pytest

CREDIT = "المصدر: وكالات"


@pytest.fixture(scope="module")
def lines(prose):
    """Records of which one is said twice, with noise at their ends."""
    rows = [{"id": f"r{k}", "source": "s", "text": f"{prose(k % 4)}\n\n{CREDIT}\n", "n": k} for k in range(5)]
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


def test_clean_from_stdin_to_stdout_is_clean_from_a_file_into_a_folder(cli, lines):
    (cli.home / "in.jsonl").write_bytes(lines)
    folder, piped, backwards = cli.all(
        ("clean", "in.jsonl", "-o", "out"), ("clean", "-", "-o", "-", "--ledger", "ledger.jsonl"), ("clean", "-", "-o", "from-stdin"),
        stdin=lines,
    )  # fmt: skip
    assert [ran.code for ran in (folder, piped, backwards)] == [0] * 3
    assert piped.stdout == (cli.home / "out" / "corpus.jsonl").read_bytes()
    assert (cli.home / "from-stdin" / "corpus.jsonl").read_bytes() == piped.stdout
    assert (cli.home / "ledger.jsonl").read_bytes() == (cli.home / "out" / "ledger.jsonl").read_bytes()
    assert [row["id"] for row in piped.rows] == ["r0", "r1", "r2", "r3"]
    assert "5 documents read, 4 kept" in piped.stderr
    assert "the corpus went to stdout" in piped.stderr
    assert cli("restore", "from-stdin", "-o", "back").code == 0
    assert (cli.home / "back" / "stdin").read_bytes() == lines


def test_lines_that_are_no_records_are_told_on_stderr_and_cost_exit_3(cli, lines):
    ran = cli("clean", "-", "-o", "-", stdin=b"{]\n" + lines)
    assert ran.code == 3
    assert len(ran.rows) == 4
    assert "stdin:1: no JSON record" in ran.stderr


WRONG = {
    "clean - -o - --format txt": "--format txt is a folder",
    "clean - -o - --format dolma": "--format dolma is a folder",
    "clean - -o - --json": "--json and -o - both write to stdout",
    "clean pages -o out --ledger l.jsonl": "--ledger is for -o -",
    "clean pages -o - --ledger absent/l.jsonl": "absent",
    "clean - -o -": "no record in it",
}
QUESTIONS = {
    **{command: {"arguments": command.split()} for command in WRONG},
    "strip to stdout": {"arguments": ("strip", "pages", "-o", "-")},
    "packed": {"arguments": ("clean", "pages", "-o", "-", "-q", "--format", "jsonl.gz")},
    "pairs": {"arguments": ("pairs", "-"), "stdin": b'{"text":"\xd8\xa3"}\n'},
}


@pytest.mark.parametrize("command", WRONG)
def test_what_cannot_go_through_a_pipe_is_said_and_stdout_stays_empty(answers, command):
    ran = answers[command].ran
    assert ran.code == (3 if command == "clean - -o -" else 2), ran.stderr
    assert ran.stdout == b""
    assert WRONG[command] in ran.stderr


def test_strip_of_a_folder_can_go_to_stdout_and_pairs_can_come_from_stdin(answers):
    ran = answers["strip to stdout"].ran
    assert (ran.code, [row["id"] for row in ran.rows]) == (0, ["bridge.txt"])
    assert CREDIT not in ran.rows[0]["text"]
    assert (answers["pairs"].ran.code, answers["pairs"].ran.stdout) == (0, b"")


def test_a_packed_corpus_goes_to_stdout_as_it_is(answers):
    ran = answers["packed"].ran
    assert (ran.code, ran.stderr) == (0, "")
    assert b"bridge.txt" in gzip.decompress(ran.stdout)


@pytest.fixture(scope="module")
def many(prose):
    """Several batches of the filter: every record with noise, in an order of their own."""
    long = "\n\n".join(map(prose, range(12)))
    rows = [json.dumps({"id": f"{k * 7919 % 3001:05}", "text": f"{long}\n\n{k}\n{CREDIT}\n"}, ensure_ascii=False) for k in range(1200)]
    return ("\n".join(rows) + "\n").encode()


def test_the_filter_keeps_the_order_and_gives_the_same_on_any_number_of_processes(cli, many):
    one = cli("strip", "-", "--threads", "1", "--ledger", "one.jsonl", stdin=many)
    three = cli("strip", "-", "--threads", "3", "--ledger", "three.jsonl", stdin=many)
    assert (one.code, three.code, one.stderr, three.stderr) == (0, 0, "", "")
    assert one.stdout == three.stdout
    assert (cli.home / "one.jsonl").read_bytes() == (cli.home / "three.jsonl").read_bytes()
    assert [row["id"] for row in three.rows] == [json.loads(line)["id"] for line in many.split(b"\n")[:-1]]
    assert not any(CREDIT in row["text"] for row in three.rows)


def test_a_reader_that_goes_away_in_the_middle_ends_all_processes_quietly(cli, many):
    process = cli.start("strip", "-", "--threads", "2", stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    _, err = process.communicate(many)
    assert (process.returncode, err) == (0, b"")


def test_an_interrupt_in_the_middle_ends_the_filter_without_a_traceback(cli, many):
    process = cli.start("strip", "-", "--threads", "2", stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    os.set_blocking(process.stdout.fileno(), True)
    feeder = os.fork()
    if feeder == 0:  # feeds without end
        try:
            process.stdout.close()
            while True:
                process.stdin.write(many)
        finally:
            os._exit(0)
    process.stdin.close()
    assert process.stdout.read(1 << 20)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    os.kill(feeder, signal.SIGTERM)
    os.waitpid(feeder, 0)
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert process.wait() == 130
    assert b"Traceback" not in err


@pytest.mark.parametrize("closed", [(1,), (2,), (1, 2)])
def test_a_run_does_without_streams_that_were_closed_before_it_began(cli, lines, closed):
    (cli.home / "closed.jsonl").write_bytes(lines)
    out = f"without-{len(closed)}-{closed[0]}"
    process = cli.start(
        "clean", "closed.jsonl", "-o", out, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=lambda: [os.close(number) for number in closed],
    )  # fmt: skip
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert (cli.home / out / "report.html").exists()
