"""Stripping a corpus: only the pages that headlines of others could change are looked at again, and all are stripped as if they were."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from dedup.boilerplate.packs import load_rules
from dedup.boilerplate.scan import make_triggers
from dedup.boilerplate.strip import strip_page
from dedup.config import Config
from dedup.first_look import FirstLook
from dedup.gather import gather
from dedup.io.record import PLAIN, Record
from dedup.stages import _headlines, strip_alone, strip_corpus
from hypothesis import given, settings
from hypothesis import strategies as st

RULES = load_rules()
TRIGGERS = make_triggers(RULES)
HEADLINES = ["افتتاح الرصيف الجديد في ميناء المدينة", "الوزير يعلن موعد انطلاق القطار السريع", "أمطار غزيرة على الساحل مساء الجمعة",
             "الفريق الأحمر يفوز ببطولة الجامعات للمرة الثانية", "تفاصيل خطة تطوير المدارس في القرى"]  # fmt: skip
PROSE = ["أعلنت إدارة الميناء صباح اليوم عن افتتاح الرصيف الجديد أمام السفن التجارية بعد أعمال استمرت عامين كاملين دون انقطاع.",
         "وأوضح مدير المشروع أن العمل يبدأ مع مطلع الشهر المقبل ورحب تجار المدينة بالخطوة وقالوا إنها تخفف الازدحام.",
         "وقال الوزير إن القطار السريع سينطلق في موعد يعلن لاحقا بعد انتهاء التجارب التي تجريها الهيئة منذ أشهر طويلة."]  # fmt: skip
FURNITURE = [
    "اقرأ أيضا",
    "إعلان",
    "تابعونا على مواقع التواصل الاجتماعي",
    "المصدر: وكالات",
    "نهاية الحديث",
    "كتب - محرر الموقع",
    "في الميناء",
]
pages = st.lists(st.sampled_from([*HEADLINES, *HEADLINES, *PROSE, *PROSE, *FURNITURE]), max_size=12).map("\n".join)


@given(st.lists(pages, min_size=1, max_size=6), st.sampled_from(["split", "keep", "drop"]), st.booleans(), st.booleans())
@settings(max_examples=300, deadline=None)
def test_every_page_is_stripped_as_if_it_were_looked_at_with_all_headlines(texts, appended, alone, structure):
    config = Config(appended=appended, structure=structure)
    corpus, looked, found = stripped(texts, config, alone=alone)
    is_title, _ = _headlines(corpus, looked)
    for document in range(len(corpus)):
        rows = np.flatnonzero(is_title & (corpus.lines.document == document)) if alone else np.flatnonzero(is_title)
        titles = set(zip(corpus.lines.first[rows].tolist(), corpus.lines.second[rows].tolist(), strict=True))
        wanted = strip_page(corpus.page(document), RULES, titles, appended, structure=structure)
        lines = range(int(corpus.first_line[document]), int(corpus.first_line[document + 1]))
        assert {k: found.rules[found.rule[row]] for k, row in enumerate(lines) if found.rule[row]} == wanted.gone, texts
        assert [k for k, row in enumerate(lines) if k and found.part[row] != found.part[row - 1]] == list(wanted.starts), texts


@pytest.mark.parametrize("alone", [False, True])
def test_a_page_that_asked_for_no_headline_of_another_is_not_looked_at_again(monkeypatch, alone):
    asked = [HEADLINES[0], PROSE[1], PROSE[1], HEADLINES[1], PROSE[0], FURNITURE[0], HEADLINES[2]]
    other = [HEADLINES[1], PROSE[2], FURNITURE[1]]
    again = []
    monkeypatch.setattr("dedup.stages.strip_page", lambda page, *rest, **more: again.append(page) or strip_page(page, *rest, **more))
    stripped(["\n".join(page) for page in ([HEADLINES[3], PROSE[0], HEADLINES[1], PROSE[1], HEADLINES[3]], other)], Config(), alone=alone)
    assert again == []
    stripped(["\n".join(asked), "\n".join(other)], Config(), alone=alone)
    assert len(again) == (0 if alone else 1)


def stripped(texts, config, *, alone):
    """The corpus, its headlines as the first look found them, and what is stripped of it."""
    look = FirstLook(RULES, config)
    corpus, looked = look.finish(
        gather([Record(f"{number}", text.encode(), "", PLAIN, b"") for number, text in enumerate(texts)], TRIGGERS, 1 << 40, Path(), 1)
    )
    headline = looked.found.headline.copy()
    return corpus, headline, (strip_alone if alone else strip_corpus)(corpus, looked, RULES, config)
