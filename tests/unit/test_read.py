"""Plain text files are read many at a time: what is said of each is what is said of it alone."""

from __future__ import annotations

import json

import pytest
import xxhash
from dedup import pipeline
from dedup.config import Config
from dedup.io import read
from dedup.io.discover import discover
from dedup.io.read import TextFiles, read_texts
from dedup.io.record import Records
from dedup.model import Unreadable

TEXTS = {
    "a.txt": "أعلنت الهيئة افتتاح الجسر الجديد صباح أمس.\n".encode(),
    "b.md": b"",
    "c.txt": "وقالت إن حركة السير عادت إلى طبيعتها في وسط المدينة.".encode("windows-1256"),
    "d.txt": "\ufeffالطقس غدا مشمس.".encode(),
    "e.txt": b"\x00\x01\x02\xff",
    "f.txt": b"one line\r\nanother\n",
    "g.txt": "في الصباح".encode("utf-16"),
}


def read_all(files, each=None):
    """Each file's id, text, hash of its bytes, source and encoding, or why it is none; `each`: so many files at a time."""
    found, told = {}, []
    parts = list(read_texts(files, slice(0, len(files)), told.append))
    if each is not None:
        parts = [TextFiles(files, slice(k, min(k + each, len(files)))) for k in range(0, len(files), each)]
    for part in parts:
        records = part.read()
        if isinstance(records, Records):
            found |= columns_of(records)
            continue
        for row in records:
            if isinstance(row, Unreadable):
                found[row.path] = row.why
            else:
                found[row.id] = bytes(row.utf8), xxhash.xxh3_128_digest(row.raw), row.source, row.origin.encoding
    return found, sum(told)


def columns_of(records):
    text = b"".join(records.texts)
    return {
        name: (
            text[records.bounds[k] : records.bounds[k + 1]],
            records.hashes[16 * k : 16 * k + 16],
            records.sources[k],
            records.origins.encoding,
        )
        for k, name in enumerate(records.ids)
    }


@pytest.mark.parametrize("kernel", [True, False])
@pytest.mark.parametrize("names", [list(TEXTS), ["a.txt", "b.md", "f.txt"], ["e.txt"], []])
def test_files_read_together_are_those_read_alone(tmp_path, monkeypatch, names, kernel):
    monkeypatch.setattr(read, "CAN_READ", kernel)
    for name in names:
        (tmp_path / name).write_bytes(TEXTS[name])
    files = discover([str(tmp_path)]).files
    together = read_all(files)
    monkeypatch.setattr(read, "CAN_READ", False)
    assert read_all(files, 1) == together
    assert list(together[0]) == sorted(names)
    assert together[1] == sum(len(TEXTS[name]) for name in names)


def test_parts_are_as_big_as_a_block(tmp_path, monkeypatch):
    monkeypatch.setattr(read, "BLOCK_BYTES", 100)
    monkeypatch.setattr(read, "FIRST_BYTES", 100)
    for number, size in enumerate([40, 60, 1, 250, 0, 99, 2]):
        (tmp_path / f"{number}.txt").write_text("x" * size, encoding="utf-8")
    files = discover([str(tmp_path)]).files
    told = []
    rows = [part.rows for part in read_texts(files, slice(0, 7), told.append)]
    assert [(each.start, each.stop) for each in rows] == [(0, 2), (2, 3), (3, 4), (4, 6), (6, 7)]
    assert told == [100, 1, 250, 99, 2]
    monkeypatch.setattr(read, "FIRST_BYTES", 50)
    rows = [part.rows for part in read_texts(files, slice(0, 7), told.append)]
    assert [(each.start, each.stop) for each in rows] == [(0, 1), (1, 3), (3, 4), (4, 5), (5, 6), (6, 7)]  # small ones at last, too


@pytest.mark.parametrize(
    "change",
    [lambda path: path.unlink(), lambda path: path.write_text("longer"), lambda path: path.write_text("b"), lambda path: path.chmod(0)],
)
def test_a_file_that_changed_since_it_was_found_is_read_as_it_is_or_told(tmp_path, change):
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    files = discover([str(tmp_path)]).files
    change(tmp_path / "b.txt")
    try:
        now = (tmp_path / "b.txt").read_bytes()
    except OSError as error:
        now = error.strerror
    found, _ = read_all(files)
    assert list(found) == ["a.txt", "b.txt", "c.txt"]
    assert found["a.txt"][0] == b"a.txt"
    assert found["c.txt"][0] == b"c.txt"
    assert (found["b.txt"] if isinstance(now, str) else found["b.txt"][0]) == now


def test_runs_are_of_plain_text_files_of_one_root_whose_names_say_where_they_stand(tmp_path):
    for name in ("one/site/a.txt", "one/site/b.html", "one/c.md", "two/d.txt", "two/e.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name, encoding="utf-8")
    files = discover([str(tmp_path / "one"), str(tmp_path / "two")]).files
    runs = list(files.plain_runs())
    assert [(plain, list(files.names[rows])) for plain, rows in runs] == [
        (True, ["one/c.md", "one/site/a.txt"]),
        (False, ["one/site/b.html"]),
        (True, ["two/d.txt", "two/e.txt"]),
    ]
    for plain, rows in runs:
        if plain:
            asked = files[rows]
            data, at = files.paths(rows)
            assert data.tobytes() == b"".join(file.path.encode() + b"\0" for file in asked)
            assert [data.tobytes()[begin:].split(b"\0")[0] for begin in at.tolist()] == [file.path.encode() for file in asked]
            assert files.sources(rows) == [file.source for file in asked]


def test_what_a_run_gives_does_not_depend_on_how_its_files_are_read(tmp_path, monkeypatch):
    source = tmp_path / "in"
    for number in range(40):
        folder = source / f"site-{number % 3}"
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in TEXTS.items():
            (folder / f"{number:02}{name}").write_bytes(data)
        (folder / f"{number:02}a.jsonl").write_text(json.dumps({"id": str(number), "text": "سطر من النص " * 9}), encoding="utf-8")
    (source / "line\nend \u202e.txt").write_bytes("هذا سطر في ملف غريب الاسم".encode())
    outputs = []
    for few, size in ((0, 100), (0, 1 << 20), (1 << 40, 1 << 20)):
        monkeypatch.setattr(pipeline, "FEW", few)
        monkeypatch.setattr(read, "BLOCK_BYTES", size)
        out = tmp_path / f"out-{few}-{size}"
        pipeline.run([str(source)], out, Config())
        outputs.append({path.name: path.read_bytes() for path in out.iterdir() if path.is_file()})
    assert outputs[0] == outputs[1] == outputs[2]
    assert outputs[0]["unreadable.jsonl"]
