"""Folding: the table, the kernels and `fold_words` are one, and meet the rules of DESIGN section 5."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from dedup.boilerplate.scan import hash_words
from dedup.kernels.fold import fold_text, hash_text
from dedup.kernels.lines import EXPANSION_ROOM
from dedup.text.build_fold import CODE_POINTS, build
from dedup.text.fold import end_of_words, fold_table, fold_words
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from tests.oracles import assigned, fold

HEBREW_PUNCTUATION = "\u05be\u05c0\u05c3\u05c6"
PLANES = [*range(0x20000), *range(0x2F800, 0x2FA20), *range(0xE0000, 0xE0200), 0xF0000, 0x10FFFD]
ARABIC = "".join(chr(code) for block in ((0x600, 0x700), (0x750, 0x780), (0xFB50, 0xFE00), (0xFE70, 0xFF00)) for code in range(*block))
ARABIC = "".join(filter(assigned, ARABIC)) + "، ؛؟٪۔«»\u200c\u200d\u200f\u202b\u2066\u2069\ufeff\u00ad .:-\n\t0123٠١٢۴۵"
UNSPACED = "中文字日本語のがカﾀﾞー々〇ไทยกำລາວខ្មែរမြန်မာ한국어 a1"
MARKED = "e\u0301\u0323\u0308o\u0308नमस्ते ß ﬁ ½ ² ⑩ ㎏ İ ﷺ"

any_text = st.text(st.characters(exclude_categories=["Cs", "Cn"]).filter(assigned), max_size=40)
texts = st.one_of(
    any_text,
    st.text(ARABIC, max_size=60),
    st.text(UNSPACED, max_size=30),
    st.text(MARKED, max_size=30),
    st.text(ARABIC + UNSPACED + MARKED),
)


def kernel_words(text: str) -> list[str]:
    table = fold_table()
    raw = np.frombuffer(text.encode(), np.uint8)
    out = np.zeros(raw.size * EXPANSION_ROOM + 1, np.uint32)
    count = fold_text(raw, table.entries, table.expansions, out)
    assert count == 0 or (out[0] and out[count - 1])
    return [word for word in "".join(map(chr, out[:count].tolist())).split("\0") if word]


def kernel_hashes(text: str) -> list[int]:
    table = fold_table()
    raw = np.frombuffer(text.encode(), np.uint8)
    out = np.zeros(raw.size * EXPANSION_ROOM + 1, np.uint64)
    count = hash_text(raw, table.entries, table.expansions, np.zeros(raw.size * EXPANSION_ROOM + 1, np.uint32), out)
    return out[:count].tolist()


@given(texts)
@example("")
@example("ﷺ" * 3)
@example("ﷲاكبر")
@settings(max_examples=600)
def test_folding_follows_the_rules_of_the_design(text):
    assert fold_words(text) == fold(text)


@given(texts)
@example("\u0301a")
@example("が\u3099 カ\u0301b")
@settings(max_examples=600)
def test_the_kernel_folds_like_fold_words(text):
    assert kernel_words(text) == fold_words(text)


def test_every_assigned_character_folds_by_the_rules():
    around = [f"a{chr(code)}b" for code in PLANES if assigned(chr(code))]
    assert [ascii(text) for text in around if fold_words(text) != fold(text)] == []


@given(st.text(max_size=40))
def test_the_kernel_folds_like_fold_words_where_nothing_is_assigned_either(text):
    assert kernel_words(text) == fold_words(text)


@given(texts)
def test_one_hash_stands_for_each_word(text):
    words = fold_words(text)
    hashes = kernel_hashes(text)
    assert len(hashes) == len(words)
    assert len(set(hashes)) == len(set(words))
    assert dict(zip(words, hashes, strict=True)) == {word: hashes[words.index(word)] for word in words}


@given(st.lists(st.sampled_from(fold("الميناء الجديد أعلنت 12 abc وزارة")), min_size=1))
def test_folded_words_hash_as_they_do_inside_a_text(words):
    assert hash_words(words).tolist() == kernel_hashes(", ".join(words))


@given(texts)
def test_folding_folded_words_changes_nothing(text):
    words = fold_words(text)
    assert fold_words(" ".join(words)) == words


@given(texts, st.integers(0, 8))
def test_the_words_before_their_end_are_the_first_ones(text, count):
    assume(all(len(fold_words(character)) < 2 for character in text))
    assert fold_words(text[: end_of_words(text, count)]) == fold_words(text)[:count]


def test_the_shipped_table_is_what_the_unicode_database_gives():
    numbers, blocks, expansions = build()
    built, shipped = blocks[numbers].ravel(), fold_table().entries[:CODE_POINTS]
    mine = np.array([assigned(chr(code)) and not 0xD800 <= code < 0xE000 for code in range(len(built))])
    several = built >> 24 == 5
    assert (built[mine & ~several] == shipped[mine & ~several]).all()
    for code in np.flatnonzero(mine & several).tolist():
        assert expanded(built[code], expansions) == expanded(shipped[code], fold_table().expansions)


def expanded(entry: np.uint32, expansions: np.ndarray) -> list[int]:
    offset, count = int(entry) & 0xFFFF, int(entry) >> 16 & 0xFF
    return expansions[offset : offset + count].tolist()


MEET = [
    ("أحمد إحمد آحمد ٱحمد", "احمد احمد احمد احمد"), ("مؤمن", "مومن"), ("بئر قارئ", "بير قاري"), ("مصطفى علی", "مصطفي علي"),
    ("مدرسة", "مدرسه"), ("کتاب", "كتاب"), ("ہ ە ھ", "ه ه ه"), ("كَتَبَ", "كتب"), ("جـــميل", "جميل"), ("الله\u200f", "الله"),
    ("مي\u200cخواهم", "ميخواهم"), ("٢٠٢٤ ۲۰۲۴", "2024 2024"), ("ﻻ ﷲ ﺍﻟﻤﻴﻨﺎﺀ", "لا الله الميناء"), ("Straße CAFÉ", "strasse café"),
    ("é", "e\u0301"), ("ﬁne", "fine"), ("ａｂｃ１２", "abc12"), ("أيضًا", "ايضا"), ("الرَّحْمٰن", "الرحمن"), ("\ufeffنص", "نص"),
    ("مــ\u0650ن", "من"),
    ("\u2067قال\u2069", "قال"), ("Ⅻ", "xii"), ("آ", "ا\u0653"), ("ﹸكتب", "كتب"),
]  # fmt: skip
APART = [
    ("كتب", "كتاب"), ("حرب", "جرب"), ("سعد", "شعد"), ("صبر", "ضبر"), ("عرب", "غرب"), ("دار", "ذار"), ("ماء", "ما"), ("طهر", "ظهر"),
    ("قال", "فال"), ("بنت", "بيت"), ("resume", "résumé"), ("12", "21"), ("پل", "بل"), ("گل", "كل"), ("چاي", "جاي"), ("ژاله", "زاله"),
    ("かき", "がき"), ("не", "нё"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), MEET)
def test_spellings_that_must_meet_do(one, other):
    assert fold_words(one) == fold_words(other) != []


@pytest.mark.parametrize(("one", "other"), APART)
def test_words_that_differ_stay_apart(one, other):
    assert fold_words(one) != fold_words(other)


@pytest.mark.parametrize("mark", [*list("،؛؟٪۔«»-–—/|.:()[]{}\"'’…•_\n\t\xa0\u2028"), "\x85", "🙂", "€", "%"])
def test_what_is_no_letter_or_digit_separates_words(mark):
    assert fold_words(f"قال{mark}الوزير") == ["قال", "الوزير"]


@pytest.mark.parametrize(
    "invisible", list("ـ\u064b\u0651\u0670\u0653\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\u2066\u2069\ufeff\ufe0f\u00ad\u06dd")
)
def test_what_cannot_be_seen_separates_nothing(invisible):
    assert fold_words(f"قال{invisible}وا") == ["قالوا"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("日本語", 3),
        ("カタカナ", 4),
        ("ข่าว", 3),
        ("ខ្មែរ", 3),
        ("မြန်", 2),
        ("한국어", 1),
        ("中文abc字", 4),
        ("ລາວ", 3),
        ("𠀀𠀁", 2),
        ("が", 1),
        ("か\u3099", 1),
    ],
)
def test_scripts_without_spaces_give_one_word_a_character(text, words):
    assert len(fold_words(text)) == words


@pytest.mark.parametrize("mark", list(HEBREW_PUNCTUATION))
def test_hebrew_punctuation_separates_words(mark):
    assert len(fold_words(f"בית{mark}ספר")) == 2


@pytest.mark.parametrize("invisible", ["\U000e0100", "\U000e0067", "\U000e0001"])
def test_variation_selectors_and_tags_of_plane_14_are_no_words(invisible):
    assert fold_words(f"葛{invisible}") == ["葛"]


@pytest.mark.parametrize("symbol", ["\U000f0001", "\U00100001"])
def test_private_use_characters_separate_words_in_every_plane(symbol):
    assert fold_words(f"قال{symbol}الوزير") == fold_words("قال\ue001الوزير") == ["قال", "الوزير"]


def test_compatibility_ideographs_meet_their_letters_in_every_plane():
    assert fold_words("\ufa10") == fold_words("塚")
    assert fold_words("\U0002f801") == fold_words("丸")


@pytest.mark.parametrize("word", ["Việt", "Nguyễn thị", "\u1e69", "\u1eb7"])
def test_canonically_equal_spellings_meet(word):
    forms = {unicodedata.normalize("NFC", word), unicodedata.normalize("NFD", word), "".join(_typed(unicodedata.normalize("NFC", word)))}
    assert len({tuple(fold_words(form)) for form in forms}) == 1


def _typed(word: str) -> list[str]:
    """As keyboards of windows-1258 write it: the letter with its first mark composed, the other behind it."""
    found = []
    for character in word:
        base, *marks = unicodedata.normalize("NFD", character)
        late = [mark for mark in marks if unicodedata.normalize("NFC", base + mark) != base + mark][-1:]
        found.append(unicodedata.normalize("NFC", base + "".join(late)) + "".join(mark for mark in marks if mark not in late))
    return found
