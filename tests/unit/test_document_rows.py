"""Rows of a list of documents read by kernel, against a parser of JSON."""

from __future__ import annotations

import json

import numpy as np
import pytest
from dedup.errors import InputError
from dedup.io import whole_lines
from dedup.report.documents import DOCUMENTS, REASONS, read_documents
from hypothesis import given, settings
from hypothesis import strategies as st

NAMES = ("id", "source", "status", "characters_in", "characters_out", "removed", "moved", "flagged", "restore")
TEXT = st.text(st.sampled_from(' \n\t"\\{}[]:,aشn0é\x01'), max_size=8)
SIZES = st.integers(0, 10**12)
ROW = st.fixed_dictionaries({
    "id": TEXT,
    "source": st.sampled_from(["", "site", 'مو"قع', "restore", "a\\"]),
    "status": st.sampled_from(["kept", "empty", "remnant", 'kept"']),
    "characters_in": SIZES,
    "characters_out": SIZES,
    "removed": st.dictionaries(st.sampled_from(sorted(REASONS)), st.integers(1, 10**9)),
    "moved": st.lists(TEXT, max_size=2),
    "flagged": st.booleans(),
    "restore": st.fixed_dictionaries({"path": TEXT, "line": st.integers(0, 9)}),
})  # fmt: skip


def write(folder, rows, ended=True):
    arranged = ({name: row[name] for name in NAMES} for row in rows)
    lines = (json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in arranged)
    (folder / "documents.jsonl").write_text("\n".join(lines) + ("\n" if ended and rows else ""), encoding="utf-8", newline="")


@given(rows=st.lists(ROW, max_size=9), ended=st.booleans(), piece=st.sampled_from([1, 300, 1 << 20]))
@settings(deadline=None)
def test_sums_and_rows_are_what_a_parser_says(tmp_path_factory, rows, ended, piece):
    folder = tmp_path_factory.mktemp("out")
    write(folder, rows, ended)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(whole_lines, "PIECE", piece)
        facts = read_documents(folder)
    assert list(facts.sources) == list(dict.fromkeys(row["source"] for row in rows)) or piece > 1
    for name, tally in facts.sources.items():
        mine = [row for row in rows if row["source"] == name]
        assert tally.documents == len(mine)
        assert tally.characters_in == sum(row["characters_in"] for row in mine)
        assert tally.characters_out == sum(row["characters_out"] for row in mine)
        for reason in REASONS:
            assert tally.removed[reason] == sum(row["removed"].get(reason, 0) for row in mine)
    shown = [{key: value for key, value in row.items() if key != "restore"} for row in rows]
    assert sorted(facts.flagged, key=str) == sorted(({name: row[name] for name in NAMES[:-1]} for row in shown if row["flagged"]), key=str)
    assert facts.gone == [row for row in shown if row["status"] != "kept" and not row["flagged"]]


@pytest.mark.parametrize("piece", [1, 9_000, 1 << 20])
def test_of_many_flagged_documents_those_that_lost_most_are_kept(tmp_path, monkeypatch, piece):
    monkeypatch.setattr(whole_lines, "PIECE", piece)
    losses = np.random.default_rng(1).integers(1, 900, 3000).tolist()
    plain = {"source": "", "status": "kept", "characters_in": 1000, "characters_out": 1, "moved": [], "flagged": True, "restore": {}}
    rows = [
        {"id": f"{number:04}"} | plain | {"removed": {"repeated": loss - 1, "duplicate": 2000 - loss, "boilerplate": 1}}
        for number, loss in enumerate(losses)
    ]
    write(tmp_path, rows)
    most = sorted(range(len(losses)), key=lambda number: (-losses[number], number))[:DOCUMENTS]
    assert [row["id"] for row in read_documents(tmp_path).flagged] == [f"{number:04}" for number in most]


@given(row=ROW, data=st.data())
@settings(deadline=None)
def test_a_row_that_is_cut_off_is_told(tmp_path_factory, row, data):
    folder = tmp_path_factory.mktemp("out")
    write(folder, [row | {"restore": {}}])
    whole = (folder / "documents.jsonl").read_bytes()
    cut = data.draw(st.integers(1, len(whole) - len(b',"restore":{}}\n')))
    (folder / "documents.jsonl").write_bytes(whole + whole[: cut - 1] + b"\n" + whole)
    if cut > 1:
        with pytest.raises(InputError, match="no row of documents"):
            read_documents(folder)
