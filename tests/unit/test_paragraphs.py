"""Paragraphs cut from lines, and characters counted, by kernel and in plain Python."""

from __future__ import annotations

import numpy as np
from dedup.kernels.paragraphs import Cut, Lines, count_staying, cut_lines
from dedup.search import CUT
from dedup.text.lines import AFTER_BLANK, FINAL, MARKED
from hypothesis import given, settings
from hypothesis import strategies as st

MASK = (1 << 64) - 1
MIX = 0x9E3779B97F4A7C15
TITLE = (4, 20)  # words and characters that one has at most

ROWS = st.tuples(
    st.integers(0, 1),  # how many output documents further on
    st.booleans(),
    st.integers(0, 30),
    st.integers(0, 6),
    st.sampled_from([0, 3, MASK]),
    st.sampled_from([MARKED, FINAL, AFTER_BLANK, FINAL | AFTER_BLANK]),
)


def cut_plainly(rows, wrapped, at, min_words):
    """(first, last, words, one, two, title) of each paragraph."""
    runs: list[list[int]] = []
    for k, (unit, stays, *_, flags) in enumerate(rows):
        if not stays:
            continue
        directly = runs and runs[-1][-1] == k - 1 and rows[k - 1][0] == unit and not flags & AFTER_BLANK
        if wrapped[unit] and directly:
            runs[-1].append(k)
        else:
            runs.append([k])
    found = []
    for run in runs:
        words = sum(rows[k][3] for k in run)
        one, two = rows[run[0]][4], rows[run[0]][4] ^ 1
        for k in run[1:]:
            one, two = (one * MIX + rows[k][4]) & MASK, (two * MIX + (rows[k][4] ^ 1)) & MASK
        unit, _, characters, _, _, flags = rows[run[0]]
        its = [k for k, row in enumerate(rows) if row[0] == unit and row[1]]
        first_of_more = its[0] == run[0] and its[-1] > run[-1]
        title = first_of_more and len(run) == 1 and words <= TITLE[0] and characters <= TITLE[1] and not flags & FINAL
        if words >= min_words:
            found.append((run[0] + at, run[-1] + at, words, one, two, bool(title)))
    return found


@given(st.lists(ROWS, max_size=30), st.data())
@settings(max_examples=300)
def test_paragraphs_are_cut_as_in_plain_python(steps, data):
    units = np.cumsum([step for step, *_ in steps], dtype=np.int64)
    rows = [(int(unit), *row[1:]) for unit, row in zip(units, steps, strict=True)]
    wrapped = np.array(data.draw(st.lists(st.booleans(), min_size=32, max_size=32)))
    min_words, at = data.draw(st.integers(1, 5)), data.draw(st.integers(0, 9))
    _, stays, characters, words, one, flags = zip(*rows, strict=True) if rows else [()] * 6
    lines = Lines(
        units, np.array(stays, np.bool_), np.array(characters, np.int32), np.array(words, np.int32), np.array(one, np.uint64),
        np.array([each ^ 1 for each in one], np.uint64), np.array(flags, np.uint8),
    )  # fmt: skip
    out = Cut._make(np.empty(len(rows), kind) for kind in CUT)
    count = cut_lines(lines, wrapped, at, min_words, *TITLE, out)
    assert list(zip(*(column[:count].tolist() for column in out), strict=True)) == cut_plainly(rows, wrapped, at, min_words)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4), st.integers(0, 99)), max_size=20), st.sampled_from([0, 3]))
def test_characters_that_stay_are_counted(rows, also):
    unit, reason, characters = (np.array([row[k] for row in rows], kind) for k, kind in enumerate((np.int64, np.uint8, np.int32)))
    out = np.zeros(4, np.int64)
    count_staying(unit, reason, also, characters, out)
    assert out.tolist() == [sum(size for of, why, size in rows if of == k and why in {0, also}) for k in range(4)]
