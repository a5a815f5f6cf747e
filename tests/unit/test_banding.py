"""Permutations, bands and rows follow from the recall asked for, unless they are set."""

from __future__ import annotations

from pathlib import Path

import dedup
import pytest
from dedup.config import Config
from dedup.neardup.banding import PERMUTATIONS, SELECTIVE_ROWS, Banding, banding_of, hardest_jaccard
from hypothesis import given
from hypothesis import strategies as st

SCRAPED = Path(__file__).resolve().parents[2] / "samples" / "scraped"
thresholds = st.floats(0.3, 1)
recalls = st.floats(0.5, 0.9999)


@given(thresholds, recalls)
def test_the_banding_recalls_what_was_asked_for_and_uses_no_more_permutations_than_made(threshold, recall):
    config = Config(threshold=threshold, recall=recall)
    banding = banding_of(config)
    assert banding.recall(hardest_jaccard(threshold)) >= recall
    assert banding.bands * banding.rows <= banding.num_perm
    assert banding.num_perm in PERMUTATIONS


@given(thresholds, recalls)
def test_no_cheaper_banding_would_do(threshold, recall):
    banding = banding_of(Config(threshold=threshold, recall=recall))
    cheaper = [
        Banding(num_perm, num_perm // rows, rows)
        for num_perm in PERMUTATIONS
        for rows in range(SELECTIVE_ROWS, 17)
        if num_perm < banding.num_perm or (num_perm == banding.num_perm and rows > banding.rows)
    ]
    if banding.rows >= SELECTIVE_ROWS:
        assert all(each.recall(hardest_jaccard(threshold)) < recall for each in cheaper)


@given(recalls, recalls)
def test_more_recall_never_makes_the_search_narrower(one, other):
    low, high = (banding_of(Config(recall=recall)) for recall in sorted((one, other)))
    assert low.recall(0.6) <= high.recall(0.6) or low.num_perm <= high.num_perm


def test_what_is_set_is_taken_as_it_is():
    assert banding_of(Config(bands=20, rows=5)) == (100, 20, 5)
    assert banding_of(Config(bands=20, rows=5, num_perm=128)) == (128, 20, 5)


@pytest.mark.parametrize("num_perm", [1, 7, 48, 200])
def test_with_a_number_of_permutations_the_bands_follow(num_perm):
    banding = banding_of(Config(num_perm=num_perm))
    assert banding.num_perm == num_perm
    assert 1 <= banding.bands * banding.rows <= num_perm


@pytest.fixture(scope="module")
def removed():
    """What goes of the samples."""
    return dedup.clean(SCRAPED).removed


@pytest.mark.parametrize("recall", [0.05, 1.0])
def test_any_recall_gives_the_same_outcome_for_the_join_finds_the_rest(recall, removed):
    assert dedup.clean(SCRAPED, recall=recall).removed == removed
