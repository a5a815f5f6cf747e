"""Rows of some documents are found in files that are in order of id, without reading all."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from dedup.errors import InputError
from dedup.io.pick import pick_rows
from dedup.io.rows import to_json
from hypothesis import example, given
from hypothesis import strategies as st

IDS = st.text(st.sampled_from('ab"\\,/\x01\nم🚢 {}'), max_size=6)
ROWS = st.dictionaries(IDS, st.integers(1, 3), max_size=30)


@given(ROWS, st.sets(IDS, max_size=8), st.sets(st.integers(0, 29)), st.booleans())
@example({'a",': 2, "a\\": 1, "a": 1, "": 3}, {'a",', "a", "", "b"}, set(), True)
@example({}, {"a"}, set(), True)
def test_the_rows_picked_are_those_of_the_wanted_in_order(counts, others, places, ended):
    rows = [{"document": name, "start": k, "text": name * 3} for name in sorted(counts) for k in range(counts[name])]
    wanted = {name for k, name in enumerate(sorted(counts)) if k in places} | others
    data = b"".join(map(to_json, rows))
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "ledger.jsonl").write_bytes(data if ended else data[:-1])
        assert list(pick_rows(Path(folder), "ledger.jsonl", "document", wanted)) == [row for row in rows if row["document"] in wanted]


@pytest.mark.parametrize("data", [b"\x00\x00\n", b'{"id":"a\n', b"[]\n", b'{"id":"a","text":\n'])
def test_a_file_of_something_else_is_told(tmp_path, data):
    (tmp_path / "corpus.jsonl").write_bytes(data)
    with pytest.raises(InputError, match=r"corpus\.jsonl cannot be read"):
        list(pick_rows(tmp_path, "corpus.jsonl", "id", {"a"}))


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        list(pick_rows(tmp_path, "corpus.jsonl", "id", {"a"}))
