"""Paths of output files: one for each id, always inside."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath

import pytest
from dedup.io.corpus_out import tree_path
from hypothesis import example, given, settings
from hypothesis import strategies as st

TRICKY = [
    "a",
    ".txt",
    ".TXT",
    "/",
    "..",
    ".",
    "%",
    "%2E",
    "_",
    "~",
    "#2",
    "\\",
    ":",
    "\0",
    "م",
    "خبر",
    " ",
    "*",
    "x" * 90,
    "é",
    "%25",
    "2F",
    "\n",
]
ids = st.lists(st.sampled_from(TRICKY), min_size=1, max_size=6).map("".join) | st.text(min_size=1, max_size=300)


@given(ids)
@settings(max_examples=500)
def test_a_path_stays_inside_its_folder(identity):
    path = tree_path(identity)
    parts = path.split("/")
    assert not PurePosixPath(path).is_absolute()
    assert not PureWindowsPath(path).drive
    assert not PureWindowsPath(path).root
    assert not {"", ".", ".."} & set(parts)
    assert not set('\\:*?"<>|\0\n') & set(path)
    assert all(len(part.encode()) <= 255 for part in parts)
    assert path.lower().endswith(".txt")


@given(ids, ids)
@settings(max_examples=1000)
@example("a", "a.txt")
@example("a.txt/b", "a.txt_/b")
@example("a//b", "a/%/b")
@example("a.md", "a.md.txt")
@example("x" * 300, "x" * 301)
@example("../a", "%2E%2E/a")
@example("a/b.txt", "a.txt/b.txt")
def test_no_two_ids_share_a_path_or_stand_in_each_others_way(one, other):
    if one != other:
        first, second = tree_path(one), tree_path(other)
        assert first != second
        assert not first.startswith(f"{second}/")
        assert not second.startswith(f"{first}/")


@pytest.mark.parametrize(
    "identity",
    [
        "../x", "../../etc/passwd", "/etc/passwd", "a/../../b", "C:\\x", "..\\x", "a/./b", ".", "..", "...", "", "/", "//", "\0",
        "a\0/../b", "~/x", "%2E%2E/x", "a/..",
    ],
)  # fmt: skip
def test_an_id_that_would_lead_out_is_made_safe(identity):
    path = PurePosixPath(tree_path(identity))
    assert ".." not in path.parts
    assert not path.is_absolute()
    assert "\\" not in str(path)


def test_no_id_spells_the_short_form_of_a_long_one():
    long = "x" * 300
    assert tree_path(tree_path(long).removesuffix("%.txt")) != tree_path(long)


def test_an_ordinary_path_is_kept():
    assert tree_path("nabd-alnawras/2025-03-17-عاصفة.txt") == "nabd-alnawras/2025-03-17-عاصفة.txt"
