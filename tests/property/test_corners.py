"""Promises in the corners where they are hardest to keep, each with the smallest corpus that shows it."""

from __future__ import annotations

from pathlib import Path

import pytest
from dedup import pipeline
from dedup.config import Config
from dedup.io.restore import restore
from tests.corpora import File, write
from tests.property.runs import Folder, again, check_pair, clean, inputs, ledger_of, read, snapshot
from tests.property.small import CORNERS, FOOTER, HEADLINE, page, prose, records


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


@pytest.mark.parametrize("repeats_min", [2, 5])
@pytest.mark.parametrize("corner", CORNERS)
def test_p4_cleaning_again_changes_nothing_where(tmp_path, corner, repeats_min):
    config = Config(repeats_min=repeats_min)
    files = [File(name, raw) for name, raw in CORNERS[corner].items()]
    out = clean(files, tmp_path, config)
    assert again(out, tmp_path, config).texts() == out.texts()


@pytest.mark.parametrize(("first", "stays"), [(1, False), (2, True)])
def test_articles_of_a_page_count_once_and_records_that_are_numbered_each(tmp_path, first, stays):
    texts = [(f"x#{number}", f"{prose(number)}\n{FOOTER}\n") for number in range(first, first + 8)]
    out = clean([File("a.jsonl", records(*texts))], tmp_path, Config())
    assert {FOOTER in text for text in out.texts().values()} == {stays}


BLOCKS = {
    "a line without gaps goes from between two blocks": ["", ""],
    "a line with a gap before it goes": ["\n", ""],
    "a line with a gap behind it goes": ["", "\n"],
    "a line with gaps around it goes": ["\n", "\n"],
}


@pytest.mark.parametrize("corner", BLOCKS)
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
