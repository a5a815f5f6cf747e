"""`dedup explain`: why something is gone, and where its twin is."""

from __future__ import annotations

import json

import pytest

HARBOUR = "sahifat-fanar-alyaqut/2025-03-14-harbour-expansion.txt"
DREDGING = "harbour-post/2025-03-10-dredging-begins.txt"
HOSTILE = "x\ny\u202e\x1b[31m"


@pytest.fixture(scope="module")
def run(shared_cli, samples):
    """The samples, cleaned."""
    assert shared_cli("clean", samples, "-o", "explained", "-q").code == 0
    return shared_cli.home / "explained"


@pytest.fixture(scope="module")
def duplicate(run, rows):
    """A ledger row of a paragraph that went for its twin, and says other words."""
    return next(row for row in rows(run / "ledger.jsonl") if row["reason"] == "duplicate" and row["similarity"] < 1)


def plain(lines):
    """Without the signs around words that differ."""
    return [line.replace("[-", "").replace("-]", "").replace("{+", "").replace("+}", "") for line in lines]


def test_a_duplicate_is_shown_with_its_twin_and_the_words_that_differ(shared_cli, run, duplicate):
    ran = shared_cli("explain", run, duplicate["document"])
    assert (ran.code, ran.stderr) == (0, "")
    at = plain(ran.lines).index("  - " + duplicate["text"].strip())
    assert ran.lines[at + 1].startswith(f"  stands in {duplicate['canonical']['document']}:")
    assert ran.lines[at + 1].endswith(f", similarity {duplicate['similarity']:.4g}")
    assert ran.lines[at + 2].startswith("  + ")
    assert "[-" in ran.lines[at] or "{+" in ran.lines[at + 2]


def test_one_line_can_be_asked_for(shared_cli, run, rows):
    row = next(row for row in rows(run / "ledger.jsonl") if row["document"] == DREDGING and row["reason"] == "boilerplate")
    ran = shared_cli("explain", run, f"{DREDGING}:9")
    assert ran.code == 0
    heads = [line for line in ran.lines[1:] if line and not line.startswith(" ")]
    assert heads == [f"{DREDGING}:9: boilerplate, {row['rule']}"]


def test_a_line_that_stays_has_nothing_to_explain(shared_cli, run):
    ran = shared_cli("explain", run, f"{DREDGING}:1")
    assert ran.code == 0
    assert ran.lines[1:] == ["  nothing was removed here"]


def test_a_removed_line_names_its_rule_and_why_and_stands_between_what_stayed(shared_cli, run):
    lines = shared_cli("explain", run, f"{DREDGING}:9").lines
    at = lines.index("  - Advertisement")
    assert lines[at - 2].startswith("  (")
    assert lines[at - 1].startswith("  | The harbour trust expects")
    assert lines[at + 1].startswith('  | "We lost eleven regular customers')


def test_an_appended_article_is_named_and_can_be_asked_for(shared_cli, run):
    whole, part = shared_cli("explain", run, HARBOUR), shared_cli("explain", run, f"{HARBOUR}#2")
    assert f"  a document of its own: {HARBOUR}#2" in whole.lines
    assert f"  a document of its own: {HARBOUR}#2" in part.lines
    assert len(part.lines) < len(whole.lines)


@pytest.mark.parametrize("start", ["", "./", "samples/scraped/", "/somewhere/else/"])
def test_a_file_can_be_named_as_it_was_typed(shared_cli, run, start):
    assert shared_cli("explain", run, f"{start}{DREDGING}").stdout == shared_cli("explain", run, DREDGING).stdout


def test_an_unknown_id_gets_near_ones_suggested(shared_cli, run):
    ran = shared_cli("explain", run, "harbour-post/2025-03-10-dredging-begin.txt")
    assert (ran.code, ran.stdout) == (2, b"")
    assert f"Did you mean '{DREDGING}'" in ran.stderr


def test_a_part_of_an_id_is_enough_for_a_suggestion(shared_cli, run):
    assert f"'{DREDGING}'" in shared_cli("explain", run, "dredging").stderr


def test_a_line_that_is_not_there_is_refused(shared_cli, run):
    ran = shared_cli("explain", run, f"{DREDGING}:900")
    assert ran.code == 2
    assert "not 900" in ran.stderr


@pytest.fixture
def records(cli, prose):
    """A run over records, one with a hostile id, and a pack of our own."""
    texts = [f"{prose(1)}\n{prose(2)}\nنهاية النشرة البحرية\n", f"{prose(1)}\nالمصدر: وكالات\n", f"{prose(3)}\n\x1b[2J المصدر: وكالات\n"]
    names = ["one", "two", HOSTILE]
    lines = [json.dumps({"id": name, "text": text}, ensure_ascii=False) for name, text in zip(names, texts, strict=True)]
    (cli.home / "in.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (cli.home / "mine.toml").write_text(
        'language = "ar"\n[[rule]]\nid = "mine/end"\ncategory = "end_marker"\nwhy = "how our bulletin ends"\nanchors = ["line"]\n'
        'scope = "line"\nphrases = ["نهاية النشرة البحرية"]\nremove = ["نهاية النشرة البحرية"]\nkeep = ["بلغت النشرة البحرية نهاية العام"]\n',
        encoding="utf-8",
    )
    assert cli("clean", "in.jsonl", "-o", "out", "--pack", "mine.toml", "-q").code == 0
    return cli


def test_a_rule_of_a_pack_of_the_users_says_why(records):
    assert "  (how our bulletin ends)" in records("explain", "out", "one").lines


def test_a_pack_that_is_gone_is_said_to_be(records):
    (records.home / "mine.toml").unlink()
    ran = records("explain", "out", "one")
    assert ran.code == 0
    assert "mine.toml is not there any more" in ran.stderr


def test_records_are_found_by_file_and_line(records):
    ran = records("explain", "out", "in.jsonl:2")
    assert ran.lines[0].startswith("two: ")
    assert ran.lines[1] == "  read from in.jsonl:2"


def test_a_file_of_several_documents_explains_them_all(records):
    heads = [line for line in records("explain", "out", "in.jsonl").lines if "characters stay" in line]
    assert len(heads) == 3


def test_a_hostile_id_and_text_are_written_out(records):
    ran = records("explain", "out", HOSTILE)
    assert ran.code == 0
    assert ran.lines[0].startswith(r"x\ny\u202e\x1b[31m: ")
    assert b"\x1b" not in ran.stdout
    assert "\u202e" not in ran.stdout.decode()


def test_neighbouring_removals_by_one_rule_are_one_block_and_long_ones_are_shortened(cli, prose):
    (cli.home / "pages").mkdir()
    related = "\n".join(f"• خبر قصير عن الميناء رقم {number}" for number in range(30))
    (cli.home / "pages" / "a.txt").write_text(f"{prose(1)}\n{prose(2)}\n{prose(3)}\nمقالات مشابهة\n{related}\n", encoding="utf-8")
    assert cli("clean", "pages", "-o", "out", "-q").code == 0
    short, full = cli("explain", "out", "a.txt"), cli("explain", "out", "a.txt", "--full")
    assert len([line for line in short.lines if line.startswith("a.txt:")]) == 2
    assert "    … 19 more lines …" in short.lines
    assert sum(line.startswith("  - ") for line in full.lines) == 31


def test_rows_that_were_escaped_whole_are_found(cli, prose):
    """A half surrogate pair in a field makes the whole row of the corpus ASCII, its id and text with it."""
    row = {"id": "خبر", "text": f"{prose(1)}\nAdvertisement\n", "broken": "\ud800"}
    (cli.home / "in.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    assert cli("clean", "in.jsonl", "-o", "out", "-q").code == 0
    assert f"  | {prose(1)[:60]}" in "\n".join(cli("explain", "out", "خبر").lines)


def test_a_line_of_an_output_document_is_counted_from_its_own_beginning(shared_cli, run):
    one, beyond = shared_cli.all(("explain", run, f"{HARBOUR}#2:1"), ("explain", run, f"{HARBOUR}#2:99"))
    assert one.code == 0
    assert (beyond.code, "not 99" in beyond.stderr) == (2, True)
