"""Unified diffs: what `patch` would make of them."""

from __future__ import annotations

import shutil
import subprocess

import pytest
import regex
from dedup.diff import Change
from dedup.report.unified import unified
from hypothesis import given
from hypothesis import strategies as st

HUNK = regex.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@\n")
NO_END = "\n\\ No newline at end of file\n"


def change(text, gone, moved=()):
    """A document with removals, and moves that become documents of their own."""
    removed = [{"action": "remove", "start": start, "end": end} for start, end in gone]
    moves = [{"action": "move", "start": start, "end": end} for start, end in moved]
    left = {"x": _kept(text, [*gone, *moved])}
    for number, (start, end) in enumerate(moved, 2):
        left[f"x#{number}"] = _kept(text, [*gone, (0, start), (end, len(text))])
    return Change("x", "x", text, [], [*moves, *removed], left)


def _kept(text, gone):
    return "".join(letter for at, letter in enumerate(text) if not any(start <= at < end for start, end in gone))


def patched(text, hunks):
    """The text with a diff applied, every line of it checked."""
    lines, made, at = text.split("\n"), [], 0
    lines = [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    headed = [(match, hunks[match.end() : following]) for match, following in _bodies(hunks)]
    for match, body in headed:
        begin = int(match[1]) - (match[2] != "0")
        made += lines[at:begin]
        at = begin
        old = new = 0
        for line in regex.findall(r"[ +\-][^\n]*\n(?:\\[^\n]*\n)?", body):
            content = line[1:].removesuffix(NO_END) if line.endswith(NO_END) else line[1:]
            if line[0] in " -":
                assert lines[at] == content
                at, old = at + 1, old + 1
            if line[0] in " +":
                made.append(content)
                new += 1
        assert (old, new) == (int(match[2] or 1), int(match[4] or 1))
        assert len("".join(made).split("\n")) >= int(match[3])
    return "".join([*made, *lines[at:]])


def _bodies(hunks):
    found = list(HUNK.finditer(hunks))
    return [(match, found[k + 1].start() if k + 1 < len(found) else len(hunks)) for k, match in enumerate(found)]


@st.composite
def edited(draw):
    text = draw(st.text(st.sampled_from("ab\n\n\r"), max_size=40))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    return text, list(zip(cuts[::2], cuts[1::2], strict=False))


@given(edited(), st.integers(0, 3))
def test_a_patch_makes_of_a_text_what_stays_of_it(drawn, context):
    text, gone = drawn
    if not gone:
        return
    made = change(text, gone)
    diff = "".join(unified(made, context))
    header, _, hunks = diff.partition("+++ ")
    assert header == "--- a/x\n"
    name, _, hunks = hunks.partition("\n")
    assert name == ("b/x" if made.parts["x"] else "/dev/null")
    assert patched(text, hunks) == made.parts["x"]


def test_a_moved_article_is_a_new_file():
    text = "one\ntwo\nthree\n"
    diff = "".join(unified(change(text, [(4, 8)], [(4, 14)]), 1))
    assert diff == "--- a/x\n+++ b/x\n@@ -1,3 +1 @@\n one\n-two\n-three\n--- /dev/null\n+++ b/x#2\n@@ -0,0 +1 @@\n+three\n"


def test_names_are_quoted_as_git_quotes_them():
    made = Change('a\n"b', "x", "1\n2\n", [], [{"action": "remove", "start": 0, "end": 2}], {'a\n"b': "2\n"})
    assert next(unified(made, 0)) == '--- "a/a\\n\\"b"\n'


@pytest.mark.skipif(shutil.which("patch") is None, reason="no patch program here")
def test_the_program_patch_agrees(tmp_path):
    text = "".join(f"line {number}\r\n" for number in range(40)) + "the end"
    gone = [(0, 8), (80, 108), (200, 240), (len(text) - 7, len(text))]
    made = change(text, gone)
    (tmp_path / "x").write_bytes(text.encode())
    diff = "".join(unified(made, 2)).encode()
    ran = subprocess.run(["patch", "-p1", "--binary", "-d", tmp_path], input=diff, capture_output=True, check=False)
    assert ran.returncode == 0, ran.stdout
    assert (tmp_path / "x").read_bytes().decode() == made.parts["x"]
