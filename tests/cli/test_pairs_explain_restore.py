"""Looking at a run: `pairs`, `restore`."""

from __future__ import annotations

import json
import os

import pytest


@pytest.fixture(scope="module")
def run(shared_cli, samples):
    """The samples, cleaned."""
    assert shared_cli("clean", samples, "-o", "samples", "-q").code == 0
    return shared_cli.home / "samples"


@pytest.fixture(scope="module")
def duplicate(run, rows):
    """A ledger row of a paragraph that went for its twin."""
    return next(row for row in rows(run / "ledger.jsonl") if row["reason"] == "duplicate" and row["similarity"] < 1)


@pytest.fixture(scope="module")
def pairs(shared_cli, samples):
    return shared_cli("pairs", samples)


def test_pairs_are_rows_on_stdout_and_their_count_is_on_stderr(pairs):
    assert pairs.code == 0
    assert f"{len(pairs.rows):,} pairs" in pairs.stderr
    assert len(pairs.rows) > 20


def test_every_pair_names_two_places_and_how_like_they_are(pairs):
    for row in pairs.rows:
        assert (row["removed"]["document"], row["removed"]["start"]) != (row["kept"]["document"], row["kept"]["start"])
        assert 0.85 <= row["similarity"] <= 1
        assert 0 < row["jaccard"] <= 1
        assert row["witness"] in ("equal", "words", "characters")
        assert row["witness"] != "equal" or row["similarity"] == 1


def test_the_spans_of_pairs_are_those_of_the_input_texts(pairs, samples):
    for row in pairs.rows:
        for side in (row["removed"], row["kept"]):
            assert text_of(samples / side["document"])[side["start"] : side["end"]] == side["text"]


def text_of(path) -> str:
    """The samples are in four encodings."""
    raw = path.read_bytes()
    for encoding in ("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "windows-1256"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise AssertionError(path)


def test_pairs_can_be_written_to_a_file_alone_and_a_higher_threshold_finds_fewer(cli, samples, pairs, rows):
    ran = cli("pairs", samples, "-o", "pairs.jsonl", "--threshold", "1", "--character-threshold", "1")
    assert (ran.code, ran.stdout) == (0, b"")
    assert os.listdir(cli.home) == ["pairs.jsonl"]
    found = rows(cli.home / "pairs.jsonl")
    assert 0 < len(found) < len(pairs.rows)
    assert all(row["similarity"] == 1 for row in found)


def test_pairs_say_when_an_input_could_not_be_read(cli, page):
    (page / "broken.jsonl").write_bytes(b"{]\n")
    ran = cli("pairs", page)
    assert ran.code == 3
    assert "1 input could not be read" in ran.stderr


def test_every_twin_that_the_ledger_names_stands_in_the_corpus(run, rows, samples):
    corpus = {row["id"]: row["text"] for row in rows(run / "corpus.jsonl")}
    moved = {row["id"]: [row["id"], *row["moved"]] for row in rows(run / "documents.jsonl")}
    named = [row for row in rows(run / "ledger.jsonl") if "canonical" in row]
    assert len(named) > 20
    for row in named:
        document, start, end = row["canonical"].values()
        assert (document, start) != (row["document"], row["start"])
        twin = text_of(samples / document)[start:end]
        assert any(twin in corpus.get(name, "") for name in moved[document])


@pytest.mark.parametrize("how", ["jsonl", "jsonl.gz", "txt"])
def test_the_input_comes_back_byte_for_byte_from_every_format(cli, samples, run, files_in, how):
    if how != "jsonl":
        run = cli.home / "out"
        assert cli("clean", samples, "-o", run, "-q", "--format", how).code == 0
    ran = cli("restore", run, "-o", "back")
    assert (ran.code, ran.stdout) == (0, b"")
    assert "37 files are back" in ran.stderr
    assert files_in(cli.home / "back") == files_in(samples)


def test_records_come_back_byte_for_byte_with_their_odd_spellings(cli, prose, files_in):
    folder = cli.home / "in"
    folder.mkdir()
    lines = [
        json.dumps({"id": 1, "text": f"{prose(1)}\nالمصدر: وكالات", "a": "b"}, ensure_ascii=False).encode() + b"\r\n",
        json.dumps({"text": f"{prose(2)}\r\n\r\nالمصدر: وكالات\r\n"}).encode() + b"\n",
        b'{ "n":1.0 , "text" : "\\u0041\\/ slash" }\n',
        json.dumps({"text": prose(1), "id": "copy"}, indent=None, separators=(", ", " : ")).encode(),
    ]
    (folder / "a.jsonl").write_bytes(b"".join(lines))
    assert cli("clean", folder, "-o", "out", "-q").code == 0
    assert cli("restore", "out", "-o", "back").code == 0
    assert files_in(cli.home / "back") == files_in(folder)


@pytest.mark.parametrize("name", ["ledger.jsonl", "corpus.jsonl", "documents.jsonl"])
def test_restore_leaves_nothing_when_a_file_of_the_output_is_missing(cli, earlier, name):
    (earlier / name).unlink()
    ran = cli("restore", earlier, "-o", "back")
    assert (ran.code, ran.stdout) == (3, b"")
    assert name in ran.stderr
    assert os.listdir(cli.home) == ["out"]


def test_every_field_of_a_record_stands_in_the_corpus_in_its_order(cli, prose, rows):
    record = {"b": 1, "url": "u/1", "body": prose(1), "site": "s", "a": {"x": [None]}}
    (cli.home / "in.jsonl").write_text(json.dumps(record, ensure_ascii=False) + "\n", encoding="utf-8")
    assert cli("clean", "in.jsonl", "-o", "out", "-q", "--text-key", "body", "--id-key", "url", "--source-key", "site").code == 0
    (row,) = rows(cli.home / "out" / "corpus.jsonl")
    assert list(row) == ["id", "text", "source", "b", "url", "site", "a"]
    assert row == {"id": "u/1", "text": prose(1), "source": "s", "b": 1, "url": "u/1", "site": "s", "a": {"x": [None]}}
