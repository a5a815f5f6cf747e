"""Plain text files are read many at a time: what is said of each is what is said of it alone."""

from __future__ import annotations

import pytest
import xxhash
from dedup.io import read
from dedup.io.discover import discover
from dedup.io.read import read_texts
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


def read_all(files):
    """Each file's id, text, hash of its bytes and whether it is plain UTF-8, or why it is none."""
    found, told = {}, []
    for row in read_texts(files, told.append):
        if isinstance(row, Unreadable):
            found[row.path] = row.why
        elif isinstance(row, Records):
            texts = b"".join(row.texts)
            for k, name in enumerate(row.ids):
                found[name] = (
                    texts[row.bounds[k] : row.bounds[k + 1]],
                    row.hashes[16 * k : 16 * k + 16],
                    row.sources[k],
                    row.origins.encoding,
                )
        else:
            found[row.id] = row.utf8, xxhash.xxh3_128_digest(row.raw), row.source, row.origin.encoding
    return found, sum(told)


@pytest.mark.parametrize("names", [list(TEXTS), ["a.txt", "b.md", "f.txt"], ["e.txt"], []])
def test_files_read_together_are_those_read_alone(tmp_path, monkeypatch, names):
    for name in names:
        (tmp_path / name).write_bytes(TEXTS[name])
    files = list(discover([str(tmp_path)]).files) if names else []
    together = read_all(files)
    monkeypatch.setattr(read, "TOGETHER", 1)
    assert read_all(files) == together
    assert list(together[0]) == sorted(names)
    assert together[1] == sum(len(TEXTS[name]) for name in names)


def test_a_file_that_is_gone_by_then_is_told_and_the_others_are_read(tmp_path):
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    files = list(discover([str(tmp_path)]).files)
    (tmp_path / "b.txt").unlink()
    found, _ = read_all(files)
    assert found["b.txt"] == "No such file or directory"
    assert [found[name][0] for name in ("a.txt", "c.txt")] == [b"a.txt", b"c.txt"]
