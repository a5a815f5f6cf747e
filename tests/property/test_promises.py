"""The promises P1 to P7 of the design, over small corpora as they are scraped."""

from __future__ import annotations

import json

import pytest
from dedup import decide, late, pipeline
from dedup.config import Config
from dedup.io import read_jsonl, write_out
from dedup.io.corpus_out import HashedFile, JsonlWriter
from dedup.io.decode import decode
from dedup.io.restore import restore
from dedup.neardup import tokens, verify
from dedup.text import lines
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import oracles
from tests.corpora import File, corpora, unpacked, write
from tests.property.runs import CONFIGS, again, check_pair, clean, inputs, ledger_of, room, rows, snapshot

# ------------------------------------------------------------------------------------------------------------------- P1


@given(corpora(unreadable=True), CONFIGS, st.sampled_from(["jsonl", "jsonl.gz", "txt"]))
@settings(max_examples=60)
def test_p1_restore_gives_every_file_that_was_read_back_byte_for_byte(files, config, format_):
    with room() as base:
        write(files, base / "in")
        pipeline.run([str(base / "in")], base / "out", Config(**config.public() | {"format": format_}))
        restore(base / "out", base / "back")
        left_out = {row["path"] for row in rows(base / "out" / "unreadable.jsonl")}
        back = {name: unpacked(File(name, raw)) for name, raw in snapshot(base / "back").items()}
        assert back == {file.name: unpacked(file) for file in files if file.name not in left_out}


@given(corpora(), CONFIGS)
@settings(max_examples=60)
def test_p1_kept_removed_and_moved_text_together_is_the_input(files, config):
    with room() as base:
        out = clean(files, base, config)
    kept = out.texts()
    for document, text in inputs(files, out).items():
        parts = {document: [(0, len(text))]} | {row["to"]: [(row["start"], row["end"])] for row in ledger_of(out, document, "move")}
        removed = ledger_of(out, document, "remove")
        assert all(row["text"] == text[row["start"] : row["end"]] for row in removed)
        owner = [document] * len(text)
        for row in ledger_of(out, document, "move"):
            owner[row["start"] : row["end"]] = [row["to"]] * (row["end"] - row["start"])
        gone = {k for row in removed for k in range(row["start"], row["end"])}
        assert sum(row["end"] - row["start"] for row in removed) == len(gone)
        for part in parts:
            assert kept.pop(part, "") == "".join(text[k] for k in range(len(text)) if owner[k] == part and k not in gone)
    assert kept == {}


@given(corpora(), CONFIGS)
@settings(max_examples=30)
def test_p1_the_rows_of_documents_count_every_character(files, config):
    with room() as base:
        out = clean(files, base, config)
    texts = inputs(files, out)
    assert sorted(texts) == [row["id"] for row in out.documents]
    for row in out.documents:
        assert row["characters_in"] == len(texts[row["id"]]) == row["characters_out"] + sum(row["removed"].values())
        assert row["status"] == "kept" or row["characters_out"] == 0
    counts = out.manifest["counts"]
    assert (
        counts["characters_in"] - sum(counts["removed_characters"].values())
        == counts["characters_out"]
        == sum(map(len, out.texts().values()))
    )
    assert (counts["documents_in"], counts["documents_out"]) == (len(out.documents), len(out.corpus))


# ------------------------------------------------------------------------------------------------------------------- P2


@given(corpora(), CONFIGS)
@settings(max_examples=40)
def test_p2_every_output_text_is_lines_of_the_input_in_their_order(files, config):
    with room() as base:
        out = clean(files, base, config)
    texts = inputs(files, out)
    sources = {row["to"]: row["document"] for row in out.ledger if row["action"] == "move"}
    for identity, text in out.texts().items():
        remaining = iter(texts[sources.get(identity, identity)])
        assert all(character in remaining for character in text)
        whole = oracle_lines(texts[sources.get(identity, identity)])
        assert all(line in whole for line in oracle_lines(text))


def oracle_lines(text: str) -> list[str]:
    return [text[line.character : line.character + line.characters] for line in oracles.lines(text)]


@given(corpora(), CONFIGS)
@settings(max_examples=20)
def test_p2_the_corpus_is_sorted_by_id_and_keeps_every_field(files, config):
    with room() as base:
        out = clean(files, base, config)
    identities = [row["id"] for row in out.corpus]
    assert len(set(identities)) == len(identities)
    assert identities == sorted(identities)
    for row in out.corpus:
        assert list(row) == ["id", "text", "source"] + ["n", "tags"] * (".jsonl" in row["id"])


# ------------------------------------------------------------------------------------------------------------------- P3


@given(corpora(min_files=2), CONFIGS)
@settings(max_examples=120)
def test_p3_every_duplicate_names_a_survivor_that_holds_what_it_said(files, config):
    with room() as base:
        out = clean(files, base, config)
    texts = inputs(files, out)
    gone = {document: [(row["start"], row["end"]) for row in ledger_of(out, document, "remove")] for document in texts}
    for row in out.ledger:
        if row["reason"] != "duplicate":
            continue
        twin = row["canonical"]
        assert not any(start < twin["end"] and twin["start"] < end for start, end in gone[twin["document"]])
        check_pair(row["text"], texts[twin["document"]][twin["start"] : twin["end"]], row["similarity"], config)


@given(corpora(min_files=2), CONFIGS)
@settings(max_examples=60)
def test_p3_no_two_paragraphs_of_equal_words_stay(files, config):
    with room() as base:
        out = clean(files, base, Config(**config.public() | {"paragraphs": "line"}))
    behind_titles = [line.words for text in out.texts().values() for line in oracles.lines(text)[1:]]
    long = [words for words in behind_titles if len(words) >= config.min_words]
    assert len(long) == len(set(long))


# ------------------------------------------------------------------------------------------------------------------- P4


@given(corpora(min_files=2, max_files=8), CONFIGS)
@settings(max_examples=150)
def test_p4_cleaning_what_is_clean_changes_nothing(files, config):
    with room() as base:
        out = clean(files, base, config)
        if out.corpus and not out.manifest["counts"]["unsettled"]:
            assert again(out, base, config).texts() == out.texts()


# ------------------------------------------------------------------------------------------------------------------- P5


@given(corpora(min_files=2), CONFIGS, st.randoms(use_true_random=False))
@settings(max_examples=25)
def test_p5_the_same_bytes_come_out_for_any_order_threads_and_memory(files, config, random):
    shuffled = list(files)
    random.shuffle(shuffled)
    with room() as base, pytest.MonkeyPatch.context() as patch:
        write(files, base / "1" / "in")
        write(shuffled, base / "2" / "in")
        pipeline.run([str(base / "1" / "in")], base / "1" / "out", config)
        patch.setattr(pipeline, "text_memory", lambda _: 0)
        patch.setattr(tokens, "HELD_MOST", 0)
        patch.setattr(verify, "PAIRS", 2)
        patch.setattr(lines, "STRETCH", 3)
        patch.setattr(late, "AT_ONCE", 2)
        patch.setattr(read_jsonl, "TOGETHER", 3)
        pipeline.run([str(base / "2" / "in")], base / "2" / "out", Config(**config.public() | {"threads": 2}))
        assert snapshot(base / "1" / "out") == snapshot(base / "2" / "out")


@given(corpora(min_files=2), corpora(min_files=2), CONFIGS)
@settings(max_examples=15)
def test_p5_the_order_of_sources_does_not_matter(one, other, config):
    with room() as base:
        write(one, base / "one")
        write(other, base / "other")
        sources = [str(base / "one"), str(base / "other"), str(base / "*")]
        pipeline.run(sources[:2], base / "out" / "1", config)
        pipeline.run(sources[1::-1], base / "out" / "2", config)
        assert snapshot(base / "out" / "1") == snapshot(base / "out" / "2")


# ------------------------------------------------------------------------------------------------------------------- P6


@given(
    corpora(min_files=2, unreadable=True),
    CONFIGS,
    st.sampled_from(["[]", "{", '{"body": "x"}', '{"text": 1}', '{"text": "\\ud800"}', "\xff"]),
)
@settings(max_examples=40)
def test_p6_what_could_not_be_read_is_counted_and_listed(files, config, line):
    good = json.dumps({"text": "نص سليم"}).encode()
    files = [*files, File("z.jsonl", b"\n".join([good, line.encode("latin-1"), good]))]
    with room() as base:
        out = clean(files, base, config)
    listed = {(row["path"], row["line"]) for row in out.unreadable}
    assert ("z.jsonl", 2) in listed
    assert all(row["why"] for row in out.unreadable)
    assert out.manifest["counts"]["unreadable"] == len(out.unreadable) == len(listed)
    read_from = {(row["restore"]["path"], row["restore"]["line"]) for row in out.documents}
    assert not listed & read_from
    assert {file.name for file in files} <= {path for path, _ in listed | read_from}
    undecoded = {(file.name, 0) for file in files if ".jsonl" not in file.name and not decodes(file)}
    assert undecoded == {each for each in listed if not each[1]}


def decodes(file: File) -> bool:
    try:
        decode(unpacked(file))
    except ValueError:
        return False
    return True


# ------------------------------------------------------------------------------------------------------------------- P7


@given(corpora(unreadable=True), CONFIGS)
@settings(max_examples=20)
def test_p7_the_input_is_not_touched(files, config):
    with room() as base:
        write(files, base / "in")
        before = {
            path: (path.stat().st_mtime_ns, path.stat().st_mode, path.is_file() and path.read_bytes()) for path in (base / "in").rglob("*")
        }
        clean(files, base, config, "in/out")
        after = {path: (path.stat().st_mtime_ns, path.stat().st_mode, path.is_file() and path.read_bytes()) for path in before}
        assert after == before
        assert [path.name for path in base.iterdir()] == ["in"]


FAILURES = [
    (JsonlWriter, "write_rows"),
    (HashedFile, "close"),
    (write_out, "make_removals"),
    (write_out, "_manifest"),
    (decide, "decide"),
    (pipeline.OutputFolder, "finish"),
]


@pytest.mark.parametrize(("where", "name"), FAILURES)
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt(), MemoryError()])
@pytest.mark.parametrize("earlier", [True, False])
def test_p7_a_run_that_fails_leaves_nothing_and_an_earlier_output_as_it_was(tmp_path, monkeypatch, where, name, error, earlier):
    def fail(*_: object, **__: object) -> None:
        raise error

    write([File("a.txt", "نص الخبر كما كتبه المحرر.\n".encode())], tmp_path / "in")
    if earlier:
        pipeline.run([str(tmp_path / "in")], tmp_path / "out", Config())
        write([File("b.txt", "نص خبر آخر لم يكن هنا.\n".encode())], tmp_path / "in")
    before = snapshot(tmp_path)
    monkeypatch.setattr(where, name, fail)
    with pytest.raises(type(error)):
        pipeline.run([str(tmp_path / "in")], tmp_path / "out", Config())
    assert snapshot(tmp_path) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out"][: 1 + earlier]


def test_p7_an_equal_run_leaves_the_earlier_output_untouched(tmp_path):
    write([File("a.txt", "نص الخبر كما كتبه المحرر.\n".encode())], tmp_path / "in")
    assert pipeline.run([str(tmp_path / "in")], tmp_path / "out", Config()).changed
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").iterdir()}
    assert not pipeline.run([str(tmp_path / "in")], tmp_path / "out", Config()).changed
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out").iterdir()} == times
