"""`dedup.clean` gives what the command line gives, in the type that came in."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path

import dedup
import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRAPED = ROOT / "samples" / "scraped"
EXPECTED = ROOT / "samples" / "expected"


def rows_of(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


@pytest.fixture(scope="module")
def result():
    return dedup.clean(SCRAPED)


@pytest.fixture(scope="module")
def items(texts):
    """The sample pages as mappings."""
    return [{"id": name, "source": name.partition("/")[0], "text": text, "size": len(text)} for name, text in texts.items()]


def run_command_line(folder, *arguments):
    settings = {name: value for name, value in os.environ.items() if not name.startswith("DEDUP_")}
    command = [sys.executable, "-m", "dedup", *arguments]
    return subprocess.run(command, check=True, cwd=folder, env=settings, capture_output=True).stdout


def test_a_folder_becomes_the_corpus_of_the_command_line_byte_for_byte(result, tmp_path):
    result.to_jsonl(tmp_path / "corpus.jsonl")
    assert (tmp_path / "corpus.jsonl").read_bytes() == (EXPECTED / "corpus.jsonl").read_bytes()


def test_what_was_removed_is_the_ledger_of_the_command_line(result, tmp_path):
    result.to_jsonl(tmp_path / "removed.jsonl", "removed")
    ledger = [row for row in rows_of(EXPECTED / "ledger.jsonl") if row["action"] == "remove"]
    full = {"rule": "", "canonical": None, "similarity": None}
    assert rows_of(tmp_path / "removed.jsonl") == [
        {name: (full | row)[name] for name in dedup.Removed._fields} for row in ledger
    ]  # the order of keys does not count


def test_records_give_what_the_command_line_gives_on_the_same_records(items, tmp_path):
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items), encoding="utf-8")
    out = run_command_line(tmp_path, "clean", "in.jsonl", "-o", "out", "--json")
    result = dedup.clean(items)
    result.to_jsonl(tmp_path / "corpus.jsonl")
    assert (tmp_path / "corpus.jsonl").read_bytes() == (tmp_path / "out" / "corpus.jsonl").read_bytes()
    printed = json.loads(out)
    assert {name: printed[name] for name in result.summary.as_dict()} == result.summary.as_dict()
    assert list(printed["rules"]) == list(result.summary.rules)


def test_the_fields_of_a_record_go_on_under_the_names_of_the_command_line(tmp_path):
    text = "The council approved the plan for the harbour on Monday after two days of debate."
    items = [
        {"text": text, "id": 17, "source": ["not", "a", "name"], "id_in": "here already"},
        {"id": "", "text": text[::-1], "source": None, "date": "2025-03-01"},
    ]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(item) + "\n" for item in items), encoding="utf-8")
    run_command_line(tmp_path, "clean", "in.jsonl", "-o", "out")
    fields = {row["id"]: row for row in rows_of(tmp_path / "out" / "corpus.jsonl")}
    for name in ("id", "text", "source"):
        for row in fields.values():
            del row[name]
    assert [dict(document.fields) for document in dedup.clean(items).kept] == [fields["in.jsonl:2"], fields["17"]]


def test_a_list_comes_back_as_a_list_of_the_same_items(items):
    kept = dedup.clean(items).corpus
    assert [type(item) for item in kept] == [dict] * len(kept)
    assert [list(item) for item in kept] == [["id", "source", "text", "size"]] * len(kept)
    assert sorted(item["id"] for item in kept) == [document.id for document in dedup.clean(items).kept]


def test_an_appended_article_stands_behind_its_page_with_its_fields(items):
    kept = dedup.clean(reversed(items)).corpus
    ids = [item["id"] for item in kept]
    pages = [name for name in ids if "#" not in name]
    assert pages == sorted(pages, reverse=True), "the order of the input"
    assert any("#2" in name for name in ids)
    sizes = {item["id"]: item["size"] for item in items}
    assert all(item["size"] == sizes[item["id"].partition("#")[0]] for item in kept)
    for before, item in itertools.pairwise(ids):
        if item.endswith("#2") and item[:-2] in ids:
            assert before == item[:-2]


def test_texts_documents_and_mappings_each_come_back_as_what_they_were():
    texts = ["The ferry left the harbour on time.", "No boat was seen.\n\nالمصدر: وكالات", "A storm is expected."]
    document = dedup.Document("mine", texts[1], "site", {"kept": [1, 2]})
    mixed = dedup.clean(iter([texts[0], document, {"text": texts[2], "n": 3}])).corpus
    assert mixed == [texts[0], dedup.Document("mine", "No boat was seen.\n", "site", {"kept": [1, 2]}), {"text": texts[2], "n": 3}]


def test_paths_may_be_one_or_several(result):
    first, second = sorted(SCRAPED.iterdir())[:2]
    assert dedup.clean(str(SCRAPED)).kept == result.kept == result.corpus
    assert {document.source for document in dedup.clean([first, second]).kept} == {first.name, second.name}


def test_nothing_in_gives_nothing_out():
    result = dedup.clean([])
    assert (result.corpus, result.kept, result.removed, result.clusters, result.closest()) == ([], (), (), {}, [])
    assert result.at(0.95).kept == ()
    assert repr(result) == "<dedup.Result: 0 documents read, 0 kept (0.0% of 0 characters); removed: nothing>"


def test_what_cannot_be_read_is_left_out_and_told():
    result = dedup.clean([{"id": "a", "text": "Fine."}, {"id": "b", "text": None}, {"id": "c", "body": "?"}, {"text": "half \ud800"}])
    assert [document.id for document in result.kept] == ["a"]
    assert [(row.path, row.why) for row in result.unreadable] == [
        ("b", "field 'text' is not a text"),
        ("c", "no field 'text'; its text fields are: 'id', 'body' (see text_key)"),
        ("00000003", "the text holds half a surrogate pair, which is no character"),
    ]
    assert result.summary.unreadable == 3
    assert "3 could not be read" in repr(result)
    with pytest.raises(dedup.InputError, match=r"none of 1 documents could be read, e\.g\. 00000000: no field 'text'"):
        dedup.clean([{"body": "?"}])


def test_ids_that_are_taken_are_told_apart_everywhere():
    pages = [{"id": 7, "text": "One story about the harbour."}, {"id": "7", "text": "Another one about the bridge."}]
    result = dedup.clean(pages)
    assert [item["id"] for item in result.corpus] == [document.id for document in result.kept] == ["7", "7~2"]
    assert result.summary.renamed_ids == 1


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("no/such/folder", "no/such/folder: no such file or folder"),
        (17, "builtins.int is no source of documents; taken are paths, texts"),
        (b"bytes", "builtins.bytes is no source of documents"),
        ({"text": "one"}, "one mapping: put documents into a list"),
        ([17], "item 0 is of type int"),
        ([Path("a"), "b"], r"item 0 is of type \w*Path"),
    ],
)
def test_what_is_no_source_is_refused_in_words(source, words):
    with pytest.raises(dedup.UsageError, match=words):
        dedup.clean(source)


def test_an_unknown_option_is_refused_with_the_right_one():
    with pytest.raises(dedup.UsageError, match=r"unknown key 'treshold'\. Did you mean 'threshold'"):
        dedup.clean(["text"], treshold=0.9)


def test_the_input_is_not_touched(items):
    before = json.dumps(items)
    dedup.clean(items)
    assert json.dumps(items) == before
