"""`dedup diff`: what would go, nothing written."""

from __future__ import annotations

import json
import os
import pty
import subprocess

import pytest


@pytest.fixture(scope="module")
def whole(shared_cli, samples):
    return shared_cli("diff", samples)


@pytest.fixture
def twins(cli, prose):
    """Two documents of which one would go for the other, one word apart."""
    (cli.home / "pages").mkdir()
    text = f"{prose(1)} وختم المدير حديثه بالشكر"
    (cli.home / "pages" / "a.txt").write_text(f"{text} للعمال\n{prose(5)}\nAdvertisement\n", encoding="utf-8")
    (cli.home / "pages" / "b.txt").write_text(f"{text} للبحارة\n{prose(6)}\n{prose(7)}\n", encoding="utf-8")
    return cli


def test_every_removal_of_a_run_is_shown_with_its_reason_and_nothing_is_written(shared_cli, samples, whole):
    before = sorted(os.listdir(shared_cli.home))
    assert whole.code == 0
    assert shared_cli("diff", samples).stdout == whole.stdout
    assert sorted(os.listdir(shared_cli.home)) == before
    assert "  - Advertisement" in whole.lines
    assert any(line.endswith(": boilerplate, ar/read-also") for line in whole.lines)
    assert "35 of 37 documents would change" in whole.stderr


def test_the_twin_of_a_duplicate_is_named_with_the_words_that_differ(twins):
    lines = twins("diff", "pages").lines
    at = next(k for k, line in enumerate(lines) if line.endswith(": duplicate"))
    assert lines[at + 1].endswith("وختم المدير حديثه بالشكر [-للعمال-]")
    assert lines[at + 2].startswith("  stands in b.txt:1, similarity 0.9")
    assert lines[at + 3].endswith("وختم المدير حديثه بالشكر {+للبحارة+}")


def test_moves_are_shown_as_moves(whole):
    at = next(k for k, line in enumerate(whole.lines) if "a document of its own" in line)
    assert ": moved, appended/" in "".join(whole.lines[at - 2 : at])
    assert whole.lines[at + 1].startswith("  > ")


def test_reasons_and_rules_can_be_chosen(shared_cli, samples):
    ran = shared_cli("diff", samples, "--reason", "duplicate")
    heads = [line for line in ran.lines if line.startswith("line")]
    assert heads
    assert all(line.endswith(": duplicate") for line in heads)
    ran = shared_cli("diff", samples, "--rule", "ar/ad-label", "--rule", "structure/")
    found = {line.rpartition(", ")[2] for line in ran.lines if line.startswith("line")}
    assert "ar/ad-label" in found
    assert all(rule == "ar/ad-label" or rule.startswith("structure/") for rule in found)


def test_an_unknown_reason_or_form_is_refused(shared_cli, samples):
    ran, other = shared_cli.all(("diff", samples, "--reason", "noise"), ("diff", samples, "--format", "html"))
    assert (ran.code, other.code) == (2, 2)
    assert "there are boilerplate, repeated" in ran.stderr
    assert "text or unified" in other.stderr


def test_a_limit_says_what_it_leaves_out(shared_cli, samples):
    ran = shared_cli("diff", samples, "--limit", "2")
    assert sum("characters go" in line for line in ran.lines) == 2
    assert "35 of 37 documents would change; shown: the first 2 (--limit)" in ran.stderr


def test_context_is_as_asked(twins):
    none, some = twins("diff", "pages", "--context", "0"), twins("diff", "pages")
    assert not any(line.startswith("  | ") for line in none.lines)
    assert any(line.startswith("  | ") for line in some.lines)


def test_in_a_pipe_there_is_no_colour_unless_it_is_asked_for(twins):
    assert b"\x1b" not in twins("diff", "pages").stdout
    assert b"\x1b[31m" in twins("diff", "pages", env={"FORCE_COLOR": "1"}).stdout
    assert b"\x1b" not in twins("diff", "pages", env={"FORCE_COLOR": "1", "NO_COLOR": "1"}).stdout


def test_on_a_terminal_lines_are_coloured_and_fit(twins):
    from dedup.text.cells import width

    ours, theirs = pty.openpty()
    process = twins.start("diff", "pages", env={"COLUMNS": "50", "TERM": "xterm"}, stdout=theirs, stderr=subprocess.DEVNULL)
    os.close(theirs)
    seen = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # Linux says so when the other side is closed
            break
        if not part:
            break
        seen += part
    os.close(ours)
    assert process.wait() == 0
    assert b"\x1b[1;4;31m" in seen
    import regex

    lines = regex.sub(r"\x1b\[[0-9;]*m", "", seen.decode()).split("\r\n")
    assert len(lines) > 10
    assert all(width(line) <= 50 for line in lines)


def test_records_are_named_with_file_and_line_and_hostile_ones_are_written_out(cli, prose):
    row = {"id": "a\nb\u202e", "text": f"{prose(1)}\n\x1b[31m Advertisement\nAdvertisement\n"}
    (cli.home / "in.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    ran = cli("diff", "in.jsonl")
    assert ran.lines[0].startswith(r"a\nb\u202e: ")
    assert ran.lines[1] == "  read from in.jsonl:1"
    assert b"\x1b" not in ran.stdout


def test_the_unified_form_names_files_and_counts_lines(twins):
    ran = twins("diff", "pages", "--format", "unified")
    assert ran.lines[:3] == ["--- a/a.txt", "+++ b/a.txt", "@@ -1,3 +1 @@"]
    assert ran.lines[-1] == "-Advertisement"


def test_inputs_that_cannot_be_read_are_counted_and_exit_3(twins):
    (twins.home / "pages" / "noise.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff")
    ran = twins("diff", "pages")
    assert ran.code == 3
    assert "1 input could not be read" in ran.stderr
    assert ran.lines
