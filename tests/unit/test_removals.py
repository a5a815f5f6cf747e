"""Removals as columns: places in bytes and in characters are the same text, twins are where they are said to be, faults are told."""

from __future__ import annotations

from pathlib import Path

import dedup
import numpy as np
import pytest
from dedup.decide import BOILERPLATE, DUPLICATE, REMNANT, REPEATED
from dedup.edits import REASONS, EditMaker
from dedup.errors import InvariantError
from dedup.io import pieces
from dedup.io.pieces import names_of
from dedup.io.rows import ledger_rows, to_json
from dedup.io.write_ledger import ledger
from dedup.kernels.rows import WHITESPACE
from dedup.removals import _check, make_removals, ten_thousandths
from hypothesis import example, given
from hypothesis import strategies as st

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
    for n in range(len(removals.row)):
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
    assert ((removals.pair >= 0) == duplicate).all()
    assert removals.pair[duplicate].tolist() == list(range(duplicate.sum()))
    assert len(removals.twin) == len(removals.twin_last) == len(removals.alike) == duplicate.sum()
    assert (removals.twin_last >= removals.twin).all()
    assert (decision.reason[removals.twin] == 0).all()
    assert ((removals.row < 0) == (removals.reason == WHITESPACE)).all()
    assert len(result.removed) == len(removals.row)


def test_the_ledger_that_the_kernel_writes_is_the_one_that_plain_python_writes(done, monkeypatch):
    corpus, decision, removals, _ = done
    maker, names = EditMaker(corpus, decision), names_of(corpus, decision.units)

    def written(order):
        return b"".join([rows.tobytes() for rows in ledger(corpus, decision, removals, names, order)])

    for limit in (1, 1000, 8 << 20):
        monkeypatch.setattr(pieces, "BATCH_BYTES", limit)
        for document in corpus.order.tolist():
            plain = ledger_rows(corpus, document, corpus.text(document), maker.edits(document))
            assert written(np.array([document])) == b"".join(map(to_json, plain))
        assert written(corpus.order) == (SCRAPED.parent / "expected" / "ledger.jsonl").read_bytes()


def test_any_number_of_threads_makes_the_same_columns(done):
    corpus, decision, removals, _ = done
    again = make_removals(corpus, decision, 1)
    for name in removals.__slots__:
        assert np.array_equal(getattr(again, name), getattr(removals, name)), name


@pytest.mark.parametrize(
    "fault",
    [
        lambda it: {"end": np.r_[it.start[:1], it.end[1:]]}, lambda it: {"start": np.r_[np.int32(-1), it.start[1:]]},
        lambda it: {"end": np.r_[it.end[:-1], np.int32(10**9)]}, lambda it: {"end": np.where(it.document == it.document[0], it.end[0] + 90, it.end)},
    ],
    ids=["empty", "before the text", "behind the text", "overlapping"],
)  # fmt: skip
def test_a_span_that_cannot_be_is_told(done, fault):
    corpus, _, removals, _ = done
    wrong = removals._replace(**fault(removals))
    _check(removals.document, removals.start, removals.end, corpus.characters)
    with pytest.raises(InvariantError):
        _check(wrong.document, wrong.start, wrong.end, corpus.characters)


@given(st.lists(st.floats(0, 1) | st.integers(0, 20_000).map(lambda half: half / 20_000)))
@example([k / 20_000 for k in range(20_001)])
@example([k / 32 for k in range(33)])
def test_shares_are_rounded_as_python_rounds_them(shares):
    assert [part / 10_000 for part in ten_thousandths(np.array(shares)).tolist()] == [round(share, 4) for share in shares]
