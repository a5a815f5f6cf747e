"""HTML pages to documents: the text of their main content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import regex

from dedup.io.decode import BOMS, decode
from dedup.io.packing import unpacked
from dedup.io.record import Origin, Record
from dedup.model import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dedup.config import Config
    from dedup.io.files import InputFile
    from dedup.io.kinds import Kind

HEAD: Final = 4096  # bytes searched for the page's own word on its encoding; browsers search 1,024, pages write it later
CHARSET: Final = regex.compile(rb"""(?i)<(?:meta\b[^>]*?\bcharset|\?xml\b[^>]*?\bencoding)\s*=\s*["']?\s*([\w.:-]+)""")
BLANK: Final = regex.compile(r"[^\S\n]+$", regex.MULTILINE)


def read_html(file: InputFile, config: Config, kind: Kind, advance: Callable[[int], object]) -> Iterator[Record | Unreadable]:
    """One document a page. What comes back of it is the text as extracted."""
    with file.open() as disk, unpacked(disk, kind) as stream:
        raw = stream.read()
    text = extract(decode_html(raw), config.extractor)
    advance(file.size)
    if not text and raw.strip():
        yield Unreadable(file.name, 0, "no text found in the page")
        return
    utf8 = text.encode("utf-8")
    yield Record(file.name, utf8, file.source, Origin(file.back or file.name, 0, "utf-8", False, container="html"), utf8)


def decode_html(raw: bytes, declared: str = "") -> str:
    """By byte order mark, by what was `declared` outside, by the page's own word, by form. Raises ValueError for no text."""
    for mark, encoding in BOMS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(encoding, "replace")
    found = CHARSET.search(raw[:HEAD])
    for label in (declared, found[1].decode("ascii", "replace") if found else ""):
        text = _as_declared(raw, label)
        if text is not None:
            return text
    try:
        return decode(raw).utf8.decode("utf-8")
    except ValueError:
        if b"\0" in raw:
            raise
        return raw.decode("windows-1252", "replace")  # what browsers take a page for that does not say


def _as_declared(raw: bytes, label: str) -> str | None:
    """The page in the encoding of a label, if it is one and the page keeps to it but for a few stray bytes."""
    if not label:
        return None
    name = {"iso-8859-1": "windows-1252", "latin1": "windows-1252", "us-ascii": "windows-1252"}.get(label.lower(), label)
    try:
        text = raw.decode(name, "replace")
    except (LookupError, UnicodeError):  # no encoding, or one that is not for texts
        return None
    return text if text.count("\ufffd") <= len(text) // 200 else None


def extract(page: str, extractor: str) -> str:
    """The main content as lines of text."""
    if extractor == "trafilatura":
        from trafilatura import extract as by_trafilatura

        text = by_trafilatura(page, include_comments=False, include_tables=True) or ""
    else:
        from resiliparse.extract.html2text import extract_plain_text

        text = extract_plain_text(page, main_content=True, alt_texts=False, list_bullets=True)
    text = BLANK.sub("", text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")).strip("\n")
    return text + "\n" if text else ""
