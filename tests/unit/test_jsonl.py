"""Records of JSONL files: what the kernel finds is what `json` finds, and every byte of the file comes back."""

from __future__ import annotations

import io
import itertools
import json

import pytest
import xxhash
from dedup.config import Config
from dedup.io import read_jsonl as reader
from dedup.io.files import InputFile
from dedup.io.kinds import Kind
from dedup.io.read_jsonl import BOM, read_jsonl, write_literal
from dedup.io.record import Record, Records, named
from hypothesis import example, given, settings
from hypothesis import strategies as st

CONFIG = Config()
SHORT = {'"': '\\"', "\\": "\\\\", "/": "\\/", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def read(raw: bytes) -> list[object]:
    """What a file of these bytes holds."""
    file = InputFile("pages.jsonl", "pages.jsonl", "harbour", len(raw), opener=lambda: io.BytesIO(raw))
    found: list[object] = []
    for row in read_jsonl(file, CONFIG, Kind("jsonl", ""), lambda _: None):
        found += one_by_one(row, len(found)) if isinstance(row, Records) else [row]
    return found


def one_by_one(batch: Records, first: int) -> list[Record]:
    """Records that were read together, each by itself."""
    batch.origins.first = first
    whole = b"".join(batch.texts)
    texts = [whole[low:high] for low, high in itertools.pairwise(batch.bounds.tolist())]
    assert len(texts) == len(batch.ids) == len(batch.hashes) // 16
    return [
        Record(batch.ids[k], text, batch.sources[k], batch.origins.origin(first + k), body_of(batch, k), batch.dates[k])
        for k, text in enumerate(texts)
    ]


def body_of(batch: Records, k: int) -> bytes:
    """The line of a record, held against its hash."""
    number = batch.origins.first + k
    before, after, _ = batch.origins.parts(number)
    text = b"".join(batch.texts)[batch.bounds[k] : batch.bounds[k + 1]].decode()
    raw = f"{before}{write_literal(text, batch.origins.origin(number).escape)}{after}".encode()
    shell, taken = batch.origins.shell(number)
    assert (shell, taken) == (f'{before}""{after}', batch.origins.origin(number).taken)
    assert batch.origins.bare[k] == (len(json.loads(shell)) == 1 + len(taken))
    assert batch.hashes[16 * k : 16 * k + 16] == xxhash.xxh3_128_digest(raw)
    return raw


def expected(raw: bytes) -> list[tuple[int, str | None, object]]:
    """Line number, text (None where there is none that can be read), and the record, as plain Python reads them."""
    lines = raw.split(b"\n")
    found: list[tuple[int, str | None, object]] = []
    for number, line in enumerate(lines if lines[-1] else lines[:-1], 1):
        body = line.rstrip(b"\r")
        body = body.removeprefix(BOM) if number == 1 else body
        if not body.strip():
            continue
        try:
            data = json.loads(body.decode("utf-8"))
            text = data["text"] if isinstance(data, dict) else None
            text.encode("utf-8") if isinstance(text, str) else None
        except (ValueError, KeyError, RecursionError):
            data = text = None
        found.append((number, text if isinstance(text, str) else None, data))
    return found


def check(raw: bytes) -> None:
    """Hold what is read against plain Python, and put the file together again."""
    found, wanted = read(raw), expected(raw)
    file = InputFile("pages.jsonl", "pages.jsonl", "harbour", len(raw))
    if not wanted:
        assert [row.why for row in found] == ["no record in it"]
        return
    assert [
        (row.origin.line, row.utf8.decode()) if isinstance(row, Record) else (row.line, None) for row in sorted(found, key=line_of)
    ] == [(number, text) for number, text, _ in wanted]
    data = {number: each for number, _, each in wanted}
    records = [row for row in found if isinstance(row, Record)]
    for row in records:
        name = named(data[row.origin.line], row.origin.line, file, CONFIG)
        assert (row.id, row.source, row.date, row.origin.taken) == (name.id, name.source, name.date, name.taken)
    if records:
        assert b"".join(map(written, records)) == raw


def line_of(row: object) -> int:
    return row.origin.line if isinstance(row, Record) else row.line


def written(row: Record) -> bytes:
    """A record with what stands around it, as `restore` writes it."""
    origin = row.origin
    before, after = origin.record
    literal = "" if origin.escape == "raw" else write_literal(row.utf8.decode(), origin.escape)
    return origin.lead.encode("latin-1") + f"{before}{literal}{after}".encode() + origin.ending.encode("latin-1")


def literal(text: str, styles: list[int]) -> str:
    """A string literal whose characters are written as they are, or by one of the escapes there are."""
    out = ""
    for k, character in enumerate(text):
        style, code = styles[k % len(styles)], ord(character)
        if style == 0 and character in SHORT:
            out += SHORT[character]
        elif style < 2 and (code >= 32 and character not in '"\\' and not 0xD800 <= code < 0xE000):
            out += character
        else:
            units = [code] if code < 0x10000 else [0xD800 + (code - 0x10000 >> 10), 0xDC00 + (code & 0x3FF)]
            out += "".join(f"\\u{unit:04X}" if style == 3 else f"\\u{unit:04x}" for unit in units)
    return f'"{out}"'


letters = st.sampled_from(
    [*'ab"\\/\b\f\n\r\t\x00\x1f\x7f\x80{}[]:,', "م", "ً", "\u200f", "\u2028", "日", "🚢", "\ufeff", "\ud83d", "\udea2"]
)
strings = st.builds(
    literal,
    st.lists(letters, max_size=6).map("".join) | st.sampled_from(["text", 'a "text": "b"', "عاد الصيادون"]),
    st.sampled_from([[0], [1], [2], [3], [0, 2], [3, 1]]),
)
keys = st.sampled_from(["text", "text", "text", "id", "source", "date", "n", "te\\u0078t", "text ", "م"]).map(lambda key: f'"{key}"')
spaces = st.sampled_from(["", "", " ", "\t", "  ", "\r"])
atoms = st.sampled_from(["null", "true", "0", "-1.5e3", "NaN", "12345678901234567890", "{}", "[]"])


def object_of(pairs: list[tuple[str, str]], space: str) -> str:
    return f"{{{space}" + f",{space}".join(f"{key}{space}:{space}{value}" for key, value in pairs) + f"{space}}}"


def nested(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(object_of, st.lists(st.tuples(keys, inside), max_size=3), spaces) | st.lists(inside, max_size=3).map(
        lambda values: f"[{','.join(values)}]"
    )


values = st.recursive(strings | atoms, nested, max_leaves=6)
objects = st.builds(object_of, st.lists(st.tuples(keys, strings | values), max_size=4), spaces)
usual = st.builds(
    lambda text, rest, escaped: json.dumps({"id": "a", "text": text} | rest, ensure_ascii=escaped),
    st.text(letters.filter(lambda each: not 0xD800 <= ord(each) < 0xE000), max_size=8),
    st.dictionaries(st.sampled_from(["source", "date", "more"]), st.sampled_from(["موقع", "2025-03-01", {"text": "x"}, ["text"], 7])),
    st.booleans(),
)
rows = (usual | usual | objects | values).map(lambda line: line.replace("\n", "").encode("utf-8", "surrogatepass"))
odd = st.sampled_from(
    [b"", b" ", b"\x0c", b"{", b'{"text":"', b'{"text":"a"', b'{"text" "a"}', b'{"text":"\xff"}', b'{"text":"\xed\xa0\x80"}', b"\xff", BOM]
)
ends = st.sampled_from([b"\n", b"\n", b"\n", b"\r\n", b"\r\r\n"])
files = st.builds(
    lambda mark, lines, tail: mark + b"".join(line + end for line, end in lines) + tail,
    st.sampled_from([b"", b"", BOM]),
    st.lists(st.tuples(rows | rows | odd, ends), max_size=9),
    rows | odd,
)


@given(files, st.sampled_from([1, 7, 64, 4 << 20]))
@example(b'{"text":"a"}{"text":"b"}\n', 64)
@example(b'{"a":{"text":"inner"},"text":"outer"}\n{"text":"one","text":"two"}\n{"text":1,"text":"two"}', 64)
@example(b'{"text"::"a"}\n{"text":"a","te\\u0078t":"b"}\n{"te\\u0078t":"b","text":"a"}\n{"x":"\\"text\\":\\"a\\""}', 64)
@example(b'{"text":"\\ud83d\\udea2 \\uD83D\\uDEA2 \\ud83d"}\n{"text":"\\u0645\xd9\x85"}\n', 64)
@example(b'\n\xef\xbb\xbf{"text":"a"}\n', 4)
@settings(max_examples=500)
def test_texts_are_those_that_json_reads_and_all_bytes_come_back(raw, chunk):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "CHUNK_BYTES", chunk)
        patch.setattr(reader, "TOGETHER", 3)
        check(raw)


@given(
    usual.map(str.encode),
    st.lists(st.tuples(st.integers(0, 200), st.sampled_from([*range(0, 256, 5), 34, 92, 123, 125, 44, 58, 10, 13])), max_size=3),
)
@settings(max_examples=300)
def test_a_line_with_broken_bytes_is_read_as_json_reads_it_or_told(line, breaks):
    raw = bytearray(line + b"\n" + line)
    for place, byte in breaks:
        raw[place % len(raw)] = byte
    check(bytes(raw))


def test_lines_that_only_together_are_records_are_not_read_together():
    lines = ['{"text":""}', '{"text":"a"},{"text":"b"}', '{"text":"c","x":[1', '{"text":"d"}]}', '{"text":"e"}', "{}"]
    check("\n".join(lines).encode())


def test_lines_longer_than_a_piece_and_objects_deeper_than_python_goes_are_read_or_told(monkeypatch):
    monkeypatch.setattr(reader, "CHUNK_BYTES", 16)
    long, deep = json.dumps({"text": "ميناء " * 500}), '{"x":' + "[" * 10_000 + "]" * 10_000 + ',"text":"a"}'
    check(f"{long}\n{deep}\n{long}".encode())


@pytest.mark.parametrize("value", [10**400, -(10**400), float("inf"), float("nan"), True, None, [], {"text": "x"}])
def test_a_date_that_is_none_is_left_out(value):
    assert [row.date for row in read(json.dumps({"text": "a", "date": value}).encode())] == [""]


@given(st.lists(st.integers(-(10**20), 10**20) | st.floats(-1e12, 1e12), min_size=2))
def test_dates_that_are_numbers_follow_one_another_as_numbers_do(numbers):
    dates = [row.date for row in read("\n".join(json.dumps({"text": "a", "date": each}) for each in numbers).encode())]
    exact = [round(each * 1_000_000) for each in numbers]
    assert sorted(range(len(dates)), key=lambda k: (dates[k], k)) == sorted(range(len(dates)), key=lambda k: (exact[k], k))


@pytest.mark.parametrize("filler", ["a", "م", "日", "🚢"])
def test_what_stands_anywhere_in_a_long_text_is_met(filler):
    letter = filler.encode()
    specials = [b"\\n", b'\\"', b"\\u0645", b"\x7f", b"\x01", b"\xff", letter[:1], letter[-1:], "é".encode()]
    check(b"\n".join(b'{"text":"' + letter * k + each + letter * 70 + b'"}' for k in range(0, 70, 3) for each in specials))
