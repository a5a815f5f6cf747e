"""`dedup strip -`: records in, records out, in order, one line each."""

from __future__ import annotations

import json

import pytest

BODY = "أعلنت بلدية القصب افتتاح الجسر الجديد أمام السيارات صباح الأحد، بعد أعمال استمرت عامين."
NOISE = "المصدر: وكالات"


def lines_of(*records: object) -> bytes:
    return b"".join(json.dumps(record, ensure_ascii=False).encode() + b"\n" for record in records)


def test_records_come_out_in_order_with_their_fields_and_without_the_noise(cli):
    records = [{"url": f"u{k}", "id": f"z{9 - k}", "text": f"{BODY}\n\n{NOISE}\n", "n": [k, {"a": None}]} for k in range(3)]
    ran = cli("strip", "-", stdin=lines_of(*records))
    assert (ran.code, ran.stderr) == (0, "")
    assert ran.rows == [record | {"text": BODY + "\n"} for record in records]
    assert [list(row) for row in ran.rows] == [list(record) for record in records]


def test_a_record_that_loses_nothing_is_passed_on_byte_for_byte(cli):
    raw = b'{ "text" :"\\u0646\\u0635 \\/ whole" , "id":7}\r\n\n{"text":""}\n{"text":"last line without end"}'
    ran = cli("strip", "-", stdin=raw)
    assert (ran.code, ran.stdout) == (0, raw)


@pytest.mark.xfail(strict=True, reason="E18: the filter knows no byte order mark")
def test_a_byte_order_mark_does_not_cost_the_first_record(cli):
    ran = cli("strip", "-", stdin=b"\xef\xbb\xbf" + lines_of({"text": f"{BODY}\n{NOISE}"}))
    assert ran.code == 0
    assert json.loads(ran.stdout.decode("utf-8-sig")) == {"text": BODY + "\n"}


def test_nothing_in_gives_nothing_out(cli):
    ran = cli("strip", "-")
    assert (ran.code, ran.stdout, ran.stderr) == (0, b"", "")


def test_lines_that_are_no_records_are_passed_through_counted_and_exit_3(cli):
    bad = [b"{]\n", b"[1, 2]\n", b'{"body": "no text"}\n', b'{"text": "\\ud800"}\n', b'{"text": "\xff"}\n', b"\x00\n"]
    good = lines_of({"id": "a", "text": f"{BODY}\n{NOISE}"})
    ran = cli("strip", "-", stdin=b"".join([*bad[:3], good, *bad[3:]]))
    assert ran.code == 3
    assert "6 lines could not be read" in ran.stderr
    assert ran.stdout == b"".join(
        [*bad[:3], json.dumps({"id": "a", "text": BODY + "\n"}, ensure_ascii=False, separators=(",", ":")).encode() + b"\n", *bad[3:]]
    )


def test_the_ledger_says_what_went_and_from_where(cli, rows):
    text = f"{BODY}\n\n{NOISE}\n"
    records = [{"id": "a", "text": text}, {"text": text}, {"id": "c", "text": BODY}]
    ran = cli("strip", "-", "--ledger", "ledger.jsonl", stdin=lines_of(*records))
    assert ran.code == 0
    found = rows(cli.home / "ledger.jsonl")
    gone = [row for row in found if row["reason"] == "boilerplate"]
    assert [(row["document"], row["rule"], row["text"]) for row in gone] == [
        ("a", "ar/source-credit", NOISE + "\n"),
        ("stdin:2", "ar/source-credit", NOISE + "\n"),
    ]
    assert all(text[row["start"] : row["end"]] == row["text"] for row in found)


def test_an_appended_article_follows_its_page_as_a_record_of_its_own(cli, samples):
    text = (samples / "sahifat-fanar-alyaqut" / "2025-03-14-harbour-expansion.txt").read_text(encoding="utf-8")
    records = [{"id": "p", "text": text, "lang": "ar"}, {"id": "q", "text": BODY}]
    split = cli("strip", "-", stdin=lines_of(*records))
    assert [row["id"] for row in split.rows] == ["p", "p#2", "q"]
    assert split.rows[1]["text"].startswith("خط بحري جديد يربط مرسى الياقوت بجزيرة المحارة")
    assert split.rows[1]["lang"] == "ar"
    dropped = cli("strip", "-", "--appended", "drop", stdin=lines_of(*records))
    assert [row["id"] for row in dropped.rows] == ["p", "q"]
    assert dropped.rows[0]["text"] == split.rows[0]["text"]


def test_a_page_of_nothing_but_noise_comes_out_empty_and_not_missing(cli):
    ran = cli("strip", "-", stdin=lines_of({"id": "a", "text": NOISE}))
    assert ran.rows == [{"id": "a", "text": ""}]


def test_the_text_may_stand_under_another_key(cli):
    ran = cli(
        "strip", "-", "--text-key", "body", "--id-key", "url", stdin=lines_of({"url": "u", "body": f"{BODY}\n{NOISE}", "text": NOISE})
    )
    assert ran.rows == [{"url": "u", "body": BODY + "\n", "text": NOISE}]


def test_a_rule_can_be_switched_off_and_a_pack_added(cli):
    (cli.home / "own.toml").write_text(
        'language = "ar"\n[[rule]]\nid = "own/slogan"\ncategory = "masthead"\nwhy = "slogan of the site"\n'
        'phrases = ["القصب اليوم.. أول من يخبرك"]\n'
        'anchors = ["line"]\nscope = "line"\nremove = ["القصب اليوم.. أول من يخبرك"]\nkeep = ["قال إن القصب اليوم أول من يخبرك بالخبر."]\n',
        encoding="utf-8",
    )  # fmt: skip
    text = f"{BODY}\nالقصب اليوم.. أول من يخبرك\n{NOISE}"
    ran = cli("strip", "-", "--pack", "own.toml", "--disable", "ar/", stdin=lines_of({"text": text}))
    assert ran.rows == [{"text": f"{BODY}\n{NOISE}"}]


def test_several_sources_with_a_dash_among_them_are_refused(cli, page):
    ran = cli("strip", "-", page, "-o", "out")
    assert ran.code == 2


def test_a_filter_with_an_output_folder_is_refused(cli):
    """-o would silently be nothing."""
    ran = cli("strip", "-", "-o", "out", stdin=lines_of({"text": BODY}))
    assert ran.code == 2
    assert "--ledger" in ran.stderr or "-o" in ran.stderr


def test_a_ledger_without_the_filter_is_refused(cli, page):
    ran = cli("strip", page, "-o", "out", "--ledger", "ledger.jsonl")
    assert ran.code == 2
    assert "--ledger" in ran.stderr


def test_the_folder_form_also_counts_repeated_lines_and_removes_no_duplicates(cli, prose, rows):
    folder = cli.home / "site"
    folder.mkdir()
    footer = "صحيفة القصب المسائية من قلب الحدث"
    for k in range(6):
        (folder / f"{k}.txt").write_text(f"{prose(k)}\n\n{prose(10 + k)}\n\n{footer}\n", encoding="utf-8")
    (folder / "copy.txt").write_text(f"{prose(0)}\n\n{prose(10)}\n\n{footer}\n", encoding="utf-8")
    assert cli("strip", folder, "-o", "out").code == 0
    assert {(row["reason"], row.get("rule")) for row in rows(cli.home / "out" / "ledger.jsonl")} >= {("repeated", "repeated/furniture")}
    assert not [row for row in rows(cli.home / "out" / "ledger.jsonl") if row["reason"] == "duplicate"]
    texts = [row["text"] for row in rows(cli.home / "out" / "corpus.jsonl")]
    assert len(texts) == 7
    assert not any(footer in text for text in texts)
