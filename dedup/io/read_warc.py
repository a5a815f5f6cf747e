"""WARC and WET to documents: HTML responses by their main content, plain text and conversions as they are."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlsplit

from dedup.io.decode import decode
from dedup.io.packing import unpacked
from dedup.io.read_html import decode_html, extract
from dedup.io.record import Named, date_of
from dedup.io.records import json_record
from dedup.model import Passed, Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dedup.config import Config
    from dedup.io.files import InputFile
    from dedup.io.kinds import Kind
    from dedup.io.record import Record

PAGES: Final = ("text/html", "application/xhtml+xml")
OK: Final = 200  # of a response: what comes with another status is no page of the site


def read_warc(file: InputFile, config: Config, kind: Kind, advance: Callable[[int], object]) -> Iterator[Record | Unreadable | Passed]:
    """One document a record that holds a page, numbered from 1 among the records that could."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    about = (WarcRecordType.warcinfo, WarcRecordType.request, WarcRecordType.metadata)  # the crawl, and no pages of it
    done = number = 0
    with file.open() as disk, unpacked(disk, kind) as stream:  # unpacked here: the library takes a torn end for a good one
        for record in ArchiveIterator(cast("Any", _Forward(stream)), parse_http=False):
            if record.record_type in about:
                continue
            number += 1
            record.freeze()
            yield _row(record, number, file, config)
            if disk.tell() - done > 1 << 20:
                advance(disk.tell() - done)
                done = disk.tell()
        advance(disk.tell() - done)
    if not number:
        yield Unreadable(file.name, 0, "no record in it")


class _Forward:
    """A stream that is only read onward, and gives what there is before it says that it is torn."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._at = 0

    def read(self, count: int = -1) -> bytes:
        """At most so many bytes."""
        data: bytes = self._stream.read1(count)
        self._at += len(data)
        return data

    def tell(self) -> int:
        """Bytes read so far."""
        return self._at


def _row(record: Any, number: int, file: InputFile, config: Config) -> Record | Unreadable | Passed:
    length = record.headers.get("Content-Length")
    if length is None or str(record.content_length) != length.strip():
        return Unreadable(file.name, number, f"the record is cut off: {record.content_length} of {length or 'unknown'} bytes")
    try:
        text = _text(record, config.extractor)
    except (OSError, ValueError) as error:
        return Unreadable(file.name, number, f"{record.headers.get('WARC-Target-URI') or record.record_id}: {error}")
    if text is None:
        return Passed(1)
    if not text:
        return Unreadable(file.name, number, f"{record.headers.get('WARC-Target-URI') or record.record_id}: no text found in the page")
    return _document(record, text, number, file, config)


def _text(record: Any, extractor: str) -> str | None:
    """The text of a record, none where it is no page. Raises ValueError or OSError where it is one that cannot be read."""
    from fastwarc.warc import WarcRecordType

    if record.record_type == WarcRecordType.conversion:
        return decode(record.reader.read()).utf8.decode("utf-8")
    if record.record_type == WarcRecordType.response:
        record.parse_http(auto_decode="transfer")
        if record.http_headers is None or record.http_headers.status_code != OK:
            return None
        content, declared = record.http_content_type, record.http_charset or ""
    elif record.record_type == WarcRecordType.resource:
        content, declared = (record.headers.get("Content-Type") or "").split(";")[0].strip().lower(), ""
    else:
        return None
    if content not in (*PAGES, "text/plain"):
        return None
    raw = _decoded(record.reader.read(), (record.http_headers or {}).get("Content-Encoding") or "")
    return extract(decode_html(raw, declared), extractor) if content in PAGES else decode(raw).utf8.decode("utf-8")


def _decoded(raw: bytes, encodings: str) -> bytes:
    """A body as its page was. Raises ValueError where it is torn: the library would give what there is of it."""
    for encoding in reversed([each.strip().lower() for each in encodings.split(",") if each.strip()]):
        if encoding in ("gzip", "x-gzip", "deflate"):
            raw = _inflated(raw)
        elif encoding == "br":
            import brotli

            try:
                raw = brotli.decompress(raw)
            except brotli.error as error:
                raise ValueError(f"broken brotli: {error}") from error
        elif encoding != "identity":
            raise ValueError(f"Content-Encoding {encoding}, which is not read")
    return raw


def _inflated(raw: bytes) -> bytes:
    """By the head of gzip or zlib, or, as some servers understand "deflate", without one."""
    for form in (zlib.MAX_WBITS | 32, -zlib.MAX_WBITS):
        stream = zlib.decompressobj(form)
        try:
            data = stream.decompress(raw)
        except zlib.error:
            continue
        if stream.eof:
            return data
    raise ValueError("its compressed body is broken or cut off")


def _document(record: Any, text: str, number: int, file: InputFile, config: Config) -> Record:
    from fastwarc.warc import WarcRecordType

    url = (record.headers.get("WARC-Target-URI") or "").strip("<>")
    host = _host(url)
    identity = url or record.record_id or f"{file.name}:{number}"
    fields = {"id": identity, config.text_key: text, "source": host or file.source}
    extra = {"url": url, "date": record.headers.get("WARC-Date"), "record": record.record_id}
    fields |= {name: value for name, value in extra.items() if value and name not in fields}
    container = "wet" if record.record_type == WarcRecordType.conversion else "warc"
    taken = tuple(name for name in ("id", "source") if name != config.text_key)
    name = Named(identity, host or file.source, taken, date_of(fields.get(config.date_key)))
    return json_record(file, number, name, fields, config.text_key, container)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
