"""Removals as columns: places in bytes and in characters are the same text, twins are where they are said to be, faults are told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import dedup
import numpy as np
import pytest
from dedup.decide import BOILERPLATE, DUPLICATE, REMNANT, REPEATED
from dedup.edits import REASONS, EditMaker
from dedup.errors import InvariantError
from dedup.io import write_ledger
from dedup.io.rows import ledger_rows, to_json
from dedup.removals import WHITESPACE, _check, make_removals

SCRAPED = Path(__file__).resolve().parents[2] / "samples" / "scraped"


@pytest.fixture(scope="module")
def done():
    """A corpus, what was decided about it, and the removals."""
    result = dedup.clean(SCRAPED)
    corpus, decision = result._held.corpus, result._decision
    return corpus, decision, make_removals(corpus, decision, 2), result


def test_there_are_removals_of_every_reason(done):
    assert set(np.unique(done[2].reason).tolist()) == {BOILERPLATE, REPEATED, DUPLICATE, REMNANT, WHITESPACE} == set(REASONS)


def test_bytes_and_characters_hold_the_same_text(done):
    corpus, _, removals, _ = done
    for n in range(len(removals)):
        document = int(removals.document[n])
        raw = corpus.store.part(int(corpus.block[document]), int(removals.byte[n]), int(removals.byte_end[n]))
        assert raw.decode("utf-8") == corpus.text(document)[removals.start[n] : removals.end[n]] != ""


def test_they_stand_in_order_and_each_document_knows_its_own(done):
    corpus, _, removals, _ = done
    assert len(removals.first) == len(corpus) + 1
    assert np.array_equal(np.repeat(np.arange(len(corpus)), np.diff(removals.first)), removals.document)
    same = removals.document[1:] == removals.document[:-1]
    assert (removals.start[1:] >= removals.end[:-1])[same].all()


def test_a_duplicate_has_a_twin_that_stays_and_nothing_else_has_one(done):
    _, decision, removals, result = done
    duplicate = removals.reason == DUPLICATE
    assert ((removals.twin >= 0) == duplicate).all()
    assert (removals.twin_last[duplicate] >= removals.twin[duplicate]).all()
    assert (decision.reason[removals.twin[duplicate]] == 0).all()
    assert ((removals.row < 0) == (removals.reason == WHITESPACE)).all()
    assert len(result.removed) == len(removals)


def test_the_ledger_that_the_kernel_writes_is_the_one_that_plain_python_writes(done, monkeypatch):
    corpus, decision, removals, _ = done
    maker = EditMaker(corpus, decision)
    for limit in (1, 1000, 8 << 20):
        monkeypatch.setattr(write_ledger, "BATCH_BYTES", limit)
        for document in corpus.order.tolist():
            plain = ledger_rows(corpus, document, corpus.text(document), maker.edits(document))
            assert b"".join(write_ledger.ledger(corpus, decision, removals, np.array([document]))) == b"".join(map(to_json, plain))
        whole = b"".join(write_ledger.ledger(corpus, decision, removals, corpus.order))
        assert whole == (SCRAPED.parent / "expected" / "ledger.jsonl").read_bytes()


def test_any_number_of_threads_makes_the_same_columns(done):
    corpus, decision, removals, _ = done
    again = make_removals(corpus, decision, 1)
    for name in removals.__slots__:
        assert np.array_equal(getattr(again, name), getattr(removals, name)), name


@pytest.mark.parametrize(
    "fault",
    [
        lambda it: {"end": np.r_[it.start[:1], it.end[1:]]}, lambda it: {"start": np.r_[np.int64(-1), it.start[1:]]},
        lambda it: {"end": np.r_[it.end[:-1], np.int64(10**9)]}, lambda it: {"end": np.where(it.document == it.document[0], it.end[0] + 90, it.end)},
    ],
    ids=["empty", "before the text", "behind the text", "overlapping"],
)  # fmt: skip
def test_a_span_that_cannot_be_is_told(done, fault):
    corpus, _, removals, _ = done
    _check(corpus, removals)
    with pytest.raises(InvariantError):
        _check(corpus, replace(removals, **fault(removals)))
