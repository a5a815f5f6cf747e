"""Plain pages: what is said of them without a look is what a look would say, and none but them is plain."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from dedup.boilerplate.lone import LonePages, lone_rule
from dedup.boilerplate.packs import load_rules
from dedup.boilerplate.scan import candidates, make_triggers
from dedup.boilerplate.strip import NO_TITLES, Stripped, strip_page
from dedup.config import Config
from dedup.first_look import FirstLook
from dedup.gather import gather
from dedup.io.record import PLAIN, Record
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import corpora

if TYPE_CHECKING:
    from dedup.corpus import Corpus

RULES = load_rules()
TRIGGERS = make_triggers(RULES)
PROSE = "أعلنت إدارة الميناء صباح اليوم عن افتتاح الرصيف الجديد أمام السفن التجارية بعد أعمال استمرت عامين كاملين دون انقطاع."
MORE = "وأوضح مدير المشروع أن العمل يبدأ مع مطلع الشهر المقبل ورحب تجار المدينة بالخطوة وقالوا إنها تخفف الازدحام."
REST = "ومن المقرر أن تنطلق المرحلة القادمة في قرية بعيدة حيث تزرع النخيل والزيتون منذ سنوات طويلة في واد خصيب."
LINES = ["إعلان", "تابعونا على مواقع التواصل الاجتماعي", "المصدر: وكالات", "اقرأ أيضا", "نهاية الحديث", "في الميناء", "***", "شكرا",
         "افتتاح الرصيف الجديد في الميناء", "الرصيف الجديد في الميناء الكبير", "كتب - محرر الموقع", "Tags: الميناء", PROSE, MORE, REST]  # fmt: skip
pages = corpora.texts | st.lists(st.sampled_from(LINES), max_size=9).map("\n".join)


def corpus_of(texts: list[str]) -> Corpus:
    records = [Record(f"{number}", text.encode(), "", PLAIN, b"") for number, text in enumerate(texts)]
    corpus, _ = FirstLook(RULES, Config()).finish(gather(records, TRIGGERS, 1 << 40, Path(), 1))
    return corpus


@given(st.lists(pages, min_size=1, max_size=6), st.booleans(), st.sampled_from(["split", "keep", "drop"]))
@settings(max_examples=400, deadline=None)
def test_a_plain_page_is_stripped_as_if_it_were_looked_at(texts, structure, appended):
    corpus = corpus_of(texts)
    lone = LonePages(corpus, RULES)
    gone: dict[int, dict[int, str]] = {document: {} for document in range(len(corpus))}
    for row, rule in zip(*map(np.ndarray.tolist, lone.gone()), strict=True):
        document = int(corpus.lines.document[row])
        gone[document][row - int(corpus.first_line[document])] = lone.names[rule]
    known = set(zip(corpus.lines.first.tolist(), corpus.lines.second.tolist(), strict=True))
    for document in np.flatnonzero(lone.plain).tolist():
        page = corpus.page(document)
        for titles in (NO_TITLES, known):
            assert Stripped(gone[document], {}, frozenset()) == strip_page(page, RULES, titles, appended, structure=structure), texts[
                document
            ]


@pytest.mark.parametrize(
    ("page", "plain"),
    [
        ([PROSE, "تابعونا على مواقع التواصل الاجتماعي", MORE], True),
        ([PROSE, MORE, "إعلان", REST, "المصدر: وكالات"], True),
        (["إعلان", PROSE], False),
        ([PROSE, "اقرأ أيضا", "افتتاح الرصيف الجديد في الميناء"], False),
        ([PROSE, MORE, "نهاية الحديث", "افتتاح الرصيف الجديد في الميناء", "المصدر: وكالات"], False),
        (["افتتاح الرصيف الجديد في الميناء", PROSE, "المصدر: وكالات", "افتتاح الرصيف الجديد في الميناء"], False),
        ([PROSE, "في الميناء", "شكرا", "إعلان", "شكرا"], False),
    ],
)
def test_a_page_is_plain_where_nothing_but_lone_lines_could_go(page, plain):
    corpus = corpus_of(["\n".join(page)])
    assert candidates(corpus.lines, 1).tolist() == [True]
    assert LonePages(corpus, RULES).plain.tolist() == [plain]


@pytest.mark.parametrize("text", ["اقرأ أيضا", "كتب - محرر الموقع", "في الميناء", "نهاية الخبر"])
def test_a_line_that_goes_with_others_or_not_everywhere_has_no_lone_rule(text):
    assert not lone_rule(text, RULES)
