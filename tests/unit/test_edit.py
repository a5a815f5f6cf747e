"""Tidying and applying: only deletions and moves, every character accounted for."""

from __future__ import annotations

from itertools import pairwise

import pytest
from dedup.edit import apply
from dedup.errors import InvariantError
from dedup.model import Edits, Move, Removal
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests import oracles
from tests.tidying import Stretch, tidy

FRAGMENTS = ["قال", "الوزير.", "أمس", "***", " ", "\t", "\n", "\n", "\n", "\r\n", "\r\n", "\n\n", "\r", "\xa0", "\u200f"]
texts = st.lists(st.sampled_from(FRAGMENTS), max_size=30).map("".join)


def line_spans(text: str) -> list[tuple[int, int]]:
    return [(line.character, line.character + line.characters) for line in oracles.lines(text)]


@st.composite
def decisions(draw):
    """A text, the output documents it is cut into, and the runs of lines that were decided to go."""
    text = draw(texts)
    lines = line_spans(text)
    heads = sorted(draw(st.sets(st.integers(1, len(lines) - 1), max_size=3))) if len(lines) > 1 else []
    joined = draw(st.lists(st.booleans(), min_size=len(lines), max_size=len(lines)))
    gone = draw(st.lists(st.booleans(), min_size=len(lines), max_size=len(lines)))
    runs: list[list[int]] = []
    for k in range(len(lines)):
        if not gone[k]:
            continue
        if runs and runs[-1][-1] == k - 1 and joined[k] and k not in heads:
            runs[-1].append(k)
        else:
            runs.append([k])
    removals = [Removal(lines[run[0]][0], lines[run[-1]][1], "duplicate") for run in runs]
    borders = [0, *(lines[head][0] for head in heads), len(text)]
    stretches = [
        Stretch(start, end, [line for line in lines if start <= line[0] < end], [each for each in removals if start <= each.start < end])
        for start, end in pairwise(borders)
    ]
    moves = tuple(Move(start, end, part) for part, (start, end) in enumerate(pairwise(borders[1:]), 2))
    return text, stretches, moves, removals


@given(decisions(), st.booleans())
@settings(max_examples=600)
def test_pieces_and_removals_put_together_are_the_text(decision, apart):
    text, stretches, moves, _ = decision
    removals = tidy(text, stretches, apart=apart)
    parts = apply(text, Edits(tuple(removals), moves))
    borders = [0, *(move.start for move in moves), len(text)]
    rebuilt = ""
    for number, (start, end) in enumerate(pairwise(borders), 1):
        left, at = parts[number], start
        for removal in (each for each in removals if start <= each.start < end):
            rebuilt += left[: removal.start - at] + text[removal.start : removal.end]
            left, at = left[removal.start - at :], removal.end
        rebuilt += left
    assert rebuilt == text
    assert oracles.multiset(text) == oracles.multiset("".join(parts.values())) + oracles.multiset(
        "".join(text[r.start : r.end] for r in removals)
    )


@given(decisions())
@settings(max_examples=600)
def test_a_line_stays_whole_or_goes_whole(decision):
    text, stretches, moves, decided = decision
    parts = apply(text, Edits(tuple(tidy(text, stretches)), moves))
    for number, stretch in enumerate(stretches, 1):
        kept = [line for line in stretch.lines if not any(gone.start <= line[0] < gone.end for gone in decided)]
        assert line_texts(parts[number]) == [text[start:end] for start, end in kept]


def line_texts(text: str) -> list[str]:
    return [text[start:end] for start, end in line_spans(text)]


@given(decisions())
@settings(max_examples=400)
def test_beyond_what_was_decided_only_white_space_goes(decision):
    text, stretches, _, decided = decision
    found = tidy(text, stretches)
    for removal in found:
        if removal.reason == "whitespace":
            assert oracles.is_blank(text[removal.start : removal.end])
    named = [each for each in found if each.reason != "whitespace"]
    assert [each.start for each in named] == [each.start for each in decided]
    for ours, theirs in zip(named, decided, strict=True):
        assert text[theirs.end : ours.end] in ("", "\n", "\r", "\r\n")


@given(texts.filter(line_spans))
def test_a_document_of_which_nothing_goes_stays_as_it_is(text):
    assert tidy(text, [Stretch(0, len(text), line_spans(text), [])]) == []


@given(texts.filter(lambda text: text and not line_spans(text)))
def test_a_document_without_lines_is_white_space_that_goes(text):
    assert tidy(text, [Stretch(0, len(text), [], [])]) == [Removal(0, len(text), "whitespace")]


@given(decisions())
@settings(max_examples=300)
def test_where_no_line_stays_no_character_stays(decision):
    text, stretches, moves, decided = decision
    parts = apply(text, Edits(tuple(tidy(text, stretches)), moves))
    for number, stretch in enumerate(stretches, 1):
        if decided and all(any(gone.start <= line[0] < gone.end for gone in decided) for line in stretch.lines):
            assert parts[number] == ""


@given(decisions())
@settings(max_examples=300)
def test_tidying_what_is_tidy_changes_nothing(decision):
    text, stretches, moves, _ = decision
    for part in apply(text, Edits(tuple(tidy(text, stretches)), moves)).values():
        assert tidy(part, [Stretch(0, len(part), line_spans(part), [])]) == []


def cleaned(text: str, *gone: int) -> str:
    lines = line_spans(text)
    stretch = Stretch(0, len(text), lines, [Removal(*lines[k], "boilerplate") for k in gone])
    return apply(text, Edits(tuple(tidy(text, [stretch]))))[1]


@pytest.mark.parametrize(
    ("text", "gone", "left"),
    [
        ("a\nb\nc\n", (1,), "a\nc\n"), ("a\n\nb\n\nc\n", (1,), "a\n\nc\n"), ("a\r\n\r\nb\r\n\r\nc\r\n", (1,), "a\r\n\r\nc\r\n"),
        ("a\nb", (1,), "a\n"),
        ("a\n\nb\n", (1,), "a\n"), ("\n\na\nb\n", (0,), "b\n"), ("a\nb\n\n\n", (0, 1), ""), ("a\rb\rc", (1,), "a\rc"),
        ("a\n \t\nb\nc\n", (1,), "a\n \t\nc\n"), ("a\n\nb\n\n\n", (), "a\n\nb\n\n\n"),
    ],
)  # fmt: skip
def test_one_gap_is_left_around_what_went(text, gone, left):
    assert cleaned(text, *gone) == left


@given(decisions(), st.booleans())
@settings(max_examples=300)
def test_lines_with_a_gap_between_them_keep_one(decision, apart):
    text, stretches, moves, decided = decision
    apart = apart and "\r" not in text  # a CR and a LF that move together are one line end
    parts = apply(text, Edits(tuple(tidy(text, stretches, apart=apart)), moves))
    for number, stretch in enumerate(stretches, 1):
        kept = [line for line in stretch.lines if not any(gone.start <= line[0] < gone.end for gone in decided)]
        gaps = [
            any(line.after_blank for line in oracles.lines(text) if one < line.character <= other)
            or (apart and any(one < gone.start < other for gone in decided))
            for (one, _), (other, _) in pairwise(kept)
        ]
        assert [line.after_blank for line in oracles.lines(parts[number])[1:]] == gaps


@given(texts.filter(len), st.data())
def test_apply_deletes_any_spans_in_order(text, data):
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=8)))
    removals = [Removal(start, end, "duplicate") for start, end in list(pairwise(cuts))[::2]]
    gone = {k for removal in removals for k in range(removal.start, removal.end)}
    assert apply(text, Edits(tuple(removals)))[1] == "".join(character for k, character in enumerate(text) if k not in gone)


@given(texts.filter(len), st.data())
def test_apply_moves_any_spans_in_order(text, data):
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=8)))
    spans = list(pairwise(cuts))[::2]
    parts = apply(text, Edits((), tuple(Move(start, end, part) for part, (start, end) in enumerate(spans, 2))))
    for part, (start, end) in enumerate(spans, 2):
        assert parts[part] == text[start:end]
    moved = {k for start, end in spans for k in range(start, end)}
    assert parts[1] == "".join(character for k, character in enumerate(text) if k not in moved)


@pytest.mark.parametrize(
    "spans", [[(0, 3), (2, 5)], [(4, 6), (0, 2)], [(2, 2)], [(3, 2)], [(-1, 2)], [(8, 11)], [(0, 5), (0, 5)], [(0, 9), (3, 4)]]
)
def test_spans_that_overlap_or_leave_the_text_are_refused(spans):
    with pytest.raises(InvariantError):
        apply("0123456789", Edits(tuple(Removal(*span, "duplicate") for span in spans)))
    with pytest.raises(InvariantError):
        apply("0123456789", Edits((), tuple(Move(*span, part) for part, span in enumerate(spans, 2))))


@given(st.lists(st.tuples(st.integers(-1, 9), st.integers(-1, 9)), min_size=1, max_size=4))
@example([(0, 1), (1, 2)])
def test_spans_are_taken_exactly_when_they_are_in_order_and_apart(spans):
    flat = [edge for span in spans for edge in span]
    sound = all(a <= b for a, b in pairwise(flat)) and all(a < b for a, b in spans) and flat[0] >= 0 and flat[-1] <= 8
    edits = Edits(tuple(Removal(*span, "duplicate") for span in spans))
    if sound:
        assert len(apply("01234567", edits)[1]) == 8 - sum(b - a for a, b in spans)
    else:
        with pytest.raises(InvariantError):
            apply("01234567", edits)
