"""Quality does not fall in silence: floors of the samples hold, and the scorer counts as it says."""

from __future__ import annotations

import json

import pytest
from tests.gate import __main__ as gate
from tests.gate.score import line_scores, pair_scores, spans_removed

PAGE = "a title\nof prose\n\nread also\nanother story\nwhatever\n"
LABELS = [(1, "content"), (2, "appended"), (4, "readalso_marker"), (5, "related_item"), (6, "either")]


@pytest.fixture(scope="module")
def reached():
    return {f"samples.{name}": score for name, score in gate.measures()["samples"]().items()}


@pytest.fixture(scope="module")
def floors():
    return json.loads(gate.FLOORS.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["noise_f1", "content_recall", "pairs_precision", "pairs_recall"])
def test_a_quality_of_the_samples_stays_above_its_floor(reached, floors, name):
    assert gate.rounded(reached[f"samples.{name}"]) >= floors[f"samples.{name}"]


def test_no_template_or_revision_among_the_samples_is_merged(reached):
    assert reached["samples.pairs_precision"] == 1


def test_floors_are_held_for_every_score_of_the_samples(reached, floors):
    assert set(reached) <= set(floors)


def line(start: int, length: int, reason: str = "boilerplate", action: str = "remove") -> dict:
    return {"document": "p", "start": start, "end": start + length, "action": action, "reason": reason}


def scored(*ledger: dict) -> dict[str, float]:
    return line_scores({"p": PAGE}, {"p": LABELS}, spans_removed(ledger))


def test_a_perfect_run_scores_one():
    assert set(scored(line(18, 10), line(28, 14)).values()) == {1.0}


def test_a_run_that_removes_nothing_has_no_recall_and_all_content():
    scores = scored()
    assert (scores["noise_recall"], scores["noise_f1"], scores["content_recall"]) == (0, 0, 1)


def test_removed_content_costs_precision_and_content_recall():
    scores = scored(line(0, 8), line(18, 24))
    assert (scores["noise_precision"], scores["noise_recall"], scores["content_recall"]) == (2 / 3, 1, 0.5)
    assert scores["noise_f1"] == 0.8
    assert scores["content_recall_by_character"] == 7 / 13


def test_a_line_is_gone_when_more_than_half_of_its_ink_is():
    assert scored(line(18, 5))["noise_recall"] == 0  # "read " is 4 of the 8 letters of "read also"
    assert scored(line(18, 6))["noise_recall"] == 0.5
    assert scored(line(18, 2), line(23, 3))["noise_recall"] == 0.5


@pytest.mark.parametrize(
    ("reason", "action"), [("duplicate", "remove"), ("remnant", "remove"), ("whitespace", "remove"), ("appended", "move")]
)
def test_duplicates_remnants_white_space_and_moves_are_not_asked_about(reason, action):
    assert scored(line(0, 42, reason, action))["content_recall"] == 1


def test_either_is_not_scored():
    assert scored(line(42, 9)) == scored()


def test_a_labelled_page_that_was_not_read_is_an_error():
    with pytest.raises(KeyError):
        line_scores({}, {"p": LABELS}, {})


LONG = "أعلنت بلدية وادي الريحان صباح الأربعاء افتتاح سوق مسقوفة للخضار تضم ستين محلا بعد عامين من أعمال البناء"
MORE = LONG + " وقالت إن الإيجارات بقيت كما كانت في السوق القديمة حتى نهاية العام المقبل"
OTHER = "زرع متطوعون من أربع مدارس ألف شجرة خروب على السفح الغربي للجبل في حملة تستمر حتى نهاية الشهر الجاري"


def pair(a: str, b: str, label: str, fuller: str | None = None) -> dict:
    return {"a": a, "b": b, "label": label, "fuller": fuller}


def test_copies_in_any_spelling_and_subsets_count_as_found():
    pairs = [pair(LONG, LONG.replace("أ", "ا") + ".", "copy"), pair(LONG, MORE, "subset", "b"), pair(LONG, OTHER, "template")]
    assert pair_scores(pairs) == {"pairs_precision": 1, "pairs_recall": 1}


def test_a_merge_of_what_must_stay_costs_precision():
    assert pair_scores([pair(LONG, LONG + ".", "template"), pair(LONG, MORE, "subset", "b")]) == {"pairs_precision": 0.5, "pairs_recall": 1}


def test_a_merge_that_keeps_the_poorer_one_is_wrong():
    assert pair_scores([pair(LONG, MORE, "subset", "a")]) == {"pairs_precision": 0, "pairs_recall": 0}


def test_a_pair_that_is_not_found_costs_recall():
    assert pair_scores([pair(LONG, OTHER, "copy"), pair(LONG, MORE, "subset", "b")]) == {"pairs_precision": 1, "pairs_recall": 0.5}


@pytest.fixture
def played(monkeypatch, tmp_path):
    """The command with scores that are given, and floors in a file of their own."""
    path = tmp_path / "floors.json"

    def play(scores: dict, floors: dict, *arguments: str) -> tuple[int, dict]:
        path.write_text(json.dumps(floors), encoding="utf-8")
        monkeypatch.setattr(gate, "measures", lambda: {"x": lambda: scores})
        code = gate.main(arguments, path)
        return code, json.loads(path.read_text(encoding="utf-8"))

    return play


def test_a_missed_floor_exits_1_and_says_which(played, capsys):
    assert played({"f1": 0.8, "recall": 0.9}, {"x.f1": 0.9, "x.recall": 0.9}) == (1, {"x.f1": 0.9, "x.recall": 0.9})
    lines = capsys.readouterr().out.split("\n")
    assert [line for line in lines if line.endswith("MISSED")] == ["x.f1       0.8000  0.9000  MISSED"]


def test_a_floor_that_is_just_reached_holds(played):
    assert played({"f1": 0.87654321}, {"x.f1": 0.8765})[0] == 0


def test_raise_puts_floors_up_and_never_down(played):
    code, floors = played({"f1": 0.95555, "recall": 0.7, "new": 0.5}, {"x.f1": 0.9, "x.recall": 0.8, "y.f1": 0.4}, "--raise")
    assert (code, floors) == (1, {"x.f1": 0.9555, "x.recall": 0.8, "x.new": 0.5, "y.f1": 0.4})


def test_lower_puts_one_floor_down_and_no_other(played):
    code, floors = played({"f1": 0.5, "recall": 0.5}, {"x.f1": 0.9, "x.recall": 0.8}, "--lower", "x.f1")
    assert (code, floors) == (1, {"x.f1": 0.5, "x.recall": 0.8})


@pytest.mark.parametrize("name", ["x.f1", "x.absent"])
def test_lower_refuses_a_floor_that_holds_or_is_not_there(played, name):
    with pytest.raises(SystemExit) as caught:
        played({"f1": 0.95}, {"x.f1": 0.9}, "--lower", name)
    assert caught.value.code == 2


def test_without_shared_pages_the_gate_says_so_and_scores_the_samples_alone(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(gate, "SHARED", tmp_path / "shared")
    assert list(gate.measures()) == ["samples"]
    monkeypatch.setattr(gate, "measures", lambda: {"samples": lambda: {"noise_f1": 1.0}})
    assert gate.main([], tmp_path / "floors.json") == 0
    assert "shared is absent: real pages are not scored" in capsys.readouterr().err
