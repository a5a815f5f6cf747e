"""A file in pieces: every line in one of them, whole, wherever pieces end."""

from __future__ import annotations

import os

import numpy as np
import pytest
from dedup.io import whole_lines
from dedup.io.whole_lines import lines_from, offsets, read_into
from dedup.room import Room
from hypothesis import given
from hypothesis import strategies as st


@given(
    st.lists(st.binary(max_size=40).map(lambda raw: raw.replace(b"\n", b"")), max_size=30),
    st.booleans(),
    st.integers(1, 60),
    st.integers(1, 9),
)
def test_every_line_stands_whole_in_the_piece_that_it_begins_in(tmp_path_factory, lines, ended, piece, margin):
    path = tmp_path_factory.mktemp("lines") / "lines"
    path.write_bytes(b"\n".join(lines) + (b"\n" if ended else b""))
    room = Room()
    with pytest.MonkeyPatch.context() as patch, path.open("rb") as file:
        patch.setattr(whole_lines, "PIECE", piece)
        patch.setattr(whole_lines, "MARGIN", margin)
        patch.setattr(whole_lines, "NEAR", 2)
        whole = b""
        for offset in offsets(file):
            start, data = lines_from(file, offset, room)
            raw = data.tobytes()
            if raw:
                assert start == len(whole)
                assert offset <= start < offset + piece
                assert data.flags.writeable
                whole += raw
        assert whole == path.read_bytes()


@pytest.mark.parametrize("at_once", [True, False])
def test_as_many_bytes_are_read_as_there_is_room_for_and_bytes_are(tmp_path, monkeypatch, at_once):
    (tmp_path / "file").write_bytes(bytes(range(100)))
    if not at_once:
        monkeypatch.delattr(os, "preadv", raising=False)
    with (tmp_path / "file").open("rb") as file:
        out = np.zeros(30, np.uint8)
        assert read_into(file.fileno(), 90, out.data) == 10
        assert out[:11].tolist() == [*range(90, 100), 0]
        assert read_into(file.fileno(), 5, out.data) == 30
        assert out.tolist() == list(range(5, 35))
