"""Text on a terminal."""

from __future__ import annotations

import pytest
import regex
from dedup.report.paint import Terminal, terminal
from dedup.text.cells import Styled, cut, name, shown, width, wrap
from hypothesis import given
from hypothesis import strategies as st

TEXT = st.text(st.sampled_from("ab عَربيّة \u200d\u064b日本e\u0301👩\u200d👩\u200d👧 \n\t\u202e"), max_size=50)


@pytest.mark.parametrize(
    ("text", "cells"),
    [("abc", 3), ("عَرَبِيّ", 4), ("日本", 4), ("e\u0301", 1), ("👩\u200d👩\u200d👧", 2), ("☺\ufe0f", 2), ("\u200e", 0), ("", 0)],
)
def test_width_counts_cells_and_not_code_points(text, cells):
    assert width(text) == cells


@given(TEXT, st.integers(2, 20))
def test_no_wrapped_line_is_wider_than_asked_and_no_word_is_lost_or_moved(text, limit):
    lines = ["".join(piece.text for piece in line) for line in wrap([Styled(text)], limit)]
    assert all(width(line) <= limit or len(regex.findall(r"\X", line)) == 1 for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(TEXT, st.integers(2, 20))
def test_nothing_is_cut_inside_a_grapheme(text, limit):
    whole = regex.findall(r"\X", text)
    shortened = cut(text, limit)
    assert width(shortened) <= limit
    kept = regex.findall(r"\X", shortened.removesuffix("…"))
    assert kept == whole[: len(kept)]


def test_styles_go_with_their_words_over_line_ends():
    lines = list(wrap([Styled("one two "), Styled("three four", "mark"), Styled(" five")], 9))
    assert [["".join(piece.text for piece in line)] for line in lines] == [["one two"], ["three"], ["four five"]]
    assert lines[1] == [Styled("three", "mark")]


def test_what_would_act_on_a_terminal_is_written_out_and_joiners_of_words_stay():
    assert shown("\x1b[31m\u202eabc\u2067\r") == r"\x1b[31m\u202eabc\u2067\r"
    assert shown("می\u200cخواهم\u200f") == "می\u200cخواهم\u200f"


def test_nothing_in_a_name_stays_invisible():
    assert name("a\nb\u202e\u200b\ufeff") == r"a\nb\u202e\u200b\ufeff"


@pytest.mark.parametrize(
    ("environment", "is_terminal", "colour"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": ""}, True, True),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"FORCE_COLOR": "0"}, False, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
        ({"TERM": "dumb"}, True, False),
    ],
)
def test_colour_is_for_terminals_unless_somebody_says_otherwise(environment, is_terminal, colour):
    assert terminal(environment, 80, is_terminal=is_terminal).colour is colour


def test_a_pipe_gets_lines_as_long_as_they_are():
    assert terminal({}, 80, is_terminal=False).width == 0
    assert list(Terminal().lines([Styled("word " * 100 + "end")])) == ["word " * 100 + "end"]


def test_without_colour_words_that_differ_have_signs():
    pieces = [Styled("a ", "gone"), Styled("b", "gone-mark"), Styled("c", "kept-mark")]
    assert list(Terminal().lines(pieces, "- ")) == ["- a [-b-]{+c+}"]
    assert list(Terminal(colour=True).lines(pieces)) == ["\x1b[31ma \x1b[0m\x1b[1;4;31mb\x1b[0m\x1b[1;4;32mc\x1b[0m"]
