"""`dedup strip -`: records in, records out, in order, one line each."""

from __future__ import annotations

import json
from pathlib import Path

BODY = "أعلنت بلدية القصب افتتاح الجسر الجديد أمام السيارات صباح الأحد، بعد أعمال استمرت عامين."
NOISE = "المصدر: وكالات"
TEXT = f"{BODY}\n\n{NOISE}\n"
CLEAN = f"{BODY}\n"
SLOGAN = "القصب اليوم.. أول من يخبرك"
PACK = f"""language = "ar"
[[rule]]
id = "own/slogan"
category = "masthead"
why = "slogan of the site"
phrases = ["{SLOGAN}"]
anchors = ["line"]
scope = "line"
remove = ["{SLOGAN}"]
keep = ["قال إن القصب اليوم أول من يخبرك بالخبر."]
"""
SCRAPED = Path(__file__).resolve().parents[2] / "samples" / "scraped" / "sahifat-fanar-alyaqut"


def lines_of(*records: object) -> bytes:
    return b"".join(json.dumps(record, ensure_ascii=False).encode() + b"\n" for record in records)


FIELDS = [{"url": f"u{k}", "id": f"z{9 - k}", "text": TEXT, "n": [k, {"a": None}]} for k in range(3)]
UNTOUCHED = b'{ "text" :"\\u0646\\u0635 \\/ whole" , "id":7}\r\n\n{"text":""}\n{"text":"last line without end"}'
BAD = [b"{]\n", b"[1, 2]\n", b'{"body": "no text"}\n', b'{"text": "\\ud800"}\n', b'{"text": "\xff"}\n', b"\x00\n"]
TWO_ARTICLES = [
    {"id": "p", "text": (SCRAPED / "2025-03-14-harbour-expansion.txt").read_text(encoding="utf-8"), "lang": "ar"},
    {"id": "q", "text": BODY},
]
RUNS = {
    "many": {
        "stdin": lines_of(*FIELDS, {"id": "noise", "text": NOISE}, {"text": TEXT}, *TWO_ARTICLES),
        "more": ("--ledger", "ledger.jsonl"),
    },
    "untouched": {"stdin": UNTOUCHED},
    "mark": {"stdin": b"\xef\xbb\xbf" + lines_of({"text": TEXT})},
    "nothing": {"stdin": b""},
    "bad": {"stdin": b"".join([*BAD[:3], lines_of({"id": "a", "text": TEXT}), *BAD[3:]])},
    "drop": {"stdin": lines_of(*TWO_ARTICLES), "more": ("--appended", "drop")},
    "keys": {"stdin": lines_of({"url": "u", "body": TEXT, "text": NOISE}), "more": ("--text-key", "body", "--id-key", "url")},
    "pack": {
        "stdin": lines_of({"text": f"{BODY}\n{SLOGAN}\n{NOISE}"}),
        "more": ("--pack", "own.toml", "--disable", "ar/"),
        "files": {"own.toml": PACK},
    },
}
QUESTIONS = {name: run | {"arguments": ("strip", "-", *run.get("more", ()))} for name, run in RUNS.items()}


def test_records_come_out_in_order_with_their_fields_and_without_the_noise(answers):
    ran = answers["many"].ran
    assert (ran.code, ran.stderr) == (0, "")
    assert ran.rows[:3] == [record | {"text": CLEAN} for record in FIELDS]
    assert [list(row) for row in ran.rows[:3]] == [list(record) for record in FIELDS]


def test_a_record_that_loses_nothing_is_passed_on_byte_for_byte(answers):
    ran = answers["untouched"].ran
    assert (ran.code, ran.stdout) == (0, UNTOUCHED)


def test_a_byte_order_mark_does_not_cost_the_first_record(answers):
    ran = answers["mark"].ran
    assert ran.code == 0
    assert json.loads(ran.stdout.decode("utf-8-sig")) == {"text": CLEAN}


def test_nothing_in_gives_nothing_out(answers):
    ran = answers["nothing"].ran
    assert (ran.code, ran.stdout, ran.stderr) == (0, b"", "")


def test_lines_that_are_no_records_are_passed_through_counted_and_exit_3(answers):
    ran = answers["bad"].ran
    assert ran.code == 3
    assert "6 lines could not be read" in ran.stderr
    lines = ran.stdout.split(b"\n")
    assert json.loads(lines.pop(3)) == {"id": "a", "text": CLEAN}
    assert b"\n".join(lines) == b"".join(BAD)


def test_the_ledger_says_what_went_and_from_where(answers, rows):
    texts = {record["id"]: record["text"] for record in (*FIELDS, *TWO_ARTICLES)} | {"noise": NOISE, "stdin:5": TEXT}
    found = rows(answers["many"].home / "ledger.jsonl")
    assert all(texts[row["document"]][row["start"] : row["end"]] == row["text"] for row in found if row["action"] == "remove")
    gone = [(row["document"], row["rule"], row["text"]) for row in found if row["reason"] == "boilerplate"]
    credit = [("z9", NOISE + "\n"), ("z8", NOISE + "\n"), ("z7", NOISE + "\n"), ("noise", NOISE), ("stdin:5", NOISE + "\n")]
    assert gone[:5] == [(document, "ar/source-credit", text) for document, text in credit]


def test_an_appended_article_follows_its_page_as_a_record_of_its_own(answers):
    split, drop = answers["many"].ran.rows[-3:], answers["drop"].ran.rows
    assert [row["id"] for row in split] == ["p", "p#2", "q"]
    assert split[1]["text"].startswith("خط بحري جديد يربط مرسى الياقوت بجزيرة المحارة")
    assert split[1]["lang"] == "ar"
    assert [row["id"] for row in drop] == ["p", "q"]
    assert drop[0]["text"] == split[0]["text"]


def test_a_page_of_nothing_but_noise_comes_out_empty_and_not_missing(answers):
    assert answers["many"].ran.rows[3] == {"id": "noise", "text": ""}


def test_the_text_may_stand_under_another_key(answers):
    assert answers["keys"].ran.rows == [{"url": "u", "body": CLEAN, "text": NOISE}]


def test_a_rule_can_be_switched_off_and_a_pack_added(answers):
    assert answers["pack"].ran.rows == [{"text": f"{BODY}\n{NOISE}"}]


def test_the_folder_form_also_counts_repeated_lines_and_removes_no_duplicates(cli, prose, rows):
    folder = cli.home / "site"
    folder.mkdir()
    footer = "صحيفة القصب المسائية من قلب الحدث"
    for k in range(6):
        (folder / f"{k}.txt").write_text(f"{prose(k)}\n\n{prose(10 + k)}\n\n{footer}\n", encoding="utf-8")
    (folder / "copy.txt").write_text(f"{prose(0)}\n\n{prose(10)}\n\n{footer}\n", encoding="utf-8")
    assert cli("strip", folder, "-o", "out").code == 0
    ledger = rows(cli.home / "out" / "ledger.jsonl")
    assert ("repeated", "repeated/furniture") in {(row["reason"], row.get("rule")) for row in ledger}
    assert not [row for row in ledger if row["reason"] == "duplicate"]
    texts = [row["text"] for row in rows(cli.home / "out" / "corpus.jsonl")]
    assert len(texts) == 7
    assert not any(footer in text for text in texts)
