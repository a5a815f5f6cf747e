"""What a result answers when it is asked."""

from __future__ import annotations

import gc
from dataclasses import replace
from pathlib import Path

import dedup
import pytest
from dedup.edit import apply

SCRAPED = Path(__file__).resolve().parents[2] / "samples" / "scraped"
STORY = (
    "أعلنت هيئة الموانئ أن رصيف الصيادين سيفتح من جديد يوم الأحد بعد أعمال صيانة استمرت ستة أسابيع وشملت الإنارة ومخازن الثلج.",
    "وذكر مدير الرصيف أن القوارب الصغيرة ستعود أولاً، على أن تلحق بها المراكب الكبيرة قبل نهاية الشهر إذا سمح الطقس.",
    "ويعمل في الميناء نحو أربعمئة صياد ينتظرون موسم السردين، وقد طالبوا غير مرة بتوسيع السوق المجاور وتبريد ساحته.",
)


def near(text, drop):
    """The text without one of its words: near to it, not equal."""
    words = text.split()
    return " ".join(words[:drop] + words[drop + 1 :])


@pytest.fixture(scope="module")
def result():
    """Copies at several distances from one story."""
    last = "وقال تاجر في السوق إن أسعار السمك قد تنخفض بعد افتتاح الرصيف، لأن النقل من المدينة المجاورة يكلفه نصف ربحه كل صباح."
    full = "\n\n".join([*STORY, last])
    short = "\n\n".join([near(STORY[0], 5), near(near(STORY[1], 9), 3), STORY[2]])
    other = "وصلت حافلة المكتبة المتنقلة إلى قرية الوادي صباح أمس، وحملت معها نحو ألف كتاب للأطفال والطلاب."
    return dedup.clean([dedup.Document("full", full), dedup.Document("short", short + "\n\n" + other), dedup.Document("third", other)])


def test_every_removed_stretch_names_what_stands_there_and_its_twin(result):
    assert {row.document for row in result.removed} == {"short", "third"}
    for row in result.removed:
        assert result.text_of(dedup.Location(row.document, row.start, row.end)) == row.text
        if row.reason == "duplicate":
            assert row.similarity >= 0.85
            assert result.text_of(row.canonical) in "\n".join(document.text for document in result.kept)


def test_removed_and_kept_are_the_whole_input(texts):
    result = dedup.clean(SCRAPED)
    kept = {document.id: document.text for document in result.kept}
    for name, text in texts.items():
        edits = result.edits.get(name, dedup.Edits())
        for part, stays in apply(text, edits).items():
            assert kept.get(name if part == 1 else f"{name}#{part}", "") == stays
    assert sum(len(row.text) for row in result.removed) + sum(map(len, kept.values())) == sum(map(len, texts.values()))


def test_clusters_hold_the_one_that_stays_and_all_that_went_for_it(result):
    gone = [place for members in result.clusters.values() for place in members]
    assert sorted(gone) == sorted((row.document, row.start, row.end) for row in result.removed if row.reason == "duplicate")
    assert all(result.text_of(leader) for leader in result.clusters)
    assert result.summary.clusters == len(result.clusters)


def test_the_closest_matches_have_the_least_margin(result):
    margins = [
        match.similarity - (result.config.character_threshold if match.witness == "characters" else result.config.threshold)
        for match in result.closest(100)
    ]
    assert margins == sorted(margins)
    assert len(result.closest(1)) == 1
    assert len(margins) == len(result.matches) > 2


THRESHOLDS = [(0.85, None), (0.9, None), (0.9, 0.9), (0.95, 0.92), (1.0, 1.0), (0.85, 0.99)]


@pytest.mark.parametrize(("words", "characters"), THRESHOLDS)
def test_at_other_thresholds_the_outcome_is_that_of_a_run_with_them(result, words, characters):
    samples = dedup.clean(SCRAPED)
    options = {"threshold": words} | ({} if characters is None else {"character_threshold": characters})
    texts = [dedup.Document(name, "\n\n".join([STORY[0], near(STORY[1], 2), STORY[2]])) for name in ("a", "b")]
    for first, source in ((samples, SCRAPED), (dedup.clean([*texts, *result.corpus]), [*texts, *result.corpus])):
        there, again = first.at(words, characters), dedup.clean(source, **options)
        assert (there.kept, there.removed, there.matches, there.clusters) == (again.kept, again.removed, again.matches, again.clusters)
        candidates = first.summary.candidates  # nothing is searched again; a run of its own may band in another way
        assert (there.summary, there.config) == (replace(again.summary, candidates=candidates), again.config)


def test_higher_thresholds_let_more_stay(result):
    strict = result.at(1.0, 1.0)
    assert sum(len(each.text) for each in strict.kept) > sum(len(each.text) for each in result.kept)
    assert result.at(0.85).removed == result.removed, "asking changes nothing"


def test_one_may_go_up_twice_but_never_down(result):
    strict = result.at(0.9).at(0.95, 0.95)
    assert strict.removed == result.at(0.95, 0.95).removed
    with pytest.raises(dedup.UsageError, match=r"threshold 0\.9 is lower than the 0\.95 of this run.*run once with threshold=0\.9"):
        strict.at(0.9)
    with pytest.raises(dedup.UsageError, match="character_threshold"):
        strict.at(0.97, 0.9)


def test_a_result_at_another_threshold_outlives_the_first():
    first = dedup.clean([STORY[0], near(STORY[0], 4)])
    second = first.at(0.99, 0.99)
    del first
    gc.collect()
    assert second.text_of(dedup.Location("00000000", 0, 4)) == STORY[0][:4]
    assert second.at(1.0, 1.0).corpus == [STORY[0], near(STORY[0], 4)]


def test_a_result_says_at_a_glance_what_it_is(result):
    assert repr(result).startswith("<dedup.Result: 3 documents read, 2 kept (")
    assert "duplicate" in repr(result)


def test_html_is_escaped_and_lets_each_text_have_its_direction():
    page = 'وقف الصيادون أمام الرصيف القديم ينتظرون القوارب <script>alert("x")</script> حتى المساء ولم يعد منها قارب.'
    html = dedup.clean([dedup.Document("<b>", page), dedup.Document("other", page)])._repr_html_()
    assert "<script>" not in html
    assert "<b>&lt;" not in html.replace("<bdi>", "")
    assert "&lt;b&gt;" in html
    assert '<div dir="auto"><bdi>' in html


def test_a_long_result_shows_some_and_says_how_many_more():
    html = dedup.clean(SCRAPED)._repr_html_()
    assert html.count("<tr>") == 11
    assert "more: see <code>.removed</code>" in html


def test_exports_that_go_wrong_leave_no_file(tmp_path):
    result = dedup.clean([{"text": "One story about the harbour.", "odd": {1, 2}}])
    with pytest.raises(dedup.UsageError, match="a field holds a set, which JSON has no form for"):
        result.to_jsonl(tmp_path / "x.jsonl")
    with pytest.raises(dedup.UsageError, match="what must be 'kept' or 'removed', not 'all'"):
        result.to_jsonl(tmp_path / "x.jsonl", "all")
    assert list(tmp_path.iterdir()) == []


def test_a_place_in_no_document_is_refused(result):
    with pytest.raises(dedup.UsageError, match="no document 'nowhere'"):
        result.text_of(dedup.Location("nowhere", 0, 1))


def test_without_duplicates_only_noise_goes():
    page = STORY[0] + "\n\nالمصدر: وكالات\n"
    result = dedup.clean([page, page], duplicates=False)
    assert result.corpus == [STORY[0] + "\n"] * 2
    assert result.at(0.9).corpus == result.corpus
