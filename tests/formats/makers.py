"""Containers of pages for tests, made with nothing of the program."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tarfile
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PAGES = {
    "dam.txt": "أعلنت وزارة المياه أن سد الوادي امتلأ للمرة الأولى منذ تسع سنوات، بعد أمطار استمرت خمسة أيام.\n\nالمصدر: وكالات\n",
    "school.txt": "افتتحت مديرية التربية مدرسة جديدة في حي البساتين تضم عشرين قاعة ومختبرين ومكتبة.\n",
    "storm.txt": "Fishermen stayed in harbour on Tuesday as a storm crossed the bay; the ferry to the island was cancelled.\n",
}


def jsonl(rows: Iterable[Mapping[str, Any]]) -> bytes:
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


def records() -> list[dict[str, Any]]:
    return [{"id": name, "text": text, "source": "site", "n": k} for k, (name, text) in enumerate(PAGES.items())]


def table(rows: list[dict[str, Any]], **dialect: Any) -> str:
    target = io.StringIO(newline="")
    writer = csv.DictWriter(target, list(rows[0]), **dialect)
    writer.writeheader()
    writer.writerows(rows)
    return target.getvalue()


def zipped(members: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target.getvalue()


def tarred(members: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return target.getvalue()


def html(text: str, charset: str = "utf-8") -> bytes:
    paragraphs = "".join(f"<p>{line}</p>" for line in text.split("\n") if line)
    page = f'<html><head><meta charset="{charset}"><title>صحيفة</title></head><body><article>{paragraphs}</article></body></html>'
    return page.encode(charset)


def warc_record(kind: str, url: str, body: bytes, content: str = "application/http; msgtype=response") -> bytes:
    number = sum(body) + len(url)
    head = [
        "WARC/1.0", f"WARC-Type: {kind}", f"WARC-Record-ID: <urn:uuid:{number}>", f"WARC-Target-URI: {url}", "WARC-Date: 2025-03-12T10:00:00Z",
        f"Content-Type: {content}", f"Content-Length: {len(body)}",
    ]  # fmt: skip
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body + b"\r\n\r\n"


def response(body: bytes, content: str = "text/html; charset=utf-8", status: str = "200 OK", packed: bool = False) -> bytes:
    body = gzip.compress(body, mtime=0) if packed else body
    extra = "Content-Encoding: gzip\r\n" if packed else ""
    return f"HTTP/1.1 {status}\r\nContent-Type: {content}\r\n{extra}Content-Length: {len(body)}\r\n\r\n".encode() + body


def parquet(rows, **options) -> bytes:
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet as pq

    target = io.BytesIO()
    pq.write_table(rows if isinstance(rows, pa.Table) else pa.Table.from_pylist(rows), target, **options)
    return target.getvalue()
