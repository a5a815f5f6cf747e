"""Which words differ."""

from __future__ import annotations

from dedup.text import compare as module
from dedup.text.compare import Piece, compare, shorten
from hypothesis import given
from hypothesis import strategies as st

LETTERS = st.text(st.sampled_from("ابتأإةىيك أَـ.،\n aB1٢ 日本語ก"), max_size=60)


def differing(pieces):
    return [piece.text for piece in pieces if piece.differs]


@given(LETTERS, LETTERS)
def test_the_pieces_of_a_text_are_the_text(one, other):
    pieces, others = compare(one, other)
    assert "".join(piece.text for piece in pieces) == one
    assert "".join(piece.text for piece in others) == other


@given(LETTERS)
def test_a_text_does_not_differ_from_itself(text):
    assert not differing(compare(text, text)[0])


def test_words_that_only_one_has_are_marked_in_that_one():
    gone, kept = compare("قال الوزير أمس إن العمل بدأ", "قال الوزير إن العمل بدأ فعلا")
    assert (differing(gone), differing(kept)) == (["أمس"], ["فعلا"])


def test_another_spelling_is_no_difference():
    gone, kept = compare("أعلنَت الإدارةُ، عن ٢٠ شخصًا — في المدرسه!", "اعلنت الاداره عن 20 شخصا في المدرسة")
    assert not differing(gone)
    assert not differing(kept)


def test_neighbouring_words_that_differ_are_one_piece():
    assert differing(compare("a b c d", "a x y d")[0]) == ["b c"]


def test_scripts_without_spaces_are_compared_by_character():
    assert differing(compare("東京都は雨です", "東京都は雪です")[0]) == ["雨"]


def test_texts_too_long_to_align_are_compared_by_count(monkeypatch):
    monkeypatch.setattr(module, "CELLS", 3)
    assert differing(compare("a b b c", "c b a")[0]) == ["b"]


def test_long_stretches_are_shortened_to_their_edges_and_the_rest_is_counted():
    words = " ".join(f"w{k}" for k in range(100))
    pieces = list(shorten(compare(f"{words} gone", f"{words} kept")[0]))
    assert pieces[0].text.split() == [f"w{k}" for k in range(16)]
    assert pieces[1] == Piece("", skipped=100 - 16 - 8)
    assert pieces[2].text.split() == [f"w{k}" for k in range(92, 100)]
    assert pieces[3] == Piece("gone", differs=True)


def test_short_stretches_stay_as_they_are():
    pieces = compare("a b c", "a b d")[0]
    assert list(shorten(pieces)) == pieces
