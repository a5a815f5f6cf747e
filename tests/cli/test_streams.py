"""Data on stdout, everything else on stderr; bars on terminals only; a reader that goes away is no error."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import struct
import subprocess
import termios


def test_the_summary_goes_to_stderr_and_stdout_stays_empty(done):
    assert (done.ran.code, done.ran.stdout) == (0, b"")
    assert "1 document read, 1 kept" in done.ran.stderr
    assert "ar/source-credit 1" in done.ran.stderr


def test_json_is_one_object_on_stdout_with_the_counts_of_the_manifest_also_when_some_inputs_are_unreadable(cli, page):
    (page / "broken.jsonl").write_bytes(b"{]\n")
    ran = cli("clean", page, "-o", "out", "--json")
    (summary,) = ran.rows
    assert (ran.code, ran.stderr) == (3, "")
    assert (summary["changed"], summary["unreadable"]) == (True, 1)
    counts = json.loads((cli.home / "out" / "manifest.json").read_bytes())["counts"]
    assert {name: summary[name] for name in counts} == counts
    assert (summary["documents_in"], summary["documents_out"], summary["removed"]["boilerplate"]) == (1, 1, 2)


def test_a_failure_with_json_prints_no_half_object(cli):
    ran = cli("clean", "absent", "-o", "out", "--json")
    assert (ran.code, ran.stdout) == (2, b"")
    assert "absent" in ran.stderr


def test_no_bar_is_drawn_where_stderr_is_no_terminal(done):
    assert "\r" not in done.ran.stderr
    assert "\x1b" not in done.ran.stderr
    assert "%|" not in done.ran.stderr


def on_a_terminal(cli, *args: object) -> str:
    """What a run writes when its streams are a terminal."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    process = cli.start(*args, stdout=theirs, stderr=theirs)
    os.close(theirs)
    seen = b""
    while True:
        try:
            some = os.read(ours, 1 << 16)
        except OSError:  # the other end is closed
            break
        if not some:
            break
        seen += some
    os.close(ours)
    assert process.wait() == 0
    return seen.decode("utf-8")


def test_a_terminal_sees_bars_that_are_wiped_away_before_the_summary(cli, page):
    seen = on_a_terminal(cli, "clean", page, "-o", "out")
    assert "reading" in seen
    assert "\r" in seen
    before, _, after = seen.partition("1 document read")
    assert before.endswith(("\r", "\x1b[K"))
    assert "%|" not in after


def test_quiet_says_nothing_at_all_not_even_on_a_terminal(cli, page):
    assert on_a_terminal(cli, "clean", page, "-o", "out", "--quiet") == ""


def close_early(cli, *args: object, stdin: bytes = b"") -> tuple[int, bytes]:
    """Run with a reader on stdout that goes away at once; returns exit code and stderr."""
    reading, writing = os.pipe()
    process = cli.start(*args, stdin=subprocess.PIPE, stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    os.close(reading)
    _, err = process.communicate(stdin)
    return process.returncode, err


def test_a_broken_pipe_is_quiet_for_a_list_of_rules(cli):
    assert close_early(cli, "rules", "list") == (0, b"")


def test_a_broken_pipe_is_quiet_for_the_filter(cli):
    lines = b"".join(json.dumps({"id": k, "text": "سطر أول\nTags: أ"}, ensure_ascii=False).encode() + b"\n" for k in range(3_000))
    code, err = close_early(cli, "strip", "-", stdin=lines)
    assert (code, err) == (0, b"")


def test_a_broken_pipe_is_quiet_for_explain(cli, done):
    assert close_early(cli, "explain", done.out, "bridge.txt") == (0, b"")


def test_a_broken_pipe_is_quiet_for_the_summary_as_json(cli, page):
    assert close_early(cli, "clean", page, "-o", "out", "--json") == (0, b"")


def test_a_terminal_that_knows_no_arabic_gets_escapes_and_no_error(cli, done):
    ran = cli("explain", done.out, "bridge.txt", env={"PYTHONIOENCODING": "ascii"})
    assert ran.code == 0, ran.stderr
    assert b"bridge.txt:9: boilerplate, ar/source-credit" in ran.stdout


def test_help_names_every_command(cli):
    ran = cli("--help")
    assert ran.code == 0
    for command in ("clean", "strip", "pairs", "explain", "restore", "rules"):
        assert command in ran.stdout.decode()
