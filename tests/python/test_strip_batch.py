"""Stripping many texts at once is stripping each on its own."""

from __future__ import annotations

import dedup
import pytest


@pytest.mark.parametrize("options", [{}, {"appended": "drop"}, {"appended": "keep", "structure": False}])
def test_a_batch_gives_what_strip_gives_one_by_one(options, texts):
    assert dedup.strip_batch(texts.values(), **options) == [dedup.strip(text, **options) for text in texts.values()]


def test_company_changes_nothing():
    headline = "افتتاح جسر القصب بعد عامين من العمل"
    story = "افتتحت بلدية المدينة صباح اليوم جسر القصب أمام حركة المركبات بعد عامين من أعمال البناء المتواصلة."
    other = "وصلت حافلة المكتبة المتنقلة إلى قرية الوادي صباح أمس، وحملت معها نحو ألف كتاب للأطفال والطلاب."
    guest = f"حافلة المكتبة في الوادي\n\n{other}\n\n{headline}\n\n{other[::-1]}\n"
    titled = f"{headline}\n\n{story}\n"
    assert dedup.strip_batch([titled, guest])[1] == dedup.strip_batch([guest, titled])[0] == dedup.strip(guest)


def test_parts_and_changes_are_told(texts):
    assert [result.changed for result in dedup.strip_batch(["Nothing to strip here.", "المصدر: وكالات"])] == [False, True]
    for text, result in zip(texts.values(), dedup.strip_batch(texts.values()), strict=True):
        assert len(result.parts) == len(result.appended)
        assert result.changed == (result.text != text)


def test_rules_for_one_site_ask_for_the_source(tmp_path):
    pack = tmp_path / "mine.toml"
    pack.write_text(
        'language = "en"\n[[rule]]\nid = "mine/promo"\nwhy = "a prompt"\ncategory = "promo"\nanchors = ["line"]\nscope = "line"\n'
        'phrases = ["support our harbour"]\nsites = ["harbour-post"]\nremove = ["Support our harbour"]\nkeep = ["They support our harbour."]\n',
        encoding="utf-8",
    )
    text = "The ferry left on time.\nSupport our harbour\n"
    options = {"packs": [str(pack)]}
    assert dedup.strip(text, source="harbour-post", **options).text == "The ferry left on time.\n"
    assert dedup.strip(text, **options).text == text
    assert [each.changed for each in dedup.strip_batch([text, text], sources=["x", "harbour-post"], **options)] == [False, True]


def test_an_empty_batch_is_an_empty_list():
    assert dedup.strip_batch([]) == []
    assert dedup.strip("") == dedup.StripResult("", (), (), ())


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: dedup.strip_batch("text"), dedup.UsageError, "put texts into a list"),
        (lambda: dedup.strip_batch(["a", None]), dedup.InputError, "text 1: a NoneType is no text"),
        (lambda: dedup.strip("half \ud800"), dedup.InputError, "half a surrogate pair"),
        (lambda: dedup.strip_batch(["a"], sources=["x", "y"]), dedup.UsageError, "2 sources for 1 texts"),
        (lambda: dedup.strip("a", repeats=True), dedup.UsageError, "repeats needs a corpus"),
    ],
)
def test_what_cannot_be_stripped_is_refused_in_words(call, error, words):
    with pytest.raises(error, match=words):
        call()
