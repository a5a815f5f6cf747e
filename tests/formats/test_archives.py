"""Archives: members are read as files of a folder; one that cannot be costs itself only."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest
from dedup.io import read_archive
from tests.formats.makers import PAGES, html, jsonl, parquet, records, table, tarred, zipped

DAM, SCHOOL, STORM = PAGES.values()


@pytest.mark.parametrize(("name", "make"), [("a.zip", zipped), ("a.tar", tarred), ("a.tar.gz", lambda m: gzip.compress(tarred(m)))])
def test_members_of_archives_are_read_as_files_of_a_folder_and_come_back_as_such(ran, name, make):
    members = {f"site/{page}": text.encode() for page, text in PAGES.items()} | {
        "rows.jsonl.gz": gzip.compress(jsonl(records()), mtime=0), "t.csv": table(records()).encode(), "a/pic.png": b"x",
    }  # fmt: skip
    done = ran({name: make(members)})
    assert done.corpus[f"{name}/site/storm.txt"] == {"id": f"{name}/site/storm.txt", "text": STORM, "source": "site"}
    assert (done.passed, done.unreadable) == (1, [])
    del members["a/pic.png"]
    assert done.back() == {f"{name}/{member}": data for member, data in members.items()}


def test_parquet_and_html_inside_an_archive_are_read(ran, html_reader):
    done = ran({"a.zip": zipped({"t.parquet": parquet(records()[1:2]), "p.html": html(STORM)})})
    assert {row["text"] for row in done.corpus.values()} == {SCHOOL, STORM}
    assert set(done.back()) == {"a.zip/t.parquet.jsonl", "a.zip/p.html.txt"}


@pytest.mark.parametrize("name", ["../out.txt", "/etc/out.txt", "a/../../out.txt", "c:\\out.txt"])
@pytest.mark.parametrize("make", [zipped, tarred])
def test_a_member_whose_name_leads_out_is_a_row(ran, make, name):
    ending = "zip" if make is zipped else "tar"
    done = ran({f"a.{ending}": make({"good.txt": STORM.encode(), name: b"x"})})
    assert [row[2] for row in done.unreadable] == ["its name leads out of the archive"]
    assert len(done.corpus) == 1


def test_an_encrypted_member_an_archive_inside_and_a_second_member_of_a_name_are_rows(ran):
    data = bytearray(zipped({"good.txt": STORM.encode(), "inner.zip": zipped({"x.txt": b"x"}), "secret.txt": b"x"}))
    for mark, at in ((b"PK\1\2", 8), (b"PK\3\4", 6)):  # the flag, in the directory and in the member's own head
        data[data.rindex(mark) + at] |= 1
    done = ran({"a.zip": bytes(data)})
    assert [row[2] for row in done.unreadable] == ["an archive in an archive, which is not read", "it is encrypted"]
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("good.txt", STORM)
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("good.txt", SCHOOL)
    assert [row[2] for row in ran({"a.zip": target.getvalue()}).unreadable] == ["another member of the archive has this name"]


def test_members_that_restore_could_not_write_side_by_side_are_rows(ran):
    names = ["a.txt", "a.txt/b.txt", "c/d.txt", "c.txt/", "x" * 250 + ".txt", "/".join(["deep"] * 500) + ".txt"]
    done = ran({"a.zip": zipped({name: f"{STORM} {k}".encode() for k, name in enumerate(names)})})
    assert (
        sorted(row[2] for row in done.unreadable)
        == ["another member of the archive has this name"] + ["its name is longer than a file system takes"] * 2
    )
    assert set(done.back()) == {"a.zip/a.txt", "a.zip/c/d.txt"}


def test_a_member_whose_checksum_is_wrong_costs_itself_only(ran):
    data = zipped({"a.txt": STORM.encode(), "b.txt": SCHOOL.encode(), "c.jsonl": jsonl(records()[1:2])})
    for name in (b"b.txt", b"c.jsonl"):
        at = data.rindex(name) - 46 + 16  # the checksum in the directory
        data = data[:at] + b"\0\0\0\0" + data[at + 4 :]
    done = ran({"a.zip": data})
    assert [row[0] for row in done.unreadable] == ["a.zip/b.txt", "a.zip/c.jsonl"]
    assert "Bad CRC-32" in done.unreadable[0][2]
    assert "a.zip/a.txt" in done.corpus


@pytest.mark.parametrize("make", [zipped, lambda members: gzip.compress(tarred(members))])
def test_a_bomb_is_given_up_and_says_so(ran, monkeypatch, make):
    monkeypatch.setattr(read_archive, "FREE_BYTES", 1 << 16)
    members = {"a.txt": STORM.encode(), "bomb.txt": b" " * (20 << 20), "z.txt": SCHOOL.encode()}
    done = ran({"a.zip" if make is zipped else "a.tar.gz": make(members)})
    assert [row[2] for row in done.unreadable] == [read_archive.BOMB.format(read_archive.MOST_TIMES)]
    assert len(done.corpus) == 1


@pytest.mark.parametrize("cut", [1000, 2100])
def test_a_tar_that_is_cut_off_is_a_row(ran, cut):
    done = ran({"a.tar": tarred({"a.txt": STORM.encode(), "b.txt": SCHOOL.encode()})[:cut], "good.txt": DAM.encode()})
    assert len(done.unreadable) == 1
