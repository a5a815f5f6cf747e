"""WARC and WET to documents: HTML responses by their main content, plain text and conversions as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from dedup.io.decode import decode
from dedup.io.documents import Passed
from dedup.io.packing import unpacked
from dedup.io.read_html import decode_html, extract
from dedup.io.records import Named, json_record
from dedup.model import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dedup.config import Config
    from dedup.io.discover import InputFile
    from dedup.io.kinds import Kind
    from dedup.io.read import Record

PAGES: Final = ("text/html", "application/xhtml+xml")
OK: Final = 200  # of a response: what comes with another status is no page of the site


def read_warc(file: InputFile, config: Config, kind: Kind, advance: Callable[[int], object]) -> Iterator[Record | Unreadable | Passed]:
    """One document a record that holds a page, numbered from 1 among the records that could."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    wanted = WarcRecordType.response | WarcRecordType.conversion | WarcRecordType.resource | WarcRecordType.revisit
    wanted |= WarcRecordType.no_type | WarcRecordType.unknown
    done = number = 0
    with file.open() as disk, unpacked(disk, kind) as stream:  # unpacked here: the library takes a torn end for a good one
        for number, record in enumerate(ArchiveIterator(stream, record_types=wanted, parse_http=False), 1):
            record.freeze()
            yield _row(record, number, file, config)
            if disk.tell() - done > 1 << 20:
                advance(disk.tell() - done)
                done = disk.tell()
        advance(disk.tell() - done)
    if not number:
        yield Unreadable(file.name, 0, "no record in it")


def _row(record: Any, number: int, file: InputFile, config: Config) -> Record | Unreadable | Passed:
    length = record.headers.get("Content-Length")
    if length is None or record.content_length != int(length):
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
        record.parse_http(auto_decode="all")
        if record.http_headers is None or record.http_headers.status_code != OK:
            return None
        content, declared = record.http_content_type, record.http_charset or ""
    elif record.record_type == WarcRecordType.resource:
        content, declared = (record.headers.get("Content-Type") or "").split(";")[0].strip().lower(), ""
    else:
        return None
    if content in PAGES:
        return extract(decode_html(record.reader.read(), declared), extractor)
    return decode(record.reader.read()).utf8.decode("utf-8") if content == "text/plain" else None


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
    return json_record(file, number, Named(identity, host or file.source, taken), fields, config.text_key, container)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
