"""A search among fewer paragraphs takes its pairs from the one before."""

from __future__ import annotations

from functools import cache

import dedup
import numpy as np
from dedup.config import Config
from dedup.search import search_paragraphs
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import corpora

COLUMNS = ("removed", "kept", "similarity", "jaccard", "by_characters")


@cache
def begun():
    """A corpus of near-copies, and its first search."""
    texts = [corpora.paragraph(key, variant) for key in range(6) for variant in ("", "shorter", "word", "")]
    words = [text.split() for text in texts]
    near = [" ".join(each[:k] + each[k + 1 :]) for k, each in enumerate(words)]
    held = dedup.clean(["\n\n".join(pair) for pair in zip(texts, near, strict=True)])._held
    return held.corpus, held.begun


@given(st.sets(st.integers(0, 47)), st.booleans())
@settings(max_examples=40)
def test_the_pairs_are_those_of_a_search_of_its_own(gone, wrap):
    corpus, first = begun()
    stays = first.settled == 0
    stays[[row for row in gone if row < len(stays)]] = False
    wrapped = np.full(len(first.units), wrap)  # paragraphs of several lines, which the first search did not have
    search = [search_paragraphs(corpus, first.units, stays, wrapped, Config(), 1, known) for known in (None, first.search)]
    alone, after = (each.graph for each in search)
    assert len(first.search.graph.removed) > 10
    edges = [sorted(zip(*(getattr(graph, name).tolist() for name in COLUMNS), strict=True)) for graph in (after, alone)]
    assert edges[0] == edges[1]
    assert wrap or after.candidates == first.search.graph.candidates, "asked nothing anew"
