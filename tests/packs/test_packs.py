"""The packs: every rule by its own examples, and what holds among rules."""

from __future__ import annotations

from collections import defaultdict

import pytest
from dedup.boilerplate.examples import check_rule
from dedup.boilerplate.packs import read_pack, shipped_packs

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


def clashes(language: str | None) -> list[str]:
    """Phrases that stand twice with one anchor; of two such rules only one is ever asked."""
    holders = defaultdict(list)
    for rule in RULES:
        if language in (None, rule.language):
            for anchor in rule.anchors:
                for phrase in rule.phrases if anchor != "pattern" else ():
                    seconds = rule.second if anchor == "pair" else ((),)
                    for second in seconds:
                        holders[anchor, phrase, second, rule.position, rule.follow, rule.digits, rule.sites].append(rule.id)
    return [f"{anchor} {' '.join(phrase)!r}: {', '.join(ids)}" for (anchor, phrase, *_), ids in holders.items() if len(ids) > 1]


@pytest.mark.parametrize("language", sorted({rule.language for rule in RULES}))
def test_no_phrase_stands_twice_with_one_anchor_in_a_language(language):
    assert clashes(language) == []


def test_no_rule_takes_a_phrase_from_a_rule_with_more_reach():
    """The same phrase and anchor in two packs: the one that is asked first must not forget the list under the marker."""
    reach = {"line": 0, "boundary": 0, "block": 1, "auto": 1, "split": 1, "to-end": 1}
    holders = defaultdict(list)
    for rule in RULES:
        if not rule.sites and rule.position == "any" and not rule.follow and not rule.digits and "line" in rule.anchors:
            for phrase in rule.phrases:
                holders[phrase].append(rule)
    shadowed = []
    for phrase, rules in holders.items():
        first = min(rules, key=lambda rule: rule.id)
        shadowed += [f"{' '.join(phrase)!r}: {first.id} hides {rule.id}" for rule in rules if reach[rule.scope] > reach[first.scope]]
    assert shadowed == []


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
