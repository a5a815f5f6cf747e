"""Folders that wish us ill: one run over all of it, then what became of each piece."""

from __future__ import annotations

import gzip
import json
import os
import resource
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

import pytest


def may_read_everything() -> bool:
    """Whether permissions mean nothing to this process, as they do to root."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "closed")
        path.touch(mode=0)
        return os.access(path, os.R_OK)


HTML = """<script>alert("خبر")</script>
<!-- </p> --><iframe src="//example.org"></iframe> &lt;b&gt; &#x27; <p onclick='x'>نص بين وسوم لا تنتهي
"""
CONTROL = "عنوان \x1b[31m أحمر \x07 \x08 نهاية\n"
BIDI = "قال \u202eمعكوس\u202c ثم \u2066معزول\u2069 ثم \ufeffعلامة\n"
RUSSIAN = "Администрация порта сообщила, где откроется причал, когда завершатся испытания кранов, и пригласила жителей города.\n"
PATIENCE = 60  # seconds, until something is taken to hang
SEPARATORS = "سطر\x0bعمودي\x0cصفحة\x1cملف\x85تال\u2028فاصل\u2029فقرة\n"


def scattered(prose) -> str:
    """One line of 2 MB in which nearly every two words of `prose` stand side by side somewhere."""
    return " ".join(prose(seed, 500) for seed in range(700))


def record(**fields: object) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"


class Hostile(NamedTuple):
    folder: Path
    out: Path
    code: int
    stderr: str
    unreadable: dict[tuple[str, int], str]
    texts: dict[str, str]
    records: dict[str, dict]


def fill(folder: Path, prose) -> None:
    """Everything that a run must take, refuse with a reason, or pass over."""
    texts = {
        "empty.txt": b"",
        "huge-line.txt": scattered(prose).replace(" ", " \u0648").encode(),
        "huge-word.txt": ("كلمة" * 260_000).encode(),
        "html.txt": HTML.encode(),
        "control.txt": CONTROL.encode(),
        "bidi.txt": BIDI.encode(),
        "separators.txt": SEPARATORS.encode(),
        "nul.txt": "نص فيه \0 بايت فارغ\n".encode(),
        "utf32.txt": prose(14).encode("utf-32"),
        "bom.txt": b"\xef\xbb\xbf" + prose(1).encode() + b"\r\n",
        "utf16.txt": ("\ufeff" + prose(2) + "\r\n").encode("utf-16-le"),
        "windows-1256.txt": prose(3).encode("windows-1256"),
        "old-mac.txt": prose(4).encode() + b"\r" + prose(5).encode() + b"\r",
        "latin.txt": "Le quai rouvre, où les pêcheurs déchargent à l'aube.\n".encode("cp1252"),
        "russian.txt": RUSSIAN.encode("windows-1251"),
        "picture.txt": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00" + bytes(range(256)) * 8,
        "cut.txt": prose(6).encode()[:-3] + b"\xd9",
        "photo.jpg": b"\xff\xd8\xff\xe0",
        "not-packed.txt.gz": "نص غير مضغوط".encode(),
        "cut.jsonl.gz": gzip.compress(record(id="packed", text=prose(7)))[:-9],
        "سطر\nجديد.txt": prose(8).encode(),
        "يمين\u200fيسار\u202e.txt": prose(9).encode(),
        "tab\tquote'\"; rm -rf $HOME.txt": prose(10).encode(),
        "-o.txt": prose(11).encode(),
    }
    for name, raw in texts.items():
        (folder / name).write_bytes(raw)
    (folder / os.fsdecode(b"caf\xe9-\xff.txt")).write_bytes(prose(12).encode())
    lines = [record(id=f"good-{k}", text=prose(20 + k)) for k in range(8)]
    lines[6] = b'{"id": "broken", "text": "no end\n'
    (folder / "broken.jsonl").write_bytes(b"".join(lines))
    (folder / "odd.jsonl").write_bytes(
        b"".join([
            b'["a", "list"]\n',
            b'"a text"\n',
            b"7\n",
            b"null\n",
            record(id="no-text", body="نص في حقل آخر", title="عنوان"),
            record(id="number", text=5),
            record(id="null", text=None),
            b'{"id": "half", "text": "half \\ud800 a pair"}\n',
            b'{"id": "half-field", "text": "whole", "author": "\\udfff", "tags": ["\\ud83d"]}\n',
            b"[" * 100_000 + b"\n",
            b'{"id": "deep", "text": "x", "a": ' + b"[" * 100_000 + b"\n",
            b'{"id": "digits", "text": "whole number", "n": ' + b"9" * 5_000 + b"}\n",
            b'{"id": "not-utf8", "text": "\xff\xfe"}\n',
            b'{"id": "twice", "text": "first", "text": "second"}\n',
            b'{"id": "nan", "text": "not a number", "score": NaN, "far": -Infinity}\n',
            b'{"id": "emoji", "text": "\\ud83d\\ude00 whole pair"}\r\n',
            b'{"id": "nul", "text": "\\u0000 a NUL \\u001b[2J"}\n',
            b"\x00\x00\x00\n",
        ])
    )  # fmt: skip
    (folder / "same.jsonl").write_bytes(b"".join(record(id="same", text=prose(40 + k)) for k in range(3)))
    names = [
        "../../x",
        "/etc/passwd",
        "a/../../b",
        "..",
        ".",
        "//",
        "C:\\x",
        "a\x00b",
        "a\nb",
        "con.txt",
        "ب" * 300,
        "a%2Fb",
        "a/b",
        "~",
        "-rf",
    ]
    (folder / "paths.jsonl").write_bytes(b"".join(record(id=name, text=prose(50 + k)) for k, name in enumerate(names)))
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    (folder / "self.txt").symlink_to("self.txt")
    (folder / "dangling.txt").symlink_to("nowhere.txt")
    (folder / "folder.txt").mkdir()
    (folder / "deep").mkdir()
    (folder / "deep" / "html.txt").write_bytes(prose(13).encode())


@pytest.fixture(scope="module")
def hostile(shared_cli, prose, rows):
    folder = shared_cli.home / "in"
    folder.mkdir()
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


def test_a_paragraph_is_no_part_of_a_huge_line_that_holds_its_words_scattered(prose):
    import dedup

    own = [prose(10_000 + k) for k in range(20)]
    kept = [document.text for document in dedup.clean([scattered(prose), *own]).kept]
    assert kept[1:] == own


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
