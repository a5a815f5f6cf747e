"""Bytes to text and back: what is decoded comes back the same, what is no text is refused."""

from __future__ import annotations

import codecs

import pytest
from dedup.io.decode import BOMS, decode
from dedup.kernels.utf8 import is_plain
from hypothesis import example, given, settings
from hypothesis import strategies as st

SENTENCES = [
    "أعلنت إدارة الميناء اليوم عن افتتاح الرصيف الجديد في المدينة،",
    "من المقرر أن تنطلق المرحلة الثانية من المشروع في الشهر المقبل.",
    "قال الوزير في كلمته إن المشروع يوفر فرص عمل للشباب",
    "وأوضح مدير الميناء أن الرصيف يستقبل 3 سفن في وقت واحد!",
    "\n", "\r\n", " - ", "\t", "2024 ",
]  # fmt: skip
arabic = st.lists(st.sampled_from(SENTENCES), max_size=6).map(lambda parts: "".join([SENTENCES[0], *parts]))
MARKS = {encoding: mark for mark, encoding in BOMS}


def back(raw: bytes) -> bytes:
    """What decoded bytes are written back as."""
    decoded = decode(raw)
    return (MARKS[decoded.encoding] if decoded.bom else b"") + decoded.utf8.decode().encode(decoded.encoding)


@given(st.text(max_size=60))
@example("")
@settings(max_examples=300)
def test_utf8_is_taken_as_it_is(text):
    raw = text.encode()
    if b"\0" not in raw and not raw.startswith(codecs.BOM_UTF8):
        assert decode(raw) == (raw, "utf-8", False)


BORDERS = [0, 1, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEF, 0xF0, 0xF4, 0xF5, 0xFF, 0xBB]


@given(
    st.text(max_size=50).map(str.encode) | st.lists(st.sampled_from(BORDERS), max_size=6).map(bytes),
    st.integers(0, 60),
    st.binary(max_size=3),
)
@example("\ud7ff\ue000\U0010ffff\u0800".encode(), 0, b"")
@example("نص".encode() + b"\xed\xa0\x80", 0, b"")
@example(b"\xef\xbb\xbfabc", 0, b"")
@settings(max_examples=2000)
def test_plain_is_what_decodes_without_a_mark_or_nul(raw, at, put):
    raw = raw[:at] + put + raw[at:]
    try:
        raw.decode()
        valid = True
    except UnicodeDecodeError:
        valid = False
    assert is_plain(raw) == (valid and b"\0" not in raw and not raw.startswith(codecs.BOM_UTF8))


@given(st.text(max_size=60), st.sampled_from(["utf-8", "utf-16-le", "utf-16-be"]))
@example("", "utf-16-le")
@settings(max_examples=300)
def test_a_byte_order_mark_decides_and_is_no_text(text, encoding):
    if text.startswith("\0") and encoding == "utf-16-le":
        return  # its first bytes are the mark of UTF-32
    raw = MARKS[encoding] + text.encode(encoding)
    assert decode(raw) == (text.encode(), encoding, True)


@given(arabic, st.sampled_from(["windows-1256", "iso-8859-6", "utf-16-le", "utf-16-be", "utf-8"]))
@settings(max_examples=300)
def test_arabic_is_read_in_each_of_its_encodings_without_any_mark(text, encoding):
    raw = text.encode(encoding)
    assert decode(raw) == (text.encode(), encoding, False)
    assert back(raw) == raw


@given(st.binary(max_size=80) | st.binary(max_size=20).map(lambda raw: "في المدينة ".encode("windows-1256") + raw))
@example(b"\xff\xfe\x00")
@example(b"\xef\xbb\xbf\xff")
@example(b"\xff\xfe\x00\xd8")
@settings(max_examples=600)
def test_bytes_come_back_the_same_or_are_refused_with_a_reason(raw):
    try:
        written = back(raw)
    except ValueError:
        with pytest.raises(ValueError, match=r"\S"):
            decode(raw)
    else:
        assert written == raw


@pytest.mark.parametrize(
    "raw",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x10", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03KLJ\x06\x00\xc2A$5",
        b"PK\x03\x04\x14\x00\x00\x00\xff\xfe",
        b"\xff\xd8\xff\xe0\x00\x10JFIF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", bytes(range(256)), b"\x7fELF\x02\x01\x01\x00\xff" + bytes(9),
        b"\xff" * 50,
        "\u00e9t\u00e9 fran\u00e7ais".encode("latin-1"), "Привет, мир".encode("cp1251"), b"\xfe\xff\xd8\x00", b"\xff\xfea",
        b"abc\xff\x00def",
    ],
)  # fmt: skip
def test_what_is_no_text_is_refused(raw):
    with pytest.raises(ValueError, match=r"\S"):
        decode(raw)


@pytest.mark.parametrize(
    "raw",
    ["نص الخبر".encode("utf-32"), "نص الخبر".encode("utf-32-le"), b"\0" * 40, b"ab\0\0\0\0cd" + b"\0" * 40],
    ids=["utf-32", "utf-32-le", "nul", "padded"],
)
def test_nul_bytes_are_no_text(raw):
    with pytest.raises(ValueError, match=r"\S"):
        decode(raw)


UNDECIDED = pytest.param(
    "افتتاح معرض الكتاب", marks=pytest.mark.xfail(strict=True, reason="three words have as many commonest pairs under either page")
)


@pytest.mark.parametrize("text", [UNDECIDED, "افتتاح المعرض وافتتاح المكتبة"])
def test_a_short_text_in_the_iso_code_page_is_read_as_arabic(text):
    assert decode(text.encode("iso-8859-6")) == (text.encode(), "iso-8859-6", False)
