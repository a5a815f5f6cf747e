"""How documents come back that are no plain files, as kernel and plain Python say it."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
from dedup.io.files import InputFile
from dedup.io.how_restored import _row, how_restored
from dedup.io.record import ESCAPES, PLAIN, Origins, Shells
from dedup.io.write_documents import NEWLINES
from hypothesis import given, settings
from hypothesis import strategies as st

TEXT = st.text(st.sampled_from('{"id": aش0é\\\n\t\x01\x7f🙂}'), max_size=70)
PART = st.tuples(TEXT.map(str.encode), TEXT.map(str.encode), st.sampled_from([b"\n", b"\r\n", b""]), st.integers(0, 1), st.booleans())
FILES = [("pages.jsonl", ""), ('صفحات/"a".jsonl', ""), ("pages.zip/a.jsonl", "zip")]


@given(batches=st.lists(st.tuples(st.sampled_from(FILES), st.integers(1, 10**9), st.lists(PART, max_size=5)), max_size=4), data=st.data())
@settings(deadline=None)
def test_the_kernel_says_it_as_plain_python_does(batches, data):
    ids, origins = ["plain.txt", "renamed.txt"], [PLAIN, PLAIN._replace(path="b.txt")]
    for (name, container), line, parts in batches:
        file = InputFile(name, name, "", 0, container=container)
        shells = Shells(
            file,
            line,
            [part[:3] for part in parts],
            bytes([part[3] for part in parts]),
            [("id",)] * len(parts),
            bytes([part[4] for part in parts]),
        )
        shells.first = len(ids)
        ids += [f"{len(ids) + k}" for k in range(len(parts))]
        origins += [shells] * len(parts)
    hashes = np.random.default_rng(1).integers(0, 256, (len(ids), 16), np.uint8)
    corpus = SimpleNamespace(origins=Origins(ids, origins), hashes=hashes, newline=np.arange(len(ids)) % len(NEWLINES))
    chosen = data.draw(st.permutations(range(len(ids))))[: data.draw(st.integers(0, len(ids)))]
    order, rows = how_restored(corpus, np.array(chosen, np.int64), NEWLINES)
    assert sorted(order.tolist()) == sorted(chosen)
    raw = rows.buffer.tobytes()
    for k, number in enumerate(order.tolist()):
        made = raw[rows.bounds[k] : rows.bounds[k + 1]].decode()
        assert made == _row(corpus.origins[number], hashes[number].tobytes().hex(), NEWLINES[corpus.newline[number]])
    bare = [True, False, *(part[4] for _, _, parts in batches for part in parts)]
    assert corpus.origins.bare().tolist() == bare
    assert {corpus.origins[number].escape for number in range(2, len(ids))} <= set(ESCAPES)
