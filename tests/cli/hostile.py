"""What a folder that wishes us ill may hold."""

from __future__ import annotations

import gzip
import json
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

HTML = """<script>alert("خبر")</script>
<!-- </p> --><iframe src="//example.org"></iframe> &lt;b&gt; &#x27; <p onclick='x'>نص بين وسوم لا تنتهي
"""


CONTROL = "عنوان \x1b[31m أحمر \x07 \x08 نهاية\n"


BIDI = "قال \u202eمعكوس\u202c ثم \u2066معزول\u2069 ثم \ufeffعلامة\n"


RUSSIAN = "Администрация порта сообщила, где откроется причал, когда завершатся испытания кранов, и пригласила жителей города.\n"


SEPARATORS = "سطر\x0bعمودي\x0cصفحة\x1cملف\x85تال\u2028فاصل\u2029فقرة\n"


def scattered(prose) -> str:
    """One line of 2 MB in which nearly every two words of `prose` stand side by side somewhere."""
    return " ".join(prose(seed, 500) for seed in range(700))


def record(**fields: object) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"


def fill_texts(folder: Path, prose) -> None:
    """Files of text, or named as if they were."""
    texts = {
        "empty.txt": b"",
        "huge-line.txt": scattered(prose).replace(" ", " \u0648").encode(),
        "huge-word.txt": ("كلمة" * 260_000).encode(),
        "html.txt": HTML.encode(),
        "control.txt": CONTROL.encode(),
        "bidi.txt": BIDI.encode(),
        "separators.txt": SEPARATORS.encode(),
        "nul.txt": "نص فيه \0 بايت فارغ\n".encode(),
        "utf32.txt": prose(14).encode("utf-32"),
        "bom.txt": b"\xef\xbb\xbf" + prose(1).encode() + b"\r\n",
        "utf16.txt": ("\ufeff" + prose(2) + "\r\n").encode("utf-16-le"),
        "windows-1256.txt": prose(3).encode("windows-1256"),
        "old-mac.txt": prose(4).encode() + b"\r" + prose(5).encode() + b"\r",
        "latin.txt": "Le quai rouvre, où les pêcheurs déchargent à l'aube.\n".encode("cp1252"),
        "russian.txt": RUSSIAN.encode("windows-1251"),
        "picture.txt": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00" + bytes(range(256)) * 8,
        "cut.txt": prose(6).encode()[:-3] + b"\xd9",
        "photo.jpg": b"\xff\xd8\xff\xe0",
        "not-packed.txt.gz": "نص غير مضغوط".encode(),
        "cut.jsonl.gz": gzip.compress(record(id="packed", text=prose(7)))[:-9],
        "سطر\nجديد.txt": prose(8).encode(),
        "يمين\u200fيسار\u202e.txt": prose(9).encode(),
        "tab\tquote'\"; rm -rf $HOME.txt": prose(10).encode(),
        "-o.txt": prose(11).encode(),
    }
    for name, raw in texts.items():
        (folder / name).write_bytes(raw)
    (folder / os.fsdecode(b"caf\xe9-\xff.txt")).write_bytes(prose(12).encode())


def fill_records(folder: Path, prose) -> None:
    """Lines that are a record, and lines that are none."""
    lines = [record(id=f"good-{k}", text=prose(20 + k)) for k in range(8)]
    lines[6] = b'{"id": "broken", "text": "no end\n'
    (folder / "broken.jsonl").write_bytes(b"".join(lines))
    (folder / "odd.jsonl").write_bytes(
        b"".join([
            b'["a", "list"]\n',
            b'"a text"\n',
            b"7\n",
            b"null\n",
            record(id="no-text", body="نص في حقل آخر", title="عنوان"),
            record(id="number", text=5),
            record(id="null", text=None),
            b'{"id": "half", "text": "half \\ud800 a pair"}\n',
            b'{"id": "half-field", "text": "whole", "author": "\\udfff", "tags": ["\\ud83d"]}\n',
            b"[" * 100_000 + b"\n",
            b'{"id": "deep", "text": "x", "a": ' + b"[" * 100_000 + b"\n",
            b'{"id": "digits", "text": "whole number", "n": ' + b"9" * 5_000 + b"}\n",
            b'{"id": "not-utf8", "text": "\xff\xfe"}\n',
            b'{"id": "twice", "text": "first", "text": "second"}\n',
            b'{"id": "nan", "text": "not a number", "score": NaN, "far": -Infinity}\n',
            b'{"id": "emoji", "text": "\\ud83d\\ude00 whole pair"}\r\n',
            b'{"id": "nul", "text": "\\u0000 a NUL \\u001b[2J"}\n',
            b"\x00\x00\x00\n",
        ])
    )  # fmt: skip


def fill_names(folder: Path, prose) -> None:
    """Ids that are taken or lead out of the folder, links that lead nowhere."""
    (folder / "same.jsonl").write_bytes(b"".join(record(id="same", text=prose(40 + k)) for k in range(3)))
    names = [
        "../../x",
        "/etc/passwd",
        "a/../../b",
        "..",
        ".",
        "//",
        "C:\\x",
        "a\x00b",
        "a\nb",
        "con.txt",
        "ب" * 300,
        "a%2Fb",
        "a/b",
        "~",
        "-rf",
    ]
    (folder / "paths.jsonl").write_bytes(b"".join(record(id=name, text=prose(50 + k)) for k, name in enumerate(names)))
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    (folder / "self.txt").symlink_to("self.txt")
    (folder / "dangling.txt").symlink_to("nowhere.txt")
    (folder / "folder.txt").mkdir()
    (folder / "deep").mkdir()
    (folder / "deep" / "html.txt").write_bytes(prose(13).encode())
