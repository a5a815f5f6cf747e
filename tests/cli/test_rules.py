"""`dedup rules list | show | test`."""

from __future__ import annotations

OWN = """language = "ar"

[[rule]]
id = "own/slogan"
category = "masthead"
why = "slogan of the site"
phrases = ["القصب اليوم.. أول من يخبرك"]
anchors = ["line"]
scope = "line"
remove = ["القصب اليوم.. أول من يخبرك"]
keep = ["قال إن القصب اليوم أول من يخبرك بالخبر."]
"""


PAGE = "افتتاح الجسر الجديد في القصب\n\nقال المدير إن المصدر: وكالات هو اسم كتابه.\n\nالمصدر: وكالات\n"
WRONG = OWN.replace("قال إن القصب اليوم أول من يخبرك بالخبر.", "القصب اليوم أول من يخبرك")
QUESTIONS = {
    "list": {"arguments": ("rules", "list")},
    "show": {"arguments": ("rules", "show", "own/slogan", "--pack", "own.toml"), "files": {"own.toml": OWN}},
    "test": {"arguments": ("rules", "test")},
    "test own": {"arguments": ("rules", "test", "--pack", "own.toml"), "files": {"own.toml": WRONG}},
    "try": {"arguments": ("rules", "test", "ar/source-credit"), "stdin": PAGE.encode()},
    "try no hit": {"arguments": ("rules", "test", "ar/source-credit"), "stdin": "نص بلا ضجيج\n\x00\n".encode()},
}


def test_every_rule_is_listed_once_by_id(answers):
    ran = answers["list"].ran
    assert (ran.code, ran.stderr) == (0, "")
    names = [line.split()[0] for line in ran.lines]
    assert names == sorted(set(names))
    assert {"ar/tags", "ar/read-also", "any/tweet-text"} <= set(names)


def test_a_rule_is_shown_with_its_reason_phrases_and_examples(answers):
    ran = answers["show"].ran
    assert (ran.code, ran.stderr) == (0, "")
    shown = ran.stdout.decode("utf-8")
    for part in ("own/slogan  (own.toml)", "why: slogan of the site", "phrases:", "removes:", "keeps:", "قال إن القصب اليوم"):
        assert part in shown


def test_the_examples_of_all_packs_hold(answers):
    ran = answers["test"].ran
    assert ran.code == 0, ran.stdout.decode()
    assert ran.stdout == b""
    assert "0 examples do not hold" in ran.stderr


def test_examples_that_do_not_hold_exit_1_and_are_named(answers):
    ran = answers["test own"].ran
    assert ran.code == 1
    assert "own/slogan: line went: القصب اليوم أول من يخبرك" in ran.lines
    assert "1 examples do not hold" in ran.stderr


def test_a_rule_is_tried_on_a_page_from_stdin(answers):
    ran = answers["try"].ran
    assert (ran.code, ran.stderr) == (0, "")
    assert "- المصدر: وكالات" in ran.lines
    assert not [line for line in ran.lines if line.startswith("- قال")]


def test_a_page_without_a_hit_says_so(answers):
    ran = answers["try no hit"].ran
    assert (ran.code, ran.lines) == (0, ["no hit"])
