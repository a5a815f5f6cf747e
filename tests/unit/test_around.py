"""What stayed around something that went."""

from __future__ import annotations

from dedup.io.inputs import LineNumbers, line_of
from dedup.report.around import around, gone_spans
from hypothesis import given
from hypothesis import strategies as st

TEXT = "one\n\n  two \nthree\nfour\n\nfive"


def rows(*lines):
    """Removals of whole lines of the text."""
    return [
        {"action": "remove", "reason": "boilerplate", "start": TEXT.index(line), "end": TEXT.index(line) + len(line) + 1} for line in lines
    ]


def near(removed, of, count=1):
    start = TEXT.index(of)
    before, behind = around(TEXT, gone_spans(TEXT, rows(*removed)), start, start + len(of) + 1, count)
    return [TEXT[slice(*line)] for line in before], [TEXT[slice(*line)] for line in behind]


def test_the_nearest_lines_are_those_that_hold_something():
    assert near(["four"], "four") == (["three"], ["five"])
    assert near(["four"], "four", 2) == (["two", "three"], ["five"])


def test_lines_that_went_too_are_passed_over():
    assert near(["three", "four"], "four") == (["two"], ["five"])
    assert near(["two", "three", "four"], "three", 3) == (["one"], ["five"])


def test_at_the_edges_there_is_nothing():
    assert near(["one"], "one") == ([], ["two"])
    assert near(["five"], "five") == (["four"], [])


@given(st.text(st.sampled_from("a\n\r "), max_size=30), st.integers(0, 30))
def test_line_numbers_of_many_are_those_of_one(text, offset):
    assert LineNumbers(text).of(offset) == line_of(text, offset)
