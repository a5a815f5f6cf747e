"""Header-less teaser lists, on small invented corpora."""

import numpy as np
import pytest
from dedup.boilerplate.teasers import find_teasers
from dedup.text.lines import FINAL, LineTable

LEAD = 20  # words of an invented line, unless it says otherwise


def find(documents, sources=None, clusters=None, words=None):
    """Lines are names; equal names are equal lines. Returns what goes of each document."""
    table = [(unit, name) for unit, names in enumerate(documents) for name in names]
    size = [(words or {}).get(name, LEAD) for _, name in table]
    number = {name: k + 1 for k, name in enumerate(dict.fromkeys(name for _, name in table))}
    first = np.array([number[name] for _, name in table], np.uint64)
    zeros = np.zeros(len(table), np.int64)
    lines = LineTable(
        start=zeros, end=zeros, character=zeros.astype(np.int32), characters=np.array(size, np.int32) * 6,
        document=np.array([unit for unit, _ in table], np.int32), words=np.array(size, np.int32),
        first=first, second=first, flags=np.full(len(table), FINAL, np.uint8),
    )  # fmt: skip
    unit = np.array([unit for unit, _ in table], np.int64)
    source = np.array(sources or [0] * len(documents), np.int64)
    cluster = np.array(clusters or range(len(documents)), np.int64)
    found = find_teasers(lines, np.arange(len(table)), unit, source, cluster)
    gone = [[] for _ in documents]
    for row in found.tolist():
        gone[unit[row]].append(table[row][1])
    return gone


def article(number):
    return [f"lead {number}", f"body {number}", f"more {number}"]


def teasers(newest, length=4):
    return [f"teaser {newest - k}" for k in range(length)]


def site(count=12, length=4):
    """Each article ends with teasers of the ones before it."""
    return [[*article(number), *teasers(number, length)] for number in range(count)]


def test_a_list_that_moves_from_article_to_article_goes_and_the_articles_stay():
    gone = find(site())
    assert gone[3:9] == [teasers(number) for number in range(3, 9)]


def test_an_unknown_line_within_the_usual_length_of_the_lists_goes_with_them():
    documents = site()
    documents[5][4] = "seen once"
    documents[6][-1] = "seen once too"
    gone = find(documents)
    assert "seen once" in gone[5]
    assert "seen once too" in gone[6]


def test_the_article_whose_lead_it_is_keeps_it():
    documents = site()
    documents.append(["teaser 5", "its body", "its end", *teasers(6)])
    gone = find(documents)
    assert gone[-1] == teasers(6)
    assert "teaser 5" in gone[6]


def test_a_list_that_never_moves_goes_where_its_lines_lead_other_articles():
    documents = [[*article(number), "teaser 1", "teaser 2", "teaser 3"] for number in range(8)]
    assert not any(find(documents))
    documents += [[f"teaser {number}", f"its body {number}"] for number in (1, 2, 3)]
    assert find(documents)[:8] == [["teaser 1", "teaser 2", "teaser 3"]] * 8


def test_one_repeated_last_paragraph_stays():
    assert not any(find([[*article(number), "background"] for number in range(20)]))


def test_background_carried_from_story_to_story_stays():
    story = ["background 1", "background 2", "background 3"]
    assert not any(find([[*article(number), *story] for number in range(20)]))


def test_background_in_a_source_with_lists_stays_above_its_list():
    documents = [[*article(number), *(["background"] if number in {4, 7} else []), *teasers(number)] for number in range(12)]
    gone = find(documents)
    assert gone[4] == teasers(4)
    assert gone[7] == teasers(7)


def test_background_that_moves_in_two_stories_stays_though_their_source_has_lists():
    stories = [[*article(90), "old 1", "old 2", "old 3"], [*article(91), "old 3", "old 1", "old 2"]]
    assert find(site(30) + stories)[-2:] == [[], []]


def test_background_on_top_of_lists_of_varying_length_stays():
    documents = [[*article(number), *teasers(number, 3 + number % 3)] for number in range(24)]
    for number in (8, 12):
        documents[number].insert(3, "background")
    gone = find(documents)
    assert sum(map(len, gone)) > 60
    assert not any("background" in lines for lines in gone)


def test_pages_crawled_many_times_show_no_list():
    documents = [[*article(1), *teasers(number)] for number in range(12)]
    assert not any(find(documents, clusters=[7] * 12))


def test_a_habit_is_counted_in_one_source_alone():
    documents = site(9)
    assert any(find(documents))
    assert not any(find(documents, sources=[0, 1, 2] * 3))


def test_a_few_lists_in_a_large_source_are_no_habit():
    documents = site(8) + [article(number) for number in range(100, 1000)]
    assert not any(find(documents))


def test_short_lines_are_no_teasers():
    names = {f"teaser {number}": 5 for number in range(-9, 20)}
    assert not any(find(site(), words=names))


def test_a_short_line_at_the_very_end_does_not_hide_the_list():
    documents = [[*names, "print"] for names in site()]
    assert find(documents, words={"print": 1})[5] == teasers(5)


def test_a_document_is_never_lost_to_its_list():
    documents = [*site(), teasers(6)]
    assert find(documents)[-1] == teasers(6)[1:]


def test_what_is_left_is_left_alone():
    documents = site(20)
    gone = find(documents)
    left = [[name for name in names if name not in lost] for names, lost in zip(documents, gone, strict=True)]
    assert not any(find(left))


@pytest.mark.parametrize("documents", [[], [[]], [["alone"]]])
def test_little_or_nothing_gives_nothing(documents):
    assert not any(find(documents))


def test_no_line_long_enough_gives_nothing():
    assert not any(find([["a", "b"], ["a"]], words={"a": 2, "b": 3}))
