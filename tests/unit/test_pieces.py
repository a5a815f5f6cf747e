"""Output rows put together by kernel are the JSON that Python writes."""

from __future__ import annotations

import json
from contextlib import closing
from itertools import pairwise

import numpy as np
import pytest
from dedup import decide
from dedup.io import pieces
from dedup.io.pieces import Buffer, batches, literal, literals, numbered, strings
from dedup.kernels import rows
from dedup.kernels.emit import WIDE, put_number, put_share
from dedup.kernels.jit import kernel
from dedup.kernels.lines import measure_documents
from dedup.kernels.rows import CORPUS_WORDS, Kept, corpus_rows, kept_room, kept_texts
from dedup.threads import Behind
from hypothesis import example, given
from hypothesis import strategies as st

TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from('"\\\x00\x08\t\n\x0c\r\x1f\x7f/م\u200f\u2028🚢'), max_size=20)
LONG = st.lists(TEXTS | st.sampled_from(["حرف " * 10, "x" * 31, "y" * 32, "z" * 33]), max_size=5).map("".join)


@kernel
def write_numbers(numbers, shares, out):
    """Numbers and shares with spaces between them."""
    at = 0
    for number in numbers:
        at = put_number(number, out, at)
        out[at] = 32
        at += 1
    for share in shares:
        at = put_share(share, out, at)
        out[at] = 32
        at += 1
    return at


@given(st.lists(st.integers(0, 2**63 - 1)), st.lists(st.integers(0, 10_000)))
@example([0, 9, 10, 99, 100, 2**63 - 1], [0, 1, 10, 100, 1000, 10_000, 9999, 8500])
def test_numbers_and_shares_are_written_as_json_writes_them(numbers, shares):
    out = np.empty(20 * len(numbers) + 8 * len(shares) + WIDE, np.uint8)
    size = write_numbers(np.array(numbers, np.int64), np.array(shares, np.int64), out)
    expected = [*map(json.dumps, numbers), *(json.dumps(share / 10_000) for share in shares)]
    assert out[:size].tobytes().decode() == "".join(f"{each} " for each in expected)


def kept_of(documents):
    """Texts of which every second stretch goes, one behind the other; they begin at 7 in a block."""
    raw, begins, ends, first, byte, byte_end = b"", [], [], [0], [], []
    for stretches in documents:
        begins.append(len(raw))
        for number, stretch in enumerate(stretches):
            if number % 2:
                byte.append(len(raw) + 7)
                byte_end.append(len(raw) + 7 + len(stretch.encode()))
            raw += stretch.encode()
        ends.append(len(raw))
        first.append(len(byte))
    columns = [np.array(column, np.int64) for column in (begins, ends, first[:-1], first[1:], [-7] * len(documents), byte, byte_end)]
    return np.frombuffer(raw, np.uint8), Kept(*columns)


@given(st.lists(st.lists(LONG, max_size=4), max_size=4), LONG, LONG)
@example([["".join(map(chr, range(160)))]], "", "")
@example([[""], [], ["\n" * 40, "gone", "\x01" * 33]], "a/b.txt", 'س"')
def test_rows_of_the_corpus_are_what_json_writes(documents, name, source):
    text, kept = kept_of(documents)
    texts = ["".join(stretches[::2]) for stretches in documents]
    fields = strings([b"" if number % 2 else b',"n":%d' % number for number in range(len(texts))])
    out = np.empty(kept_room(text, kept) + len(texts) * (rows.ROOM + 800) + WIDE, np.uint8)
    zeros = np.zeros(len(texts), np.int64)
    size, points = corpus_rows(text, kept, zeros, literals([name]), zeros, literals([source]), fields, strings(CORPUS_WORDS), out)
    expected = [{"id": name, "text": each, "source": source} | ({} if k % 2 else {"n": k}) for k, each in enumerate(texts)]
    lines = [json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in expected]
    assert out[:size].tobytes().decode() == "".join(lines)
    assert points == sum(map(len, texts))
    borders = np.empty(len(texts) + 1, np.int64)
    assert kept_texts(text, kept, out, borders) == points
    assert [out[low:high].tobytes().decode() for low, high in pairwise(borders.tolist())] == texts


@given(TEXTS)
def test_a_literal_is_the_one_that_json_writes(text):
    assert literal(text) == json.dumps(text, ensure_ascii=False)


@given(st.lists(TEXTS))
def test_texts_are_numbered_and_each_is_kept_once(texts):
    found = numbered(texts)
    written = found.literals.buffer.tobytes()
    bounds = found.literals.bounds.tolist()
    assert len(bounds) == len(set(texts)) + 1
    assert [written[bounds[k] : bounds[k + 1]].decode() for k in found.number.tolist()] == list(map(literal, texts))


@given(st.lists(TEXTS, min_size=1))
def test_code_points_are_counted_and_how_lines_end_is_found_in_each_text_of_a_block(texts):
    raw = [text.encode() for text in texts]
    points, found = np.zeros(len(texts), np.int64), np.zeros(len(texts), np.uint8)
    measure_documents(np.frombuffer(b"".join(raw), np.uint8), np.cumsum([0, *map(len, raw)]), points, found)
    assert points.tolist() == list(map(len, texts))
    feeds, returns, both = ([text.count(end) for text in texts] for end in ("\n", "\r", "\r\n"))
    assert found.tolist() == [(f > b) + 2 * (b > 0) + 4 * (r > b) for f, r, b in zip(feeds, returns, both, strict=True)]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 3))), st.integers(1, 50), st.booleans())
def test_batches_hold_everything_once_in_order_and_are_of_about_the_size_asked_for(drawn, limit, together):
    if together:
        drawn = sorted(drawn, key=lambda one: one[1])
    sizes, blocks = ([one[k] for one in drawn] for k in (0, 1))
    before, pieces.BATCH_BYTES = pieces.BATCH_BYTES, limit
    try:
        found = batches(np.array(sizes, np.int64), np.array(blocks, np.int32))
    finally:
        pieces.BATCH_BYTES = before
    assert [k for batch in found for k in range(batch.start, batch.stop)] == list(range(len(sizes)))
    assert all(sum(sizes[batch]) < limit + max(sizes) for batch in found)
    if together:
        assert all(len(set(blocks[batch])) == 1 for batch in found)


def test_a_buffer_is_as_big_as_asked_and_used_again_but_not_for_the_next():
    buffer = Buffer()
    first, second = buffer.of(1 << 20), buffer.of(100)
    assert len(first) >= (1 << 20) + WIDE
    assert len(second) >= 100 + WIDE
    assert second is not first
    assert buffer.of(1000) is first


@given(st.lists(st.text(st.sampled_from('aش"\\\n\x00\x1f\x7f /é🙂'), max_size=4) | st.sampled_from(["", "a", "سوق/1.txt"]), max_size=6))
@example([])
@example([""])
@example(["a\nb", "c"])
def test_literals_are_those_of_json(texts):
    found = literals(texts)
    raw = found.buffer.tobytes()
    bounds = found.bounds.tolist()
    assert len(raw) == bounds[-1] + WIDE
    assert [raw[low:high].decode() for low, high in pairwise(bounds)] == [json.dumps(text, ensure_ascii=False) for text in texts]


@pytest.mark.parametrize("threads", [1, 2])
def test_what_is_done_behind_is_done_in_order_and_its_error_told(threads):
    done = []
    with closing(Behind(done.append, threads)) as behind:
        for number in range(20):
            behind.put(number)
    assert done == list(range(20))

    def fail(number):
        raise OSError(number)

    with pytest.raises(OSError, match="1"), closing(Behind(fail, threads)) as behind:
        behind.put(1)


def test_the_kernel_knows_the_reasons_by_their_numbers():
    assert (rows.BOILERPLATE, rows.REPEATED, rows.DUPLICATE) == (decide.BOILERPLATE, decide.REPEATED, decide.DUPLICATE)
