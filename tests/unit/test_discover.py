"""Which files a run reads, under which names."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest
from dedup.config import Config
from dedup.errors import UsageError
from dedup.io.discover import discover
from dedup.io.read import read_file
from hypothesis import given, settings
from hypothesis import strategies as st


def fill(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(f"نص {name}", encoding="utf-8")
    return root


def names(*sources: Path | str, **options) -> list[str]:
    return [file.name for file in discover([str(source) for source in sources], **options).files]


def test_files_are_found_in_all_folders_and_named_by_their_relative_path(tmp_path):
    fill(tmp_path, "b.txt", "site/a.txt", "site/deep/c.md", "site/d.jsonl", "x/e.ndjson.gz", "x/F.TXT")
    found = discover([str(tmp_path)])
    assert [file.name for file in found.files] == ["b.txt", "site/a.txt", "site/d.jsonl", "site/deep/c.md", "x/F.TXT", "x/e.ndjson.gz"]
    assert {file.name: file.source for file in found.files}["site/deep/c.md"] == "site"
    assert found.files[0].source == tmp_path.name
    assert found.files[0].size == (tmp_path / "b.txt").stat().st_size


def test_files_of_other_kinds_are_counted(tmp_path):
    found = discover([str(fill(tmp_path, "a.txt", "b.png", "c.pdf", "d.gz", "txt"))])
    assert [file.name for file in found.files] == ["a.txt"]
    assert found.passed == 4


def test_a_named_file_is_read_under_its_own_name(tmp_path):
    fill(tmp_path, "site/a.txt", "site/b.txt")
    found = discover([str(tmp_path / "site" / "a.txt")])
    assert [(file.name, file.source) for file in found.files] == [("a.txt", "site")]


def test_a_glob_names_what_it_matches(tmp_path):
    fill(tmp_path, "2024-a.txt", "2024-b.txt", "2023-c.txt")
    assert names(tmp_path / "2024-*.txt") == ["2024-a.txt", "2024-b.txt"]


def test_several_folders_keep_their_names_in_the_ids(tmp_path):
    fill(tmp_path, "one/a.txt", "two/a.txt")
    assert names(tmp_path / "one", tmp_path / "two") == ["one/a.txt", "two/a.txt"]


def test_a_file_whose_name_looks_like_a_glob_is_that_file(tmp_path):
    assert names(fill(tmp_path, "[1].txt", "1.txt") / "[1].txt") == ["[1].txt"]


@pytest.mark.parametrize("missing", ["missing", "missing.txt", "*.jsonl"])
def test_a_source_that_matches_nothing_is_an_error_that_names_it(tmp_path, missing):
    fill(tmp_path, "a.txt")
    with pytest.raises(UsageError, match="no such file or folder") as caught:
        discover([str(tmp_path), str(tmp_path / missing)])
    assert missing in str(caught.value)


def test_folders_behind_symbolic_links_are_not_followed(tmp_path):
    fill(tmp_path, "in/a.txt", "elsewhere/b.txt")
    (tmp_path / "in" / "link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "in" / "round").symlink_to(tmp_path / "in")
    assert names(tmp_path / "in") == ["a.txt"]


def test_a_link_that_leads_nowhere_is_unreadable(tmp_path):
    fill(tmp_path, "a.txt")
    (tmp_path / "b.txt").symlink_to(tmp_path / "gone.txt")
    found = discover([str(tmp_path)])
    assert [file.name for file in found.files] == ["a.txt"]
    assert [(row.path, row.line, bool(row.why)) for row in found.unreadable] == [("b.txt", 0, True)]


def test_the_output_folder_and_its_unfinished_ones_are_left_out(tmp_path):
    fill(tmp_path, "a.txt", "out/corpus.txt", ".out.x1/corpus.txt", "outer/b.txt", "deep/out/c.txt")
    assert names(tmp_path, exclude=tmp_path / "out") == ["a.txt", "deep/out/c.txt", "outer/b.txt"]


def test_what_is_no_regular_file_is_unreadable_and_not_waited_for(tmp_path):
    fill(tmp_path, "a.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    found = discover([str(tmp_path)])
    assert [file.name for file in found.files] == ["a.txt"]
    assert [row.path for row in found.unreadable] == ["pipe.txt"]


def test_a_name_that_is_no_utf8_is_written_in_escapes(tmp_path):
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xd3.txt"))).write_text("نص", encoding="utf-8")
    found = discover([str(tmp_path)])
    assert [file.name for file in found.files] == ["\\xd3.txt"]
    assert len(list(read_file(found.files[0], Config(), lambda _: None))) == 1


def test_files_are_the_same_one_by_one_and_in_a_row(tmp_path):
    fill(tmp_path, "one/site/a.txt", "one/b.html", "one/b.html.txt", "two/c.jsonl", "two/deep/er/d.md")
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/two/\xd3.txt"))).write_text("نص", encoding="utf-8")
    files = discover([str(tmp_path / "one"), str(tmp_path / "two"), "-"]).files
    assert list(files) == [files[number] for number in range(len(files))] == files[:]
    assert [(file.name, file.source, file.back) for file in files] == [
        ("one/b.html", "one", "one/b.html.txt~"), ("one/b.html.txt", "one", ""), ("one/site/a.txt", "site", ""), ("stdin", "stdin", ""),
        ("two/\\xd3.txt", "two", ""), ("two/c.jsonl", "two", ""), ("two/deep/er/d.md", "deep", ""),
    ]  # fmt: skip
    assert [file.size for file in files] == [0 if file.opener else Path(file.path).stat().st_size for file in files]
    assert files.size == sum(file.size for file in files)


@given(st.permutations(["one", "two/deep", "two/a.txt", "a.txt", "one/b.txt"]))
@settings(max_examples=20)
def test_the_order_of_sources_does_not_matter(tmp_path_factory, order):
    root = tmp_path_factory.getbasetemp() / "shuffled"
    fill(root, "one/b.txt", "one/c.txt", "two/deep/d.txt", "two/a.txt", "a.txt")
    assert names(*(root / name for name in order)) == names(*(root / name for name in sorted(order)))


@pytest.mark.parametrize("sources", [["in/**"], ["in", "in/d"], ["in", "in/d/a.txt"], ["in", "./in"], ["in", "in"]])
def test_a_file_that_several_sources_lead_to_is_read_once(tmp_path, monkeypatch, sources):
    fill(tmp_path, "in/d/a.txt")
    monkeypatch.chdir(tmp_path)
    assert len(discover(sources).files) == 1


@pytest.mark.parametrize("ending", [".jsonl", ".jsonl.gz", ".txt.gz", ".txt"])
def test_files_of_one_name_are_each_read_as_what_they_are(tmp_path, ending):
    for folder, text in (("p/news", "نص أول"), ("q/news", "نص ثان")):
        raw = json.dumps({"text": text}).encode() if "jsonl" in ending else text.encode()
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / f"x{ending}").write_bytes(gzip.compress(raw) if ending.endswith("gz") else raw)
    for sources in (["p/news", "q/news"], [f"p/news/x{ending}", f"q/news/x{ending}"]):
        files = discover([str(tmp_path / source) for source in sources]).files
        records = [record for file in files for record in read_file(file, Config(), lambda _: None)]
        assert sorted(record.utf8.decode() for record in records) == ["نص أول", "نص ثان"]
        assert len({record.id for record in records}) == 2
