"""Rule packs: what is read, what adds to ours, and what is said about a wrong one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from dedup.boilerplate.packs import find_rule, load_rules, read_pack
from dedup.errors import UsageError
from dedup.text.fold import fold_words

if TYPE_CHECKING:
    from pathlib import Path

RULE = {
    "id": '"my/rule"', "category": '"own"', "why": '"for a test"', "anchors": '["line"]', "scope": '"line"', "phrases": '["تابعونا هنا"]',
    "remove": '["تابعونا هنا"]', "keep": '["نتابع هنا ما يجري"]',
}  # fmt: skip


def pack(folder: Path, *rules: dict[str, str | None], before: str = 'language = "ar"\n') -> Path:
    path = folder / "mine.toml"
    tables = ("[[rule]]\n" + "".join(f"{key} = {value}\n" for key, value in (RULE | rule).items() if value is not None) for rule in rules)
    path.write_text(before + "\n".join(tables), encoding="utf-8")
    return path


def said(folder: Path, **changes: str | None) -> str:
    with pytest.raises(UsageError) as caught:
        read_pack(pack(folder, {}, {"id": '"my/second"'} | changes))
    return str(caught.value)


SECOND = "mine.toml:12: rule 'my/second': "


def test_a_pack_is_read_with_its_phrases_folded(tmp_path):
    (rule,) = read_pack(pack(tmp_path, {}))
    assert rule.id == "my/rule"
    assert rule.phrases == (tuple(fold_words("تابعونا هنا")),)
    assert (rule.language, rule.pack) == ("ar", "mine.toml")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"phrase": '["x"]'}, "unknown key 'phrase'. Did you mean 'phrases'?"),
        ({"anchor": '"line"'}, "unknown key 'anchor'. Did you mean 'anchors'?"),
        ({"zzz": "1"}, "unknown key 'zzz'."), ({"max_words": '"many"'}, "'max_words' must be a int, not 'many'"),
        ({"why": None}, "'why' is missing"),
        ({"remove": None}, "'remove' is missing: every rule has examples"),
        ({"keep": "[]"}, "'keep' is missing: every rule has examples"),
        ({"phrases": "[1]"}, "'phrases' must be a list of strings"),
        ({"anchors": '["lines"]'}, "unknown anchor 'lines', take one of line, start, lead, end, pair, pattern"),
        ({"position": '"top"'}, "unknown position 'top'"), ({"follow": '"prose"'}, "follow can only be 'list', not 'prose'"),
        ({"phrases": None}, "it needs 'phrases'"),
        ({"phrases": '["***"]'}, "a phrase has no letter or digit"),
        ({"anchors": '["pair"]', "max_words": "9"}, "anchor 'pair' needs 'second'"),
        ({"anchors": '["lead"]'}, "anchors lead, end and pair need 'max_words'"),
        ({"anchors": '["pattern"]', "pattern": '"a"'}, "anchor 'pattern' needs 'pattern' and 'hint'"),
        ({"scope": '"to-end"'}, "scope 'to-end' needs position = \"tail\""),
    ],
)  # fmt: skip
def test_a_wrong_rule_is_named_with_file_line_and_what_to_do(tmp_path, changes, message):
    assert said(tmp_path, **changes) == SECOND + message


def test_an_unknown_scope_is_named_with_those_there_are(tmp_path):
    assert said(tmp_path, scope='"page"').startswith(f"{SECOND}unknown scope 'page', take one of line, ")


def test_a_pattern_that_is_none_is_named(tmp_path):
    assert said(tmp_path, anchors='["pattern"]', pattern='"(a"', hint='["a"]').startswith(f"{SECOND}the pattern is wrong: ")


def test_an_id_that_stands_twice_is_named_by_its_second_place(tmp_path):
    assert said(tmp_path, id='"my/rule"') == "mine.toml:12: rule id 'my/rule' stands twice in this pack"


@pytest.mark.parametrize("text", ["[[rule]\n", "rule = ", "\ufeff[[rule]]"])
def test_a_pack_that_is_no_toml_is_named(tmp_path, text):
    path = tmp_path / "broken.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=r"broken\.toml: cannot read the rule pack"):
        read_pack(path)


def test_a_pack_that_is_not_there_is_named(tmp_path):
    with pytest.raises(UsageError, match=r"none\.toml"):
        load_rules([str(tmp_path / "none.toml")])


def test_a_users_rules_add_to_ours(tmp_path):
    ours, both = load_rules(), load_rules([str(pack(tmp_path, {}))])
    assert {rule.id for rule in both.rules} == {rule.id for rule in ours.rules} | {"my/rule"}


def test_a_users_rule_takes_the_place_of_ours_by_id(tmp_path):
    ours = load_rules().rules[0]
    changed = find_rule(load_rules([str(pack(tmp_path, {"id": f'"{ours.id}"'}))]), ours.id)
    assert changed.why == "for a test"
    assert changed.pack == "mine.toml"


def test_rules_are_switched_off_by_id_or_by_prefix():
    every = {rule.id for rule in load_rules().rules}
    one = next(iter(sorted(every)))
    assert {rule.id for rule in load_rules((), [one]).rules} == every - {one}
    assert {rule.id for rule in load_rules((), ["ar/"]).rules} == {rule for rule in every if not rule.startswith("ar/")}


@pytest.mark.parametrize("name", ["ar/read-alsoo", "nothing/", "xyz"])
def test_switching_off_what_is_not_there_is_an_error(name):
    with pytest.raises(UsageError, match=f"no rule '{name}' to disable"):
        load_rules((), [name])


def test_an_unknown_rule_is_answered_with_the_nearest():
    with pytest.raises(UsageError, match=r"no rule 'ar/read-alsoo'\. Did you mean 'ar/read-also'\?"):
        find_rule(load_rules(), "ar/read-alsoo")


@pytest.mark.parametrize("text", ["rules = []\n", "[rule]\nid = 'a'\n", "langage = 'ar'\n", "[[rules]]\nid = 'a'\n"])
def test_a_misspelt_heading_is_no_empty_pack(tmp_path, text):
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=r"mine\.toml:1"):
        read_pack(path)
