"""What is measured of the lines of a flattened page. All texts are invented."""

import numpy as np
import pytest
from dedup.boilerplate import likeness
from dedup.boilerplate.packs import load_rules
from dedup.boilerplate.scan import make_triggers, scan
from dedup.boilerplate.shape import measure
from dedup.kernels.surroundings import ask_trees, find_stretches, sum_around
from dedup.text.fold import fold_words

PROSE = "The ferry to the northern islands will sail twice a day from May, said the owner of the only company that still serves them."
MORE = "Tickets for the ferry cost nine crowns, and children under six travel free when they sail with somebody who pays the full price."
PAGE = ["Weather", "Ferry to the northern islands", PROSE, "Nine crowns for children", MORE, "Weather", "Chess club wins again"]


def table_of(*pages):
    texts = ["\n".join(page).encode() for page in pages]
    data = b"".join(texts)
    lines = scan(np.frombuffer(data, np.uint8), np.cumsum([0, *map(len, texts)]).astype(np.int64), make_triggers(load_rules()))

    def read(rows):
        return np.frombuffer(b"".join(data[lines.start[row] : lines.end[row]] for row in rows), np.uint8)

    return lines, read


def compared(*pages):
    lines, read = table_of(*pages)
    rows, unit = np.arange(len(lines)), lines.document.astype(np.int64)
    shape = measure(lines, rows, unit, np.zeros(len(rows), np.int64))
    return np.array(likeness.compare_words(lines, rows, unit, shape.prose, read)), shape


def test_words_are_compared_with_the_prose_of_the_page_and_not_with_their_own_line():
    (in_prose, twice, pairs, _, _), shape = compared(PAGE)
    assert shape.prose.tolist() == [False, False, True, False, True, False, False]
    assert in_prose[1] == 1.0
    assert in_prose[6] == 0.0
    assert twice[1] == pytest.approx(0.7)  # "ferry" and "the" stand in both paragraphs, the other three in one
    assert pairs[1] == 1.0
    shared = set(fold_words(PROSE)) & set(fold_words(MORE))
    assert in_prose[2] == pytest.approx(sum(word in shared for word in fold_words(PROSE)) / len(fold_words(PROSE)))


def test_words_of_menus_are_found_in_other_lines_but_not_in_prose():
    (in_prose, _, _, anywhere, outside), _ = compared(PAGE)
    assert (in_prose[0], anywhere[0], outside[0]) == (0.0, 1.0, 1.0)
    assert (anywhere[6], outside[6]) == (0.0, 0.0)


def test_another_page_is_another_matter():
    alone, _ = compared(PAGE)
    together, _ = compared(PAGE, [PROSE, MORE, "Chess club wins again"])
    assert np.array_equal(alone, together[:, : len(PAGE)])


def test_scripts_without_spaces_are_compared_by_characters_and_pairs_of_them():
    prose = "北方の島々へ行く船は五月から一日に二回出ると、ただ一つ残った会社の社長が月曜日の朝に港で話した。"
    (in_prose, _, pairs, _, _), shape = compared(["天気", "島々へ行く船", prose])
    assert shape.prose[2]
    assert (in_prose[1], pairs[1]) == (1.0, 1.0)
    assert (in_prose[0], pairs[0]) == (0.0, 0.0)


def test_what_is_said_of_a_page_does_not_depend_on_what_is_measured_with_it(monkeypatch):
    pages = [PAGE, [*PAGE[:4], "Notes", MORE], [MORE, "A list", "of two"], PAGE[1:]]
    lines, read = table_of(*pages)
    rows, unit = np.arange(len(lines)), lines.document.astype(np.int64)
    shape = measure(lines, rows, unit, unit)
    one = likeness.weigh(lines, rows, unit, shape, read)
    monkeypatch.setattr(likeness, "BATCH", 1)
    assert np.array_equal(likeness.weigh(lines, rows, unit, shape, read), one)
    assert len(set(np.round(one, 6))) > 1


def test_each_column_has_a_name_and_the_trees_ask_for_known_ones():
    lines, read = table_of(PAGE)
    rows, unit = np.arange(len(lines)), lines.document.astype(np.int64)
    features = likeness.describe(lines, rows, unit, measure(lines, rows, unit, unit), read)
    assert features.shape == (len(PAGE), len(likeness.COLUMNS))
    assert np.isfinite(features).all()
    trees = likeness.trees()
    inner = trees.column >= 0
    assert (trees.column < len(likeness.COLUMNS)).all()
    assert (trees.less[inner] > np.flatnonzero(inner)).all()  # downwards only: no tree is asked for ever
    assert (trees.more[inner] > np.flatnonzero(inner)).all()


def test_neighbours_are_counted_inside_the_page_alone():
    values = np.array([[1.0, 2.0, 4.0, 8.0, 16.0]])
    around = sum_around(values, np.array([0, 0, 0, 1, 1]), np.array([1, 2]))
    assert around.tolist() == [[0, 2, 0, 3], [1, 4, 0.5, 2], [2, 0, 1.5, 0], [0, 16, 0, 8], [8, 0, 4, 0]]


def test_the_main_stretch_is_where_most_text_stands_close_together():
    begins, ends = find_stretches(np.array([0.0, 3.0, 1.0, 3.0, 0.0, 0.0, 2.0, 5.0, 0.0]), np.array([0] * 7 + [1] * 2), 1.5)
    assert begins.tolist() == [1] * 7 + [7] * 2
    assert ends.tolist() == [4] * 7 + [8] * 2


def test_a_tree_sends_rows_down_to_its_leaves_and_trees_are_added_up():
    column, limit = np.array([0, -1, -1, -1]), np.array([0.5, -1.0, 2.0, 10.0])
    less, more = np.array([1, 0, 0, 0]), np.array([2, 0, 0, 0])
    assert ask_trees(np.array([[0.5], [0.6]]), np.array([0, 3]), column, limit, less, more).tolist() == [9.0, 12.0]
