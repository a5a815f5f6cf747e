"""`dedup rules list | show | test`."""

from __future__ import annotations

import pytest

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


def test_every_rule_is_listed_once_by_id(cli):
    ran = cli("rules", "list")
    assert (ran.code, ran.stderr) == (0, "")
    names = [line.split()[0] for line in ran.lines]
    assert names == sorted(set(names))
    assert {"ar/tags", "ar/read-also", "any/tweet-text"} <= set(names)


def test_a_rule_is_shown_with_its_reason_phrases_and_examples(cli):
    (cli.home / "own.toml").write_text(OWN, encoding="utf-8")
    ran = cli("rules", "show", "own/slogan", "--pack", "own.toml")
    assert (ran.code, ran.stderr) == (0, "")
    shown = ran.stdout.decode("utf-8")
    for part in ("own/slogan  (own.toml)", "why: slogan of the site", "phrases:", "removes:", "keeps:", "قال إن القصب اليوم"):
        assert part in shown


def test_the_examples_of_all_packs_hold(cli):
    ran = cli("rules", "test")
    assert ran.code == 0, ran.stdout.decode()
    assert ran.stdout == b""
    assert "0 examples do not hold" in ran.stderr


def test_examples_that_do_not_hold_exit_1_and_are_named(cli):
    (cli.home / "own.toml").write_text(OWN.replace("قال إن القصب اليوم أول من يخبرك بالخبر.", "القصب اليوم أول من يخبرك"), encoding="utf-8")
    ran = cli("rules", "test", "--pack", "own.toml")
    assert ran.code == 1
    assert ran.lines == ["own/slogan: line went: القصب اليوم أول من يخبرك"]
    assert "1 examples do not hold" in ran.stderr


def test_a_rule_is_tried_on_a_page_from_stdin(cli):
    page = "افتتاح الجسر الجديد في القصب\n\nقال المدير إن المصدر: وكالات هو اسم كتابه.\n\nالمصدر: وكالات\n"
    ran = cli("rules", "test", "ar/source-credit", stdin=page.encode())
    assert (ran.code, ran.stderr) == (0, "")
    assert "- المصدر: وكالات" in ran.lines
    assert not [line for line in ran.lines if line.startswith("- قال")]


@pytest.mark.parametrize("page", ["", "نص بلا ضجيج\n\x00\n"])
def test_a_page_without_a_hit_says_so(cli, page):
    ran = cli("rules", "test", "ar/source-credit", stdin=page.encode())
    assert (ran.code, ran.lines) == (0, ["no hit"])
