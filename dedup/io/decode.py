"""Bytes of a file to text, exactly reversible: what cannot be encoded back to the same bytes is not decoded."""

from __future__ import annotations

import codecs
from typing import Final, NamedTuple

from dedup.kernels.utf8 import is_plain

BOMS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
ARABIC_HINTS: Final = ("ال", "في", "من", "ية")  # what any page of Arabic holds often, and no wrong decoding of one does
SAMPLE: Final = 1 << 16
NUL_SHARE: Final = 0.01  # a stray NUL is a character like any other; more of them is no text


class Decoded(NamedTuple):
    """Text as UTF-8 and what brings the original bytes back: `bom` + text in `encoding`."""

    utf8: bytes
    encoding: str
    bom: bool


def decode(raw: bytes) -> Decoded:
    """UTF-8 or UTF-16 by mark or form, else windows-1256 or ISO-8859-6 by what reads as Arabic.

    Raises ValueError, with the reason, for bytes that are no text in any of these.
    """
    if is_plain(raw):
        return Decoded(raw, "utf-8", bom=False)
    if raw.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)) and len(raw) % 4 == 0:
        raise ValueError("UTF-32, which is not read")
    for mark, encoding in BOMS:
        if raw.startswith(mark):
            return _exactly(raw[len(mark) :], encoding, bom=True)
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        reason = f"not UTF-8 (byte {error.start})"
    else:
        wide = _wide(raw) if b"\0" in raw[:SAMPLE] else ""
        if not wide and raw.count(0) > NUL_SHARE * len(raw):
            raise ValueError("NUL bytes: not a text file")
        return _exactly(raw, wide, bom=False) if wide else Decoded(raw, "utf-8", bom=False)
    wide = _wide(raw)
    if wide:
        return _exactly(raw, wide, bom=False)
    if b"\0" in raw:
        raise ValueError(f"{reason}, and NUL bytes: not a text file")
    return _legacy(raw, reason)


def _exactly(raw: bytes, encoding: str, *, bom: bool) -> Decoded:
    if encoding == "utf-8":
        raw.decode("utf-8")
        return Decoded(raw, "utf-8", bom)
    text = raw.decode(encoding)
    if not bom and "\0" in text:
        raise ValueError("NUL bytes: not a text file")
    if text.encode(encoding) != raw:
        raise ValueError(f"{encoding} that does not come back the same")
    return Decoded(text.encode("utf-8"), encoding, bom)


def _wide(raw: bytes) -> str:
    """UTF-16 without a mark: nearly every second byte is the row of ASCII, Arabic or punctuation."""
    sample = raw[:SAMPLE]
    if len(raw) < 4 or len(raw) % 2:
        return ""
    for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        rows = sample[offset::2]
        if sum(rows.count(row) for row in (0x00, 0x06, 0x20)) > 0.95 * len(rows) and rows.count(0x20) < 0.3 * len(rows):
            return encoding
    return ""


def _reads_as_arabic(text: str, hints: int) -> bool:
    """Whether most letters beyond ASCII are Arabic ones, and their commonest pairs as frequent as in Arabic (one in 15
    letters in news; other languages read under a wrong code page have one in 200 and fewer).
    """
    beyond = sum(character > "\x7f" and character.isalpha() for character in text)
    arabic = sum("\u0620" <= character <= "\u064a" for character in text)
    return arabic >= 0.7 * beyond and hints * 60 >= arabic > 0


def _legacy(raw: bytes, reason: str) -> Decoded:
    """The 8-bit code page under which the text has most of the commonest Arabic letter pairs."""
    best: tuple[int, int, str, str] | None = None
    for encoding in ("windows-1256", "iso-8859-6"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        score = sum(text[:SAMPLE].count(hint) for hint in ARABIC_HINTS)
        letters = sum("\u0620" <= character <= "\u064a" for character in text[:SAMPLE])  # under the wrong page many are signs
        if best is None or (score, letters) > best[:2]:
            best = (score, letters, encoding, text)
    if best is None or not _reads_as_arabic(best[3][:SAMPLE], best[0]):
        raise ValueError(f"{reason}, and no Arabic under windows-1256 or ISO-8859-6")
    _, _, encoding, text = best
    if text.encode(encoding) != raw or any(ord(character) < 32 and character not in "\t\n\r\f" for character in text[:SAMPLE]):
        raise ValueError(f"{reason}, and control characters under {encoding}: not a text file")
    return Decoded(text.encode("utf-8"), encoding, bom=False)
