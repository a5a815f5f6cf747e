"""Marked lines asked all at once: the same answers as one by one."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
from dedup.boilerplate.marks import FEW, Texts, find_idle, texts_of
from dedup.boilerplate.packs import load_rules
from dedup.boilerplate.rules import options_of
from dedup.boilerplate.scan import make_triggers
from dedup.gather import gather
from dedup.io.record import PLAIN, Record
from dedup.text.lines import MARKED

if TYPE_CHECKING:
    from dedup.corpus import Corpus

RULES = load_rules()
TRIGGERS = make_triggers(RULES)
FILLER = ["الميناء", "افتتح", "رصيفا", "7", "2021", "12:30", "harbour", "opened", "«", ":", "-", "港", "..", "•"]


def lines(seed: int, count: int) -> list[str]:
    """Lines of markers, hints and other words; examples of rules; many of them more than once."""
    dice = random.Random(seed)
    phrases = [" ".join(phrase.words) for found in (*RULES.by_first.values(), *RULES.by_last.values()) for phrase in found]
    hints = sorted(RULES.by_hint)
    examples = [line for rule in RULES.rules for example in rule.remove for line in example.split("\n") if line.strip()]
    kinds = (lambda: dice.choice(phrases), lambda: dice.choice(hints), lambda: dice.choice(FILLER), lambda: dice.choice(FILLER))
    made = [" ".join(dice.choice(kinds)() for _ in range(dice.randint(1, 9))) for _ in range(count // 2)] + dice.choices(
        examples, k=count // 4
    )
    return [f" {line}\t" if dice.random() < 0.1 else line for line in dice.choices(made, k=count)]


def corpus_of(texts: list[str], folder) -> Corpus:
    records = [Record(f"{number}", "\n".join(texts[number : number + 7]).encode(), "", PLAIN, b"") for number in range(0, len(texts), 7)]
    return gather(records, TRIGGERS, 1 << 10, folder, 2)


def test_every_marked_line_is_answered_as_if_it_were_asked_alone(tmp_path):
    corpus = corpus_of(lines(1, 6000), tmp_path)
    rows = np.flatnonzero(corpus.lines.flags & MARKED)
    assert len(rows) > 1000
    answers = 0
    for texts in texts_of(corpus, rows):
        idle = find_idle(texts, RULES, TRIGGERS)
        said = [texts.text(number) for number in range(len(texts.rows))]
        assert idle.tolist() == [not options_of(text, RULES) for text in said]
        answers += len(said)
    assert answers == len(rows)
    corpus.store.close()


def test_lines_of_the_same_bytes_are_one_text_and_no_others(tmp_path):
    corpus = corpus_of([*lines(2, 900), "سطر", "سطر ", "سطر", "سطرا"], tmp_path)
    (texts,) = texts_of(corpus, np.arange(len(corpus.lines)))
    said = [texts.text(number) for number in range(len(texts.rows))]
    assert texts.first.tolist() == [said.index(text) for text in said]
    corpus.store.close()


def test_lines_of_more_hints_than_bytes_leave_room_for_are_answered(tmp_path):
    hints = sorted(RULES.by_hint, key=lambda hint: len(hint.encode()))[:40]
    corpus = corpus_of([" ".join(hints[k % 40 :][:8] * 2) + f" {k}" for k in range(4 * FEW)], tmp_path)
    rows = np.flatnonzero(corpus.lines.flags & MARKED)
    (texts,) = texts_of(corpus, rows)
    assert len(texts.data) // 4 < sum(len(texts.text(k).split()) - 1 for k in range(len(rows)))
    assert find_idle(texts, RULES, TRIGGERS).tolist() == [not options_of(texts.text(k), RULES) for k in range(len(rows))]
    corpus.store.close()


def test_few_lines_are_asked_one_by_one(tmp_path):
    corpus = corpus_of(lines(3, FEW // 2), tmp_path)
    for texts in texts_of(corpus, np.flatnonzero(corpus.lines.flags & MARKED)):
        assert isinstance(texts, Texts)
        assert find_idle(texts, RULES, TRIGGERS).tolist() == [not options_of(texts.text(k), RULES) for k in range(len(texts.rows))]
    corpus.store.close()
