"""Promises in the corners where they are hardest to keep, each with the smallest corpus that shows it."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from dedup import pipeline
from dedup.config import Config
from dedup.io.restore import restore
from tests import oracles
from tests.corpora import File, write
from tests.property.test_promises import Folder, again, check_pair, clean, inputs, ledger_of, read, snapshot

NOUNS = """
ميناء سفينة طريق وزارة مدينة مدير خطة ماء شمس سوق قرية جسر مطار نهر جبل مدرسة طالب معلم كتاب قلم باب نافذة شارع حديقة
شجرة زهرة طائر سمكة بحر سماء
"""
STEMS = NOUNS.split()
HEADLINE = "الأمير يستقبل وفد الصيادين في الميناء الجديد بعد افتتاحه صباح اليوم"
SHORT_HEADLINE = "الأمير يستقبل وفد الصيادين في الميناء"
FOOTER = "هاتف الإدارة في شارع البحر الطويل"
BRIEF_FOOTER = "مكتب شارع البحر"


def prose(seed: int, count: int = 20) -> str:
    """A paragraph like no other."""
    random = Random(seed)
    return " ".join(random.choice(STEMS) + random.choice(["", "", "ات", "ين"]) for _ in range(count)) + "."


def page(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def records(*rows: tuple[str, str]) -> bytes:
    return b"".join(json.dumps({"id": identity, "text": text}).encode() + b"\n" for identity, text in rows)


def second_article(title: str, *paragraphs: str) -> str:
    return "\n".join([prose(900), prose(901), "المصدر: وكالات", "اقرأ أيضا", title, *paragraphs]) + "\n"


def restored(files: list[File], base: Path, **options) -> dict[str, bytes]:
    clean(files, base, Config(**options)) if options.get("format", "jsonl") == "jsonl" else run(files, base, **options)
    restore(base / "out", base / "back")
    return snapshot(base / "back")


def run(files: list[File], base: Path, **options) -> None:
    write(files, base / "in")
    pipeline.run([str(base / "in")], base / "out", Config(**options))


def bytes_of(files: list[File]) -> dict[str, bytes]:
    return {file.name: file.raw for file in files}


# ------------------------------------------------------------------------------------------------------------------- P1


@pytest.mark.parametrize(
    "blank",
    ["", "\n", "  \n\n", "\t", "\r\n\r\n", "\xa0\n", "\u200f", " \u200b\n\u3000", "\u2028", "\x0c", "\x01\n", "***\n", "\ufeff\ufeff"],
)
@pytest.mark.parametrize("format_", ["jsonl", "txt"])
def test_p1_documents_that_show_nothing_come_back(tmp_path, blank, format_):
    files = [File("a.txt", blank.encode()), File("b.txt", page(prose(1))), File("c.jsonl", records(("c", blank), ("d", prose(2))))]
    assert restored(files, tmp_path, format=format_) == bytes_of(files)


@pytest.mark.parametrize("blank", ["\xa0", "\u200f", "***", " "])
def test_p1_what_is_left_of_a_duplicate_comes_back(tmp_path, blank):
    files = [File("a.txt", page(prose(1), blank)), File("b.txt", page(prose(1), prose(2)))]
    assert restored(files, tmp_path) == bytes_of(files)


RECORD = records(("r", prose(3)))


@pytest.mark.parametrize(
    "raw",
    [
        b"\xef\xbb\xbf" + RECORD, RECORD + b"\n" + RECORD, b"\n\n" + RECORD, RECORD + b"\n\n", RECORD + b"  \r\n" + RECORD,
        RECORD.rstrip(), RECORD.replace(b"\n", b"\r\n"), b"  " + RECORD,
        RECORD.replace(b": ", b" :\t"), b'{"text": "\\u0642\\/\\ud83d\\ude00 \\b"}\n', b'{"text": "a", "text": "b"}\n',
        b'{"x": {"text": "b"}, "text": "b"}\n', b'{"n": 1.50, "text": ""}\n',
    ],
)  # fmt: skip
def test_p1_records_come_back_as_they_were_written(tmp_path, raw):
    files = [File("a.jsonl", raw), File("b.txt", page(prose(1)))]
    assert restored(files, tmp_path) == bytes_of(files)


@pytest.mark.parametrize("raw", [b"", b"\n", b"\xef\xbb\xbf", b"no record\n"], ids=["empty", "blank", "mark", "no record"])
def test_p1_files_without_a_single_record_come_back_or_are_listed(tmp_path, raw):
    files = [File("a.jsonl", raw), File("b.txt", page(prose(1)))]
    back = restored(files, tmp_path)
    listed = (tmp_path / "out" / "unreadable.jsonl").read_text(encoding="utf-8")
    assert back.get("a.jsonl") == raw or '"a.jsonl"' in listed


def test_p1_an_appended_article_takes_no_id_of_the_input(tmp_path):
    page_of_two = second_article(HEADLINE, prose(1), prose(2))
    files = [File("a.jsonl", records(("x", page_of_two), ("x#2", prose(3)), ("x!", prose(4)), ("x#10", prose(5))))]
    out = clean(files, tmp_path, Config())
    identities = [row["id"] for row in out.corpus]
    assert len(set(identities)) == len(identities) == 5
    assert identities == sorted(identities)
    assert out.texts()["x#2"] == prose(3)
    assert restored(files, tmp_path / "tree", format="txt") == bytes_of(files)


def test_p1_an_appended_article_of_which_nothing_stays_is_no_other_document(tmp_path):
    page_of_two = second_article(HEADLINE, prose(1), prose(2))
    files = [File("a.jsonl", records(("x", page_of_two), ("x#2", prose(3)), ("y", "\n".join([HEADLINE, prose(1), prose(2), prose(6)]))))]
    assert restored(files, tmp_path) == bytes_of(files)


@pytest.mark.parametrize("names", [("x.md", "x.md.txt"), ("x", "x.txt"), ("x.txt/y.txt", "x.txt_/y.txt"), ("x.TXT", "x.txt")])
def test_p1_a_tree_holds_every_document(tmp_path, names):
    files = [File(f"{number}/{name}" if "." not in name else name, page(prose(number))) for number, name in enumerate(names)]
    files = [File("a.jsonl", records(*((file.name, file.raw.decode()) for file in files)))]
    assert restored(files, tmp_path, format="txt") == bytes_of(files)


# ------------------------------------------------------------------------------------------------------------------- P3


def furnished(base: Path, paragraphs: str) -> Folder:
    """Pages that end in a footer without a blank line before it, and one that has the footer's words inside its last paragraph."""
    files = [File(f"s/{number}.txt", page(prose(number), "", prose(number + 50, 12).rstrip("."), FOOTER)) for number in range(6)]
    files.append(File("t/longest.txt", page(*(prose(number) for number in range(200, 210)), "", prose(300, 12).rstrip("."), FOOTER)))
    files += [File(f"t/{number}.txt", page(prose(number), "", prose(number + 50, 12).rstrip("."), FOOTER)) for number in range(20, 26)]
    files.append(File("u/other.txt", page(prose(400), "", f"{prose(300, 12).rstrip('.')} {FOOTER}")))
    return clean(files, base, Config(paragraphs=paragraphs))


@pytest.mark.parametrize("paragraphs", ["block", "line"])
def test_p3_a_kept_twin_is_measured_without_the_lines_that_go_from_it(tmp_path, paragraphs):
    out = furnished(tmp_path, paragraphs)
    texts = {path.relative_to(tmp_path / "in").as_posix(): path.read_text(encoding="utf-8") for path in (tmp_path / "in").rglob("*.txt")}
    assert any(row["reason"] == "repeated" for row in out.ledger)
    for row in out.ledger:
        if row["reason"] == "duplicate":
            twin = row["canonical"]
            kept = texts[twin["document"]]
            for gone in reversed(ledger_of(out, twin["document"], "remove")):
                if twin["start"] <= gone["start"] < twin["end"]:
                    kept = kept[: gone["start"]] + kept[gone["end"] :]
                    twin["end"] -= gone["end"] - gone["start"]
            check_pair(row["text"], kept[twin["start"] : twin["end"]], row["similarity"], Config())


def test_p3_changed_numbers_keep_a_paragraph(tmp_path):
    text = prose(1, 40)
    files = [
        File("a.txt", page(f"{text} 25 ريالا")),
        File("b.txt", page(f"{text} 26 ريالا")),
        File("c.txt", page(f"{text} خمسة وعشرون ريالا")),
    ]
    assert [row["id"] for row in clean(files, tmp_path, Config()).corpus] in (["a.txt", "b.txt"], ["b.txt", "c.txt"])


# ------------------------------------------------------------------------------------------------------------------- P4


def wire(seed: int, digits: int) -> str:
    """One of four paragraphs of equal length of which each may go only for the next: two words and one number are different."""
    words = [f"{STEMS[(seed * 7 + k * k) % 30]}ممممم"[:5] + "ابتثجحخد"[k % 8] for k in range(40)]
    for step in range(1, digits + 1):
        words[step * 9 % 40] = f"زمزم{'ابت'[step - 1]}م"
        words[(step * 9 + 3) % 40] = f"قلقل{'ابت'[step - 1]}م"
    for slot, place in enumerate((5, 16, 27, 38)):
        words.insert(place, str(slot + 1 if slot <= digits else 1))
    return " ".join(words) + "."


def chain() -> dict[str, bytes]:
    links = [wire(3, number) for number in range(4)]
    assert len({oracles.letters(link) for link in links}) == 1
    for a in range(4):
        assert [oracles.may_go(links[a], links[b], 0.85, 0.85) for b in range(4)] == [b in (a, a + 1) for b in range(4)]
    return {f"{number}.txt": page(link, *(prose(100 * number + k, 30) for k in range(8 - number))) for number, link in enumerate(links)}


def templates() -> dict[str, bytes]:
    base = prose(7, 150).split()
    files = {}
    for number in range(100):
        for variant in range(2):
            words = [*base[:75], str(1000 + number), *base[75:]]
            words[20] = "احمر" if variant else words[20]
            files[f"{number:03}{variant}.txt"] = page(
                " ".join(words), prose(1000 + 2 * number + variant), prose(3000 + 2 * number + variant)
            )
    return files


def shares() -> dict[str, bytes]:
    files = {f"s/own{k}.txt": page(prose(10 + k), prose(110 + k), FOOTER) for k in range(5)}
    files |= {f"s/plain{k}.txt": page(prose(30 + k), prose(130 + k)) for k in range(8)}
    files |= {f"s/copy{k}.txt": page(prose(50 + k)) for k in range(8)}
    return files | {f"t/whole{k}.txt": page(prose(50 + k), prose(70 + k)) for k in range(8)}


def unwrapped() -> dict[str, bytes]:
    """A page that looks hard-wrapped only once its wide paragraph is gone."""
    narrow = [" ".join(prose(500 + k, 7).rstrip(".").split())[:48].ljust(48, "ا") for k in range(8)]
    return {
        "a.txt": page(*narrow, "", prose(1, 60)),
        "b.txt": page(prose(1, 60), *(prose(k) for k in range(2, 12))),
        "c.txt": page(" ".join(narrow), *(prose(k) for k in range(20, 30))),
    }


HALF_WRAPPED = """\
- كلفة بعد بعيدة مبردة
- بالخطوة تنطلق كما الميناء الخطة المدينة عن أن أعمال القادمة مستودعات المدينة

السفن 451 أمام المرحلة العمل النقل بالخطوة دون صباح أن منذ
بعيدة بالمطار القادمة الخبير سنوات السوق إنها. الخبير عامين
القادمة مستودعات الرصيف أعلنت مستودعات وقالوا إلى ورحب مطلع
مستودعات الخبير إلى مستودعات بعيدة المشروع ورحب المشروع
6352 الدولي قرية أعلنت الرصيف أن اليوم كلفة الميناء إنها
هاتف الإدارة في شارع البحر الطويل
"""
BESIDE_HALF_WRAPPED = """\
بالخطوة تنطلق كما الميناء الخطة المدينة عن أن أعمال القادمة مستودعات المدينة
كتب - محرر الموقع
- بالخطوة تنطلق كما الميناء الخطة المدينة عن أن أعمال القادمة مستودعات المدينة
السفن 451 أمام المرحلة العمل النقل بالخطوة دون صباح أن.
وأوضح أسعار الرصيف بالخطوة استمرت يربط طويلة
كتب - محرر الموقع
8872 أسعار الرصيف بالخطوة استمرت يربط طويلة مستودعات في المقبل التجارية وطريقا الميناء قرية منذ الوزير طويلة إنها ورحب بعد على الميناء إدارة.
"""

CORNERS = {
    "the first line goes, and the next one is a headline known elsewhere": {
        "a.txt": page("إعلان", HEADLINE, prose(1), prose(2)), "b.txt": page("خبر آخر تماما", prose(3), HEADLINE, prose(4)),
    },
    "the first paragraph goes as a duplicate, and the next line is a headline known elsewhere": {
        "a.txt": page(prose(1), HEADLINE, prose(2)), "b.txt": page("خبر آخر تماما", prose(3), HEADLINE, prose(4)),
        "c.txt": page(prose(1), prose(5), prose(6), prose(7), prose(8)),
    },
    "two titles are left alone": {
        "a.txt": page(HEADLINE, prose(1)), "b.txt": page(HEADLINE, prose(2)), "c.txt": page(prose(1), prose(3), prose(4)),
        "d.txt": page(prose(2), prose(5), prose(6)),
    },
    "the share of a footer grows when copies go": shares(),
    "a title stands again once the paragraph before it is gone": {
        "a.txt": page(prose(1), SHORT_HEADLINE, prose(2), SHORT_HEADLINE, prose(3)),
        "b.txt": page(prose(1), *(prose(k) for k in range(4, 9))),
    },
    "a marker of the tail stands at the tail once the prose behind it is gone": {
        "a.txt": page("عنوان الخبر الأول", prose(1), prose(2), "انتهى", prose(3), prose(4)),
        "b.txt": page(prose(3), prose(4), *(prose(k) for k in range(5, 12))),
    },
    "a list under a marker grows when prose between goes": {
        "a.txt": page("عنوان الخبر الأول", prose(1), "اقرأ أيضا", SHORT_HEADLINE, prose(2), "مدير الميناء يزور السوق القديم", prose(3)),
        "b.txt": page(prose(2), *(prose(k) for k in range(5, 12))),
    },
    "a footer stands in both articles of a page": {
        f"{k}.txt": page(
            f"عنوان الخبر رقم {k}", prose(10 * k), prose(10 * k + 1), BRIEF_FOOTER, "المصدر: وكالات", "اقرأ أيضا",
            f"الأمير يستقبل وفد {STEMS[k]} في الميناء",
            prose(10 * k + 2), prose(10 * k + 3), BRIEF_FOOTER,
        )
        for k in range(3)
    },
    "many templates share their bands": templates(),
    "paragraphs of equal length form a chain": chain(),
    "a page is hard-wrapped once its wide paragraph is gone": unwrapped(),
    "a page looks wrapped only while a line of it is on its way out": {"a.txt": page(HALF_WRAPPED), "b.txt": page(BESIDE_HALF_WRAPPED)},
}  # fmt: skip


@pytest.mark.parametrize("corner", CORNERS)
def test_p4_cleaning_again_changes_nothing_where(tmp_path, corner):
    files = [File(name, raw) for name, raw in CORNERS[corner].items()]
    out = clean(files, tmp_path, Config())
    assert again(out, tmp_path, Config()).texts() == out.texts()


BLOCKS = {
    "a line without gaps goes from between two blocks": ["", ""],
    "a line with a gap before it goes": ["\n", ""],
    "a line with a gap behind it goes": ["", "\n"],
    "a line with gaps around it goes": ["\n", "\n"],
}


GROWN = pytest.mark.xfail(strict=True, reason="without a gap anywhere two blocks become one: no character can be put between them")


@pytest.mark.parametrize("corner", [pytest.param(name, marks=GROWN if "without" in name else ()) for name in BLOCKS])
@pytest.mark.parametrize("order", [1, -1])
def test_p4_cleaning_blocks_again_changes_nothing_where(tmp_path, corner, order):
    before, behind = BLOCKS[corner]
    blocks = [prose(2), prose(3)][::order]
    files = [
        File("a.txt", page("عنوان الخبر", "", prose(1), f"{blocks[0]}{before}", f"اقرأ أيضا{behind}", blocks[1], f"- {prose(5, 9)}")),
        File("b.txt", page(prose(4), "", prose(2), prose(3))),
    ]
    out = clean(files, tmp_path, Config(paragraphs="block"))
    assert again(out, tmp_path, Config(paragraphs="block")).texts() == out.texts()


# ------------------------------------------------------------------------------------------------------------------- P5


@pytest.mark.parametrize("corner", list(CORNERS)[:5])
def test_p5_formats_hold_the_same_texts(tmp_path, corner):
    files = [File(name, raw) for name, raw in CORNERS[corner].items()]
    texts = clean(files, tmp_path, Config()).texts()
    run(files, tmp_path / "tree", format="txt")
    assert {name: raw.decode() for name, raw in snapshot(tmp_path / "tree" / "out" / "corpus").items()} == texts
    assert sorted(texts) == sorted(set(texts) & set(inputs(files, clean(files, tmp_path, Config(), "more"))))


# -------------------------------------------------------------------------------------------------------------- samples

SAMPLES = Path(__file__).parents[2] / "samples" / "scraped"


@pytest.mark.parametrize("paragraphs", ["auto", "line", "block"])
@pytest.mark.parametrize("prefer", ["longest", "first"])
def test_p1_and_p4_hold_for_the_samples(tmp_path, paragraphs, prefer):
    config = Config(paragraphs=paragraphs, prefer=prefer)
    pipeline.run([str(SAMPLES)], tmp_path / "out", config)
    out = read(tmp_path / "out")
    restore(tmp_path / "out", tmp_path / "back")
    assert snapshot(tmp_path / "back") == {name: raw for name, raw in snapshot(SAMPLES).items() if name.endswith(".txt")}
    assert again(out, tmp_path, config).texts() == out.texts()
