"""The verified pairs of a run, as places in its documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup.edits import EditMaker
from dedup.model import Match
from dedup.neardup.paragraphs import classes_of

if TYPE_CHECKING:
    from dedup.corpus import Corpus
    from dedup.decide import Decision


def matches_of(corpus: Corpus, decision: Decision) -> list[Match]:
    """Every verified pair of paragraphs, between the first holders of each text; and equal ones with the first of them."""
    maker = EditMaker(corpus, decision)
    paragraphs, graph = decision.paragraphs, decision.graph
    class_of, _ = classes_of(paragraphs)
    order = np.lexsort((np.arange(len(paragraphs)), corpus.place[paragraphs.document], class_of))
    sorted_class = class_of[order]
    opens = np.r_[True, sorted_class[1:] != sorted_class[:-1]] if len(order) else np.zeros(0, np.bool_)
    first = order[opens]
    equal = ((int(row), int(first[class_of[row]])) for row in order[~opens].tolist())
    found = [Match(maker.location(row), maker.location(twin), 1.0, 1.0, "equal") for row, twin in equal]
    for removed, kept, similarity, jaccard, by in zip(
        graph.removed.tolist(),
        graph.kept.tolist(),
        graph.similarity.tolist(),
        graph.jaccard.tolist(),
        graph.by_characters.tolist(),
        strict=True,
    ):
        here, there = maker.location(int(first[removed])), maker.location(int(first[kept]))
        found.append(Match(here, there, round(similarity, 4), round(jaccard, 4), "characters" if by else "words"))
    return sorted(found, key=lambda match: (match.removed, match.kept))
