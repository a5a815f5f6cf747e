"""The packs: every rule by its own examples, and what holds among rules."""

from __future__ import annotations

from itertools import pairwise

import pytest
from dedup.boilerplate.examples import check_rule
from dedup.boilerplate.packs import compile_rules, read_pack, shipped_packs

PACKS = {path.stem: read_pack(path) for path in shipped_packs()}
RULES = [rule for rules in PACKS.values() for rule in rules]


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.id) for rule in RULES])
def test_the_examples_of_a_rule_hold(rule):
    assert check_rule(rule) == []


def test_there_are_packs():
    assert {"any-embed", "ar-page", "ar-related", "ar-social", "en"} <= set(PACKS)


def test_ids_are_unique_over_all_packs():
    ids = [rule.id for rule in RULES]
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("pack", PACKS)
def test_ids_begin_with_the_language_of_their_pack(pack):
    wrong = [rule.id for rule in PACKS[pack] if not rule.id.startswith(f"{rule.language}/")]
    assert wrong == []
    assert {rule.language for rule in PACKS[pack]} == {pack.partition("-")[0]}


def test_of_rules_that_share_a_phrase_the_one_with_more_reach_is_asked_first():
    """Languages share words (Tags, Facebook), and a phrase may head a list as well as stand alone: the list must not be forgotten."""
    reach = {"line": 0, "boundary": 1, "block": 1, "auto": 1, "split": 1, "to-end": 1}
    for found in compile_rules(RULES).by_first.values():
        for first, second in pairwise(found):
            if first.words == second.words:
                assert reach[first.rule.scope] >= reach[second.rule.scope], (first.words, first.rule.id, second.rule.id)


@pytest.mark.parametrize("pack", PACKS)
def test_no_rule_holds_a_phrase_twice(pack):
    twice = [rule.id for rule in PACKS[pack] if len(set(rule.phrases)) < len(rule.phrases)]
    assert twice == []


@pytest.mark.parametrize("pack", PACKS)
def test_every_rule_says_why_in_a_sentence_and_has_near_misses(pack):
    for rule in PACKS[pack]:
        assert len(rule.why.split()) >= 3, rule.id
        assert all(text.strip() for text in (*rule.remove, *rule.keep)), rule.id


@pytest.mark.parametrize("pack", PACKS)
def test_a_single_word_is_never_enough_at_the_start_or_end_of_a_line(pack):
    """Anchors lead and end ask for no separator: one word there would hit prose. (Scripts that set few spaces aside.)"""
    loose = [
        f"{rule.id} {anchor} {phrase[0]}"
        for rule in PACKS[pack]
        for anchor in ("lead", "end")
        for phrase in rule.phrases
        if anchor in rule.anchors and len(phrase) < 2 and rule.language not in ("ja", "ko", "zh")
    ]
    assert loose == []
