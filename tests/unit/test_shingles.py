"""Shingles and numbers of spans, against sets in plain Python."""

from __future__ import annotations

import itertools
import unicodedata

import numpy as np
import pytest
from dedup.kernels.pairs import compare_pairs
from dedup.kernels.shingle import number_spans, shingle_spans
from dedup.neardup.numbers import number_table, number_words
from dedup.neardup.sets import words_of_block
from dedup.room import Room
from dedup.text.fold import fold_table
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests import oracles

VOCABULARY = ["قال", "الوزير", "أعلنت", "إدارة", "في", "مدينة", "،", ".", "word", "كَتَبَ", "中文", "ไทย", "نص\u200cه", "12", "é", "ﷺ"]
paragraphs = st.lists(st.sampled_from(VOCABULARY), max_size=12).map(" ".join)
NUMBER_WORDS = [prefix + word for word in oracles.VALUES if not word.isascii() for prefix in ("", "و", "ب", "ل", "ف")]
NUMBER_WORDS += [word for word in oracles.VALUES if word.isascii()]
MARKS = [",", ".", "'", "’", "٬", "٫", "،", " ", "-", "", ",,", "٪ "]
numerals = st.lists(
    st.one_of(
        st.integers(0, 10**7).map(str),
        st.sampled_from(["000", "001", "25", "٢٥٠", "۱۲", "１２", "٠", "²", "99999999999999999999999"]),
        st.sampled_from(MARKS),
    ),
    max_size=10,
).map("".join)
prose = st.lists(st.one_of(st.sampled_from(NUMBER_WORDS), st.sampled_from(VOCABULARY), numerals), max_size=8).map(" ".join)


def laid_out(spans: list[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    raw = [span.encode() for span in spans]
    bounds = np.cumsum([0, *map(len, raw)]).astype(np.int64)
    return np.frombuffer(b"".join(raw), np.uint8), bounds[:-1], bounds[1:]


def sets_of(spans: list[str], kind: str, *, looked: bool = False) -> tuple[list[frozenset[int]], np.ndarray, np.ndarray]:
    text, starts, ends = laid_out(spans)
    table = fold_table()
    room = text.size * 20 + 64
    pool, bounds = np.zeros(room, np.uint64), np.zeros(len(spans) + 1, np.int64)
    shared = (np.zeros(room, np.uint32), np.zeros(room, np.uint64), pool, bounds)
    if kind == "numbers":
        known, spelled = number_table(), np.ones(len(spans), np.bool_)
        if looked:
            spelled = words_of_block(text, starts, ends, Room()).spelled
        number_spans(text, starts, ends, table.entries, table.expansions, known.keys, known.values, spelled, *shared)
    else:
        letters = np.zeros(len(spans), np.int32)
        shingle_spans(text, starts, ends, table.entries, table.expansions, kind == "characters", *shared, letters)
    parts = [pool[start:end].tolist() for start, end in itertools.pairwise(bounds)]
    assert all(part == sorted(set(part)) for part in parts)
    return [frozenset(part) for part in parts], pool, bounds


@pytest.mark.parametrize(("kind", "oracle"), [("words", oracles.word_shingles), ("characters", oracles.character_shingles)])
@given(st.lists(paragraphs, min_size=1, max_size=5))
@example(["", "قال", "قال الوزير", "قا"])
@settings(max_examples=200)
def test_shingle_sets_meet_where_those_of_plain_python_meet(kind, oracle, spans):
    mine, pool, bounds = sets_of(spans, kind)
    theirs = [oracle(span) for span in spans]
    assert list(map(len, mine)) == list(map(len, theirs))
    left, right = (part.ravel().astype(np.int64) for part in np.indices((len(spans), len(spans))))
    counts = np.empty(len(left), np.int32)
    compare_pairs(left, right, pool, bounds, counts)
    assert counts.tolist() == [len(theirs[a] & theirs[b]) for a, b in zip(left, right, strict=True)]


@given(st.lists(prose, min_size=1, max_size=4))
@settings(max_examples=500)
def test_the_numbers_of_a_span_are_those_that_plain_python_reads(spans):
    read = [oracles.numbers(span) for span in spans]
    assert sets_of(spans, "numbers")[0] == read
    assert sets_of(spans, "numbers", looked=True)[0] == read


def numbers_in(text: str) -> set[int]:
    return set(sets_of([text], "numbers")[0][0])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1,234", {1234}), ("1.234.567", {1234567}), ("١٬٢٣٤", {1234}), ("۱۲۳", {123}), ("1'000", {1000}), ("1’000", {1000}),
        ("12,5", {12, 5}), ("1,2345", {1, 2345}), ("2024-05-01", {2024, 5, 1}), ("007", {7}), ("خمسة وعشرون", {25}),
        ("خمسةً وعشرين", {25}),
        ("twenty-five", {25}), ("Twenty five", {25}), ("مئة وخمسة وعشرون", {100, 25}), ("بثلاثين", {30}), ("٢٥٪", {25}),
        ("لا رقم هنا", set()),
        ("خمسة، عشرون", {5, 20}), ("ثلاثة عشر", {3, 10}), ("nineteen", {19}), ("one 1", {1}), ("10 10 ١٠", {10}), ("", set()),
        ("1،000", {1000}), ("1, 000", {1, 0}), ("الساعة 10:30", {10, 30}), ("v2", {2}), ("2000000000000", {2 * 10**12}),
    ],
)  # fmt: skip
def test_a_number_is_read_however_it_is_written(text, found):
    assert numbers_in(text) == found


def test_every_number_word_is_known_with_its_value():
    known = number_words()
    assert {word: abs(known.get(word, 0)) for word in NUMBER_WORDS} == {word: oracles.read_word(word)[0] for word in NUMBER_WORDS}


@pytest.mark.parametrize("word", ["مئتي", "مائتي"])
def test_two_hundred_is_read_before_a_noun(word):
    assert numbers_in(f"{word} ريال") == {200}


@pytest.mark.parametrize("count", [1, 2, 3, 64, 65, 1000])
def test_large_sets_are_sorted_and_hold_each_hash_once(count):
    text = " ".join(f"w{k * 7919 % (count + 3)}" for k in range(2 * count))
    for kind, oracle in (("words", oracles.word_shingles), ("characters", oracles.character_shingles)):
        assert len(sets_of([text, text], kind)[0][1]) == len(oracle(text))
    assert numbers_in(" ".join(map(str, range(count, 0, -1)))) == set(range(1, count + 1))


def test_a_digit_of_any_script_makes_a_number():
    digits = [code for code in range(0x20000) if unicodedata.decimal(chr(code), "") != "" and oracles.assigned(chr(code))]
    sets = sets_of([f"نص {chr(code)}" for code in digits], "numbers")[0]
    assert sets == [frozenset([unicodedata.decimal(chr(code))]) for code in digits]
