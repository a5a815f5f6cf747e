"""The scan: lines, where they stand, and what it notes about them."""

from __future__ import annotations

import numpy as np
import pytest
from dedup.boilerplate.packs import compile_rules, load_rules
from dedup.boilerplate.scan import make_triggers, scan
from dedup.text.lines import AFTER_BLANK, BULLET, DOTS, FINAL, GLUED, MARKED, TAIL, LineTable
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests import oracles

NO_RULES = make_triggers(compile_rules([]))
FRAGMENTS = [
    "قال", "الوزير", "أعلنت", "إدارة", "word", "中文", "😀", " ", "  ", "\t", "\n", "\n", "\r\n", "\r\n", "\r", "\n\n", "- ", "• ", "* ",
    "•", "·\t",
    "–\xa0", "« ", "*", ".", "!", "؟", "…", "..", "»", '"', "”", ")", "،", ":", "12", "۔", "。", "\u200f", "\xa0", "\u200b", "\u3000",
    "\ufeff", "***", "\u2028", "\x85", "\x0c", "ﷺ",
]  # fmt: skip
texts = st.lists(st.sampled_from(FRAGMENTS), max_size=25).map("".join)


def table_of(*documents: str) -> LineTable:
    raw = [document.encode() for document in documents]
    bounds = np.cumsum([0, *map(len, raw)]).astype(np.int64)
    return scan(np.frombuffer(b"".join(raw), np.uint8), bounds, NO_RULES)


def as_oracle(table: LineTable, row: int, offset: int, words: tuple[str, ...]) -> oracles.OracleLine:
    """A row in the oracle's form; `words` as expected, since the table holds only their number and hash."""
    flags = int(table.flags[row])
    return oracles.OracleLine(
        int(table.start[row]) - offset, int(table.end[row]) - offset, int(table.character[row]), int(table.characters[row]),
        words, bool(flags & FINAL), bool(flags & BULLET), bool(flags & AFTER_BLANK),
    )  # fmt: skip


@given(texts)
@example("")
@example("\n")
@example("a\r\n\r\nb")
@example("a\r\rb")
@example("a\n\rb")
@example("\r\na")
@example("a")
@example(" \t ")
@settings(max_examples=600)
def test_the_scan_finds_the_lines_that_plain_python_finds(text):
    table, expected = table_of(text), oracles.lines(text)
    assert [as_oracle(table, row, 0, line.words) for row, line in zip(range(len(table)), expected, strict=True)] == expected
    assert table.words.tolist() == [len(line.words) for line in expected]


@given(st.lists(texts, min_size=1, max_size=5))
@settings(max_examples=200)
def test_a_batch_is_its_documents_one_after_the_other(documents):
    batch = table_of(*documents)
    offset = row = 0
    for number, document in enumerate(documents):
        for line in oracles.lines(document):
            assert batch.document[row] == number
            assert as_oracle(batch, row, offset, line.words) == line
            row += 1
        offset += len(document.encode())
    assert row == len(batch)


@given(st.lists(texts, min_size=2, max_size=4))
@settings(max_examples=200)
def test_lines_have_equal_hashes_exactly_when_their_folded_words_are_equal(documents):
    table = table_of(*documents)
    words = [line.words for document in documents for line in oracles.lines(document)]
    hashes = list(zip(table.first.tolist(), table.second.tolist(), strict=True))
    for k, one in enumerate(words):
        for m, other in enumerate(words):
            assert (one == other) == (hashes[k] == hashes[m] and table.words[k] == table.words[m])


@given(texts)
def test_what_a_line_holds_is_found_by_its_code_points(text):
    table = table_of(text)
    raw = text.encode()
    for start, end, at, size in zip(table.start, table.end, table.character, table.characters, strict=True):
        assert text[at : at + size] == raw[start:end].decode()


def flag_of(text: str, flag: int) -> bool:
    return bool(table_of(text).flags[0] & flag)


@pytest.mark.parametrize(
    "line", ["قال.", "قال!", "قال؟", "قال?", "قال۔", "قال.»", "قال.”)", 'قال."', "قال.\u200f", "قال. \xa0", "قال...", "说。"]
)
def test_a_line_that_ends_like_a_sentence_is_noted(line):
    assert flag_of(line, FINAL)


@pytest.mark.parametrize("line", ["قال", "قال:", "قال،", "قال؛", "قال»", ".قال", "قال. (1)", "قال -", "قال…"])
def test_a_line_that_ends_otherwise_is_not(line):
    assert not flag_of(line, FINAL)


@pytest.mark.parametrize(
    "line",
    [
        "- قال",
        "• قال",
        "* قال",
        "– قال",
        "— قال",
        "▪ قال",
        "● قال",
        "◄ قال",
        "➤ قال",
        "  - قال",
        "-\tقال",
        "•\xa0قال",
        "› قال",
        "» قال",
        "⁃ قال",
        "∙ قال",
    ],
)
def test_a_bullet_with_white_space_behind_it_is_noted(line):
    assert flag_of(line, BULLET)


@pytest.mark.parametrize("line", ["-قال", "قال - قال", "•قال", "-", "*", "--- قال", "1. قال", "قال", "é قال", "… قال", "“ قال"])
def test_a_line_without_a_bullet_is_not(line):
    assert not flag_of(line, BULLET)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_at_each_kind_of_line_end(end):
    table = table_of(f"قال{end}الوزير{end}{end}أمس{end}")
    assert table.words.tolist() == [1, 1, 1]
    assert [bool(flag & AFTER_BLANK) for flag in table.flags] == [True, False, True]


@pytest.mark.parametrize("inside", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c"])
def test_other_separators_end_no_line(inside):
    assert len(table_of(f"قال{inside}الوزير")) == 1


def test_a_line_of_symbols_alone_is_a_line_without_words():
    table = table_of("***\n---\n")
    assert table.words.tolist() == [0, 0]
    assert table.first.tolist() == [0, 0]


@pytest.mark.parametrize("blank", ["", " ", "\xa0", " \xa0 ", "\u3000", "\u2003\t", "\xa0\xa0", "\u200b", "\u200f\ufeff", "\u2028"])
def test_a_line_that_shows_nothing_is_blank(blank):
    table = table_of(f"قال\n{blank}\nالوزير\n")
    assert table.words.tolist() == [1, 1]
    assert table.flags[1] & AFTER_BLANK


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
@pytest.mark.parametrize("before", ["a", "ب", "\t", "\x0b", "\x0e", "😀"])
def test_a_line_ends_where_it_does_however_long_it_is(before, end):
    lines = ["x" + before * count for count in range(40)]
    table = table_of(end.join(lines))
    assert table.characters.tolist() == [len(line) for line in lines]
    assert (table.end - table.start).tolist() == [len(line.encode()) for line in lines]


PROSE = "تعمل فرق البلدية كل صباح على صيانة الطرق في وسط المدينة القديمة"


@pytest.mark.parametrize("joint", ["المدرسةثم", "الكبرىثم", "قال»ثم", "لماذا؟ثم", "قالت«ثم", "عام2024", "بالمسؤولياتالوطنية"])
def test_words_that_run_together_are_noted(joint):
    assert flag_of(f"{PROSE} {joint}", GLUED)
    assert not flag_of(f"{PROSE} {joint}.", GLUED)


@pytest.mark.parametrize(
    "line", [PROSE, f"{PROSE} «قال»", f"{PROSE} 2024م", "one two three four five six seven eight nine ten", "المدرسةثم"]
)
def test_a_line_without_such_words_is_not(line):
    assert not flag_of(line, GLUED)


@pytest.mark.parametrize(
    ("line", "noted"), [("one.. two words", 1), ("one: two words", 1), ("one… two words", 1), ("one. two 10:30 words", 0)]
)
def test_dots_and_colons_between_words_are_noted(line, noted):
    assert bool(flag_of(line, DOTS)) == bool(noted)


@pytest.mark.parametrize(("count", "noted"), [(4, False), (5, True), (8, True), (9, False)])
def test_the_last_words_of_the_first_line_are_noted_where_they_stand_again(count, noted):
    words = PROSE.split()[:9]
    table = table_of(f"{' '.join(words)}\n{' '.join(words[-count:])}\n")
    assert bool(table.flags[1] & TAIL) == noted


def test_every_phrase_and_hint_of_the_rules_marks_a_line():
    rules = load_rules()
    lines = [" ".join(phrase.words) for by in (rules.by_first, rules.by_last) for found in by.values() for phrase in found]
    raw = "\n".join([*lines, *rules.by_hint]).encode()
    table = scan(np.frombuffer(raw, np.uint8), np.array([0, len(raw)], np.int64), make_triggers(rules))
    assert len(table) == len(lines) + len(rules.by_hint)
    assert (table.flags & MARKED).all()
    assert not (table_of(raw.decode()).flags & MARKED).any()
