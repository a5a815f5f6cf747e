"""Small corpora of scraped Arabic news, as hypothesis draws them: files with bytes, and the text that stands in them."""

from __future__ import annotations

import codecs
import gzip
import json
import os
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from hypothesis import strategies as st

if TYPE_CHECKING:
    from pathlib import Path

NEWS = """
الوزير أعلنت إدارة الميناء صباح اليوم عن افتتاح الرصيف الجديد أمام السفن التجارية بعد أعمال استمرت عامين وأوضح مدير المشروع أن
العمل يبدأ مع مطلع الشهر المقبل دون تأخير ورحب تجار المدينة بالخطوة وقالوا إنها تخفف الازدحام وتقلل كلفة النقل على المستوردين ومن
المقرر أن تنطلق المرحلة القادمة في قرية بعيدة حيث تزرع النخيل والزيتون منذ سنوات طويلة وتشمل الخطة مستودعات مبردة وطريقا يربط
السوق بالمطار الدولي كما أشار الخبير إلى ارتفاع أسعار القمح
"""
WORDS = NEWS.split()
MARKERS = [
    "اقرأ أيضاً",
    "إقرأ أيضا :",
    "المصدر: وكالات",
    "Tags: الميناء، التجارة",
    "إعلان",
    "مواضيع ذات صلة",
    "شارك",
    "الوسوم",
    "قد يهمك",
    "التعليقات",
    "كتب - محرر الموقع",
]
FURNITURE = ["هاتف الإدارة في شارع البحر الطويل", "جميع الحقوق محفوظة لصحيفة الميناء", "اشترك الآن في نشرتنا اليومية المجانية"]
HARAKAT = "\u064b\u064e\u0650\u0651\u0652\u0640"


class File(NamedTuple):
    """An input file and the text its bytes hold."""

    name: str
    raw: bytes


def sentence(random: Random, count: int) -> str:
    return " ".join(random.choice(WORDS) for _ in range(count))


def paragraph(key: int, variant: str) -> str:
    """Paragraph `key` of a shared pool, as it is or changed in one way."""
    random = Random(key)
    words = sentence(random, random.randint(14, 45)).split()
    words.insert(random.randrange(len(words)), str(random.randint(2, 9999)))
    other = Random(f"{key} {variant}")
    place = other.randrange(len(words))
    if variant == "spelled":
        text = " ".join(words).replace("أ", "ا").replace("ة", "ه")
        return "".join(letter + (other.choice(HARAKAT) if letter.isalpha() and other.random() < 0.2 else "") for letter in text) + "."
    if variant == "word":
        words[place] = other.choice(WORDS)
    elif variant == "number":
        words = [str(int(word) + 1) if word.isdecimal() else word for word in words]
    elif variant == "longer":
        words += sentence(other, other.randint(1, 12)).split()
    elif variant == "shorter":
        words = words[: max(8, len(words) - other.randint(1, 9))]
    elif variant == "counted":
        words.insert(place, other.choice(["ثلاثة", "خمسة وعشرون", "twenty five", "٢٥", "1,250"]))
    return " ".join(words) + "."


def headline(key: int) -> str:
    random = Random(-key)
    return sentence(random, random.choice([2, 4, 6, 9, 12]))


def bullets(key: int) -> str:
    return "\n".join(f"- {headline(key + k)}" for k in range(1 + key % 3))


def appended(key: int) -> str:
    """What furniture and a second article look like below a first one."""
    title = sentence(Random(-key), 7)
    return f"المصدر: وكالات\nاقرأ أيضا\n{title}\n{paragraph(key, 'as it is')}\n{paragraph(key + 1, 'as it is')}"


def scrolled(key: int) -> str:
    """The next article of a page without end."""
    return f"{sentence(Random(-key), 7)}\nكتب - محرر الموقع\n{paragraph(key, 'as it is')}"


def wrapped(key: int) -> str:
    """A paragraph broken into lines of nearly equal width."""
    lines: list[str] = [""]
    for word in (paragraph(key, "as it is") + " " + paragraph(key + 1, "as it is")).split():
        if len(lines[-1]) + len(word) > 58:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


keys = st.integers(0, 5)
variants = st.sampled_from(["as it is", "as it is", "spelled", "word", "number", "longer", "shorter", "counted"])
blocks = st.one_of(
    st.builds(paragraph, keys, variants),
    st.builds(paragraph, keys, variants),
    st.builds(paragraph, st.integers(8, 10_000), st.just("as it is")),
    st.builds(headline, keys),
    st.sampled_from(MARKERS),
    st.sampled_from(FURNITURE),
    st.builds(bullets, keys),
    st.builds(wrapped, keys),
    st.builds(appended, keys),
    st.builds(scrolled, keys),
    st.sampled_from(["", "", " ", "***", "\xa0", "\u200f", "1", "- "]),
)
texts = st.builds(
    lambda parts, end: "\n".join(parts) + end, st.lists(blocks, max_size=9), st.sampled_from(["\n", "", "\n\n", " \n"])
) | st.sampled_from(["", "\n", " \n\t\n"])
encodings = st.sampled_from(["utf-8", "utf-8", "utf-8", "utf-8-sig", "windows-1256", "utf-16", "utf-16-le", "iso-8859-6"])
line_ends = st.sampled_from(["\n", "\n", "\n", "\r\n", "\r"])


def encoded(text: str, encoding: str, line_end: str) -> bytes:
    """Bytes of a text; UTF-8 where the encoding lacks a character."""
    text = text.replace("\n", line_end)
    try:
        return codecs.BOM_UTF16_BE + text.encode("utf-16-be") if encoding == "utf-16" else text.encode(encoding)
    except UnicodeEncodeError:
        return text.encode()


def records(drawn: list[str], line_end: str, escaped: bool) -> bytes:
    """JSON lines with fields before and behind the text."""
    rows = [{"n": k, "text": text, "tags": ["خبر", k], "source": f"موقع {k % 2}"} for k, text in enumerate(drawn)]
    return b"".join(json.dumps(row, ensure_ascii=escaped).encode() + line_end.encode() for row in rows)


text_files = st.builds(encoded, texts, encodings, line_ends)
record_files = st.builds(records, st.lists(texts, min_size=1, max_size=3), st.sampled_from(["\n", "\r\n"]), st.booleans())
unreadable_files = st.sampled_from([b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff", b"\xff" * 40, b"\xff\xfe\x00\xd8"])
SITES = ["", "a/", "b/", "b/deep/"]


@st.composite
def corpora(draw, min_files: int = 1, max_files: int = 6, unreadable: bool = False) -> list[File]:
    """Files of a corpus, at least one of them with a document."""
    files = [File("a/first.txt", draw(texts.filter(str.strip)).encode())]
    for number in range(draw(st.integers(min_files - 1, max_files - 1))):
        kind = draw(st.sampled_from(["txt", "txt", "txt", "md", "txt.gz", "jsonl", "jsonl.gz"] + ["bad"] * unreadable))
        raw = draw(unreadable_files if kind == "bad" else record_files if kind.startswith("jsonl") else text_files)
        packed = gzip.compress(raw, mtime=0) if kind.endswith("gz") else raw
        files.append(File(f"{draw(st.sampled_from(SITES))}{number}.{kind.replace('bad', 'txt')}", packed))
    return files


def write(files: list[File], folder: Path) -> None:
    """Files into a folder, each with a time of its own that is long past."""
    for number, file in enumerate(files):
        path = folder / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.raw)
        os.utime(path, ns=(10**18 + number, 10**18 + number))


def unpacked(file: File) -> bytes:
    """What a file holds."""
    return gzip.decompress(file.raw) if file.name.endswith(".gz") else file.raw
