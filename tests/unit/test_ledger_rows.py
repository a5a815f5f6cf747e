"""Rows of a ledger listed by kernel, against a parser of JSON."""

from __future__ import annotations

import json

import numpy as np
from dedup.io.pieces import strings
from dedup.kernels.ledger import DUPLICATE, LEAST_ROW, RULED, WORDS, Listed, list_rows
from hypothesis import given
from hypothesis import strategies as st

TEXT = st.text(st.sampled_from(' \n\t\r\\"{}:,aشn0é\x01'), max_size=12)
PLACE = st.tuples(TEXT, st.integers(0, 99), st.integers(0, 12_345)).map(
    lambda place: dict(zip(("document", "start", "end"), place, strict=True))
)


@st.composite
def rows(draw):
    """A row of a rule, of a move, of a duplicate, or of none of these."""
    row = draw(PLACE) | {"action": "remove", "reason": draw(st.sampled_from(["boilerplate", "duplicate", "remnant"]))}
    kind = draw(st.integers(0, 3))
    if kind == RULED:
        return row | {"rule": draw(TEXT), "text": draw(TEXT)}
    if kind == DUPLICATE:
        return row | {"canonical": draw(PLACE), "similarity": draw(st.integers(0, 10_000)) / 10_000, "text": draw(TEXT)}
    return row | ({"action": "move", "rule": draw(TEXT), "to": draw(TEXT)} if kind else {"text": draw(TEXT)})


def listed(data):
    kinds = (np.int64, np.uint8, np.int32, np.uint64, np.uint64, np.int32)
    found = Listed._make(np.empty(data.count(b"\n") + 1, kind) for kind in kinds)
    count = list_rows(np.frombuffer(data, np.uint8), strings(WORDS), found)
    return count, Listed._make(column[: max(count, 0)] for column in found)


def written(given_rows):
    return b"".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for row in given_rows)


def same(hashes, values):
    """Whether values are equal where their hashes are."""
    return len(set(zip(hashes, values, strict=True))) == len(set(hashes)) == len(set(values))


@given(st.lists(rows(), max_size=8), st.booleans())
def test_every_row_is_what_a_parser_says(given_rows, ended):
    data = written(given_rows)
    count, found = listed(data if ended else data[:-1])
    assert count == len(given_rows)
    kinds = [RULED if "rule" in row else DUPLICATE if "canonical" in row else 0 for row in given_rows]
    assert found.kind.tolist() == kinds
    assert [json.loads(data[at:].split(b"\n")[0]) for at in found.at.tolist()] == given_rows
    assert found.characters.tolist() == [row["end"] - row["start"] for row in given_rows]
    ruled = [k for k, kind in enumerate(kinds) if kind == RULED]
    assert same(found.key[ruled].tolist(), [given_rows[k]["rule"] for k in ruled])
    texts = [given_rows[k]["text"].strip(" \n\t\r") if "text" in given_rows[k] else '"' + given_rows[k]["document"] for k in ruled]
    assert same([*found.text[ruled].tolist()], texts)
    twins = [k for k, kind in enumerate(kinds) if kind == DUPLICATE]
    assert same(found.key[twins].tolist(), [json.dumps(given_rows[k]["canonical"]) for k in twins])
    assert found.alike[twins].tolist() == [round(given_rows[k]["similarity"] * 1_000_000) for k in twins]


def test_columns_have_room_for_the_shortest_rows():
    data = b'{"document":"","start":0,"end":0,"action":"","reason":""}\n' * 100
    assert len(data) // LEAST_ROW + 1 >= listed(data)[0] == 100


@given(rows(), st.data())
def test_a_row_that_is_cut_off_is_none(row, data):
    whole = written([row])
    cut = data.draw(st.integers(1, len(whole) - 2))
    count, _ = listed(whole + whole[:cut] + b"\n" + whole)
    assert count == -2
