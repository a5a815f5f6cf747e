"""Folders that wish us ill: one run over all of it, then what became of each piece."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.cli.hostile import BIDI, CONTROL, HTML, SEPARATORS, fill_names, fill_records, fill_texts, scattered


class Hostile(NamedTuple):
    folder: Path
    out: Path
    code: int
    stderr: str
    unreadable: dict[tuple[str, int], str]
    texts: dict[str, str]
    records: dict[str, dict]


@pytest.fixture(scope="module")
def hostile(shared_cli, prose, rows):
    folder = shared_cli.home / "in"
    folder.mkdir()
    for fill in (fill_texts, fill_records, fill_names):
        fill(folder, prose)
    ran = shared_cli("clean", folder, "-o", "out")
    out = shared_cli.home / "out"
    assert out.is_dir(), ran.stderr
    records = {row["id"]: row for row in rows(out / "corpus.jsonl")}
    unreadable = {(row["path"], row["line"]): row["why"] for row in rows(out / "unreadable.jsonl")}
    return Hostile(folder, out, ran.code, ran.stderr, unreadable, {name: row["text"] for name, row in records.items()}, records)


def test_the_run_ends_with_exit_3_and_without_a_traceback(hostile):
    assert hostile.code == 3
    assert "Traceback" not in hostile.stderr
    assert f"{len(hostile.unreadable)} inputs could not be read: see unreadable.jsonl" in hostile.stderr


def test_every_input_is_a_document_or_a_row_of_what_could_not_be_read(hostile, rows):
    documents = {row["restore"]["path"] for row in rows(hostile.out / "documents.jsonl")}
    known = documents | {path for path, _ in hostile.unreadable}
    for path in hostile.folder.rglob("*.*"):
        if path.suffix == ".jpg" or path.is_dir() or "loop" in path.parts:
            continue
        name = os.fsencode(path.relative_to(hostile.folder)).decode("utf-8", "backslashreplace")
        assert name in known
    assert "passed over: 1 file of other kinds" in hostile.stderr


def test_an_empty_file_is_an_empty_document(hostile, rows):
    (row,) = [row for row in rows(hostile.out / "documents.jsonl") if row["id"] == "empty.txt"]
    assert (row["status"], row["characters_in"], row["characters_out"]) == ("empty", 0, 0)
    assert "empty.txt" not in hostile.texts


def test_huge_lines_pass_whole(hostile):
    assert hostile.texts["huge-line.txt"].encode() == (hostile.folder / "huge-line.txt").read_bytes()
    assert len((hostile.folder / "huge-line.txt").read_bytes()) > 2_000_000
    assert hostile.texts["huge-word.txt"] == "كلمة" * 260_000


@pytest.mark.parametrize(
    ("name", "text"), [("html.txt", HTML), ("control.txt", CONTROL), ("bidi.txt", BIDI), ("separators.txt", SEPARATORS)]
)
def test_markup_control_characters_and_marks_pass_through_as_text(hostile, name, text):
    assert hostile.texts[name] == text


def test_encodings_are_told_apart_and_written_as_utf8(hostile, prose):
    assert hostile.texts["bom.txt"] == prose(1) + "\r\n"
    assert hostile.texts["utf16.txt"] == prose(2) + "\r\n"
    assert hostile.texts["windows-1256.txt"] == prose(3)
    assert hostile.texts["old-mac.txt"] == prose(4) + "\r" + prose(5) + "\r"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("latin.txt", "not UTF-8"),
        ("russian.txt", "not UTF-8"),
        ("picture.txt", "not a text file"),
        ("nul.txt", "NUL"),
        ("utf32.txt", ""),
        ("cut.txt", ""),
        ("not-packed.txt.gz", "gzip"),
        ("cut.jsonl.gz", "end"),
        ("self.txt", "symbolic links"),
        ("dangling.txt", "No such file"),
    ],
)
def test_a_file_that_cannot_be_read_is_listed_with_the_reason(hostile, path, reason):
    assert reason in hostile.unreadable[path, 0]


def test_a_folder_named_like_a_text_is_no_document(hostile):
    assert "folder.txt" not in hostile.texts
    assert ("folder.txt", 0) not in hostile.unreadable


def test_a_symlink_to_a_folder_is_not_followed(hostile):
    assert not [name for name in hostile.texts if name.startswith("loop/")]
    assert "deep/html.txt" in hostile.texts


def test_one_broken_line_costs_that_line_and_no_other(hostile):
    assert "no JSON record" in hostile.unreadable["broken.jsonl", 7]
    assert [name for name in hostile.texts if name.startswith("good-")] == [f"good-{k}" for k in range(8) if k != 6]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (1, "not an object"), (2, "not an object"), (3, "not an object"), (4, "not an object"),
        (5, "its text fields are: 'id', 'body', 'title' (see --text-key)"),
        (6, "is not a text"), (7, "is not a text"), (8, "half a surrogate pair"), (10, ""), (11, ""),
        (13, "not UTF-8"), (18, "no JSON record"),
    ],
)  # fmt: skip
def test_a_line_that_is_no_record_is_listed_with_the_reason(hostile, line, reason):
    assert reason in hostile.unreadable["odd.jsonl", line]


def test_half_a_surrogate_pair_in_another_field_is_kept_as_it_was(hostile):
    row = hostile.records["half-field"]
    assert (row["text"], row["author"], row["tags"]) == ("whole", "\udfff", ["\ud83d"])


def test_odd_but_good_records_are_taken(hostile):
    assert hostile.texts["twice"] == "second"
    assert hostile.texts["emoji"] == "😀 whole pair"
    assert hostile.texts["nul"] == "\x00 a NUL \x1b[2J"
    assert hostile.records["nan"]["far"] == float("-inf")
    assert hostile.unreadable.get(("odd.jsonl", 12)) or hostile.records["digits"]["n"] == int("9" * 4_000) * 10**1_000 + 10**1_000 - 1


def test_an_id_that_is_taken_is_renamed_and_counted(hostile, prose):
    assert [hostile.texts[name] for name in ("same", "same~2", "same~3")] == [prose(40), prose(41), prose(42)]
    assert "2 documents with an id that was taken" in hostile.stderr


@pytest.mark.parametrize(
    "name", ["سطر\nجديد.txt", "يمين\u200fيسار\u202e.txt", "tab\tquote'\"; rm -rf $HOME.txt", "-o.txt", "caf\\xe9-\\xff.txt"], ids=ascii
)
def test_a_file_of_any_name_is_a_document(hostile, name):
    assert name in hostile.texts


def test_a_document_of_any_name_can_be_explained(hostile, shared_cli):
    names = ["سطر\nجديد.txt", "يمين\u200fيسار\u202e.txt", "C:\\x", "half-field", "..", "same~2"]
    for name, ran in zip(names, shared_cli.all(*(("explain", hostile.out, "--", name) for name in names)), strict=True):
        assert (ran.code, ran.stderr) == (0, "")
        shown = name.replace("\n", r"\n").replace("\u200f", r"\u200f").replace("\u202e", r"\u202e")
        assert ran.lines[0].startswith(f"{shown}: ")
        assert ran.lines[0].endswith(" characters stay")


def test_the_whole_folder_comes_back_byte_for_byte(hostile, shared_cli, files_in):
    """But for files and lines that could not be read, and links."""
    ran = shared_cli("restore", hostile.out, "-o", "back")
    assert ran.code == 0, ran.stderr
    back = files_in(shared_cli.home / "back")
    bad_lines = {(path, line) for path, line in hostile.unreadable if line}
    for name, raw in files_in(hostile.folder).items():
        shown = name.decode("utf-8", "backslashreplace")
        if (shown, 0) in hostile.unreadable or shown.endswith(".jpg"):
            continue
        lines = raw.split(b"\n") if shown.endswith(".jsonl") else [raw]
        kept = [line for number, line in enumerate(lines, 1) if (shown, number) not in bad_lines]
        assert back[shown.encode()] in (raw, b"\n".join(kept)), shown


@pytest.fixture(scope="module")
def as_texts(hostile, shared_cli):
    ran = shared_cli("clean", hostile.folder, "-o", "deep/down/texts", "--format", "txt")
    assert ran.code == 3, ran.stderr
    return shared_cli.home / "deep" / "down" / "texts"


def test_txt_output_stays_inside_its_folder_whatever_the_ids_are(hostile, as_texts):
    root = (as_texts / "corpus").resolve()
    files = [path for path in root.rglob("*") if path.is_file()]
    assert len(files) == len(hostile.texts)
    assert all(path.resolve().is_relative_to(root) and not path.is_symlink() for path in files)
    assert sorted(path.read_bytes() for path in files) == sorted(text.encode() for text in hostile.texts.values())
    assert not list(as_texts.parent.parent.rglob("x.txt"))[1:]
    assert not Path("/etc/passwd.txt").exists()


def test_txt_output_comes_back_byte_for_byte_too(as_texts, shared_cli, files_in, hostile):
    ran = shared_cli("restore", as_texts, "-o", "back-from-texts")
    assert ran.code == 0, ran.stderr
    shared_cli("restore", hostile.out, "-o", "back-again")
    assert files_in(shared_cli.home / "back-from-texts") == files_in(shared_cli.home / "back-again")


def test_a_paragraph_is_no_part_of_a_huge_line_that_holds_its_words_scattered(prose):
    import dedup

    own = [prose(10_000 + k) for k in range(20)]
    kept = [document.text for document in dedup.clean([scattered(prose), *own]).kept]
    assert kept[1:] == own
