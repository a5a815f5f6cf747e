"""Every format that is read: what becomes a document, what is counted, what comes back."""

from __future__ import annotations

import gzip
import io
import json

import pytest
from dedup.errors import InputError, UsageError
from dedup.io import kinds
from dedup.io.packing import packed
from hypothesis import given
from hypothesis import strategies as st
from tests.formats.makers import PAGES, html, jsonl, parquet, records, response, table, warc_record, zipped

DAM, SCHOOL, STORM = PAGES.values()
CLEAN_DAM = DAM.removesuffix("\n\nالمصدر: وكالات\n") + "\n"


def zstd(data: bytes) -> bytes:
    pytest.importorskip("dedup.io.zstd", exc_type=ImportError)
    return packed(data, "zst")


@pytest.fixture
def warc_reader(html_reader):
    pytest.importorskip("fastwarc")


def test_zstd_is_unpacked_and_comes_back_packed(ran):
    files = {"a.jsonl.zst": zstd(jsonl(records())), "b.txt.zst": zstd(STORM.encode())}
    done = ran(files)
    assert done.corpus["dam.txt"]["text"].strip() == CLEAN_DAM.strip()
    assert done.back() == files


@pytest.mark.parametrize("pack", [zstd, gzip.compress])
@pytest.mark.parametrize("name", ["a.jsonl", "a.txt", "a.csv", "a.html", "a.warc", "a.tar"])
def test_a_torn_packed_file_of_any_kind_is_a_row_and_no_crash(ran, pack, name):
    for module in ("resiliparse", "fastwarc"):
        pytest.importorskip(module)
    ending = ".zst" if pack is zstd else ".gz"
    whole = pack(jsonl(records()) * 50)
    done = ran({"good.txt": STORM.encode(), name + ending: whole[: len(whole) // 2]})
    (row,) = done.unreadable[-1:]
    assert row[0] == name + ending
    assert row[2]
    assert "good.txt" in done.corpus


def test_garbage_under_the_name_of_any_format_is_a_row_and_no_crash(ran):
    for module in ("resiliparse", "fastwarc", "pyarrow"):
        pytest.importorskip(module)
    noise = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 20
    names = [f"bad{ending}" for ending in kinds.KINDS] + ["bad.csv.gz", "bad.jsonl.zst", "bad.tgz"]
    done = ran({"good.txt": STORM.encode()} | dict.fromkeys(names, noise))
    assert {row[0] for row in done.unreadable} == set(names)


def test_csv_rows_are_documents_with_their_cells_as_fields_and_come_back_byte_for_byte(ran):
    files = {
        "a.csv": b"\xef\xbb\xbf" + table(records()).encode(),
        "b.tsv": table([row | {"id": f"z{row['n']}"} for row in records()], delimiter="\t", lineterminator="\n").encode("utf-16"),
        "c.csv": table(
            [{"n": 1, "text": "وصلت الباخرة الأولى إلى الميناء\r\nبعد الظهر", "x": 'say "so"'}], delimiter=";", quoting=1
        ).encode("windows-1256"),
        "e.csv": b"text,n\rfirst row of an old file,1\rsecond row of an old file,2\r",
        "d.csv.gz": gzip.compress(b'text\r\n"quoted, needlessly"\r\nbare "inside" quotes\r\n\r\n""\r\n', mtime=0),
    }
    done = ran(files)
    assert done.unreadable == []
    assert done.corpus["dam.txt"] == {"id": "dam.txt", "text": CLEAN_DAM, "source": "site", "n": "0"}
    assert done.corpus["c.csv:2"]["x"] == 'say "so"'
    assert done.corpus["d.csv.gz:3"]["text"] == 'bare "inside" quotes'
    assert done.back() == files


def test_a_text_that_stands_a_million_times_in_another_cell_is_found_or_kept_with_its_row(ran):
    files = {"a.csv": b"other,text\n" + b"a" * 1_000_000 + b",a\nb,b\n"}
    done = ran(files)
    assert done.back() == files


def test_rows_that_are_none_cost_themselves_only_and_come_back_between_the_others(ran):
    good = "text,n\r\nأول الأخبار من القرية,1\r\n"
    raw = good.encode() + b"too,many,cells\r\n\xff\xfe broken,2\r\n" + b'"torn"x,3\r\nlast news of the day,4\r\n"never closed,5\r\n'
    done = ran({"a.csv": raw})
    assert [(line, why.split(":")[0]) for _, line, why in done.unreadable] == [
        (3, "3 cells under 2 columns"), (4, "not UTF-8 (character 0 of the row)"), (5, "no CSV"), (7, "no CSV"),
    ]  # fmt: skip
    assert sorted(done.corpus) == ["a.csv:2", "a.csv:6"]
    assert done.back() == {"a.csv": raw}


def test_a_table_without_the_text_column_names_the_columns_it_has(ran):
    with pytest.raises(InputError, match=r"no column 'text'; its columns are: 'id', 'body' \(see --text-key\)"):
        ran({"a.csv": b"id,body\n1,x\n"})
    with pytest.raises(InputError, match=r"no column 'text'; its text columns are: 'body' \(see --text-key\)"):
        ran({"a.parquet": parquet([{"id": 1, "body": "x"}])})


def test_a_cell_longer_than_the_csv_module_takes_by_itself_is_read(ran):
    text = "كلمة " * 60_000
    done = ran({"a.csv": table([{"text": text}]).encode()})
    assert done.corpus["a.csv:2"]["text"].strip() == text.strip()


def test_the_keys_name_the_columns_of_every_record_format(ran):
    rows = [{"url": f"https://a.example/{k}", "body": text, "site": "a.example"} for k, text in enumerate((SCHOOL, STORM))]
    keys = {"text_key": "body", "id_key": "url", "source_key": "site"}
    for name, data in {"a.jsonl": jsonl(rows), "a.csv": table(rows).encode(), "a.parquet": parquet(rows)}.items():
        corpus = ran({name: data}, **keys).corpus
        assert corpus[rows[1]["url"]] == {
            "id": rows[1]["url"],
            "text": STORM,
            "source": "a.example",
            **{k: rows[1][k] for k in ("url", "site")},
        }


@given(
    rows=st.lists(st.tuples(st.text("ab ,;\"'\t\nس", max_size=12), st.text('xy,"\n', max_size=5)), min_size=1, max_size=4),
    quoting=st.sampled_from([0, 1]),
    ending=st.sampled_from(["\n", "\r\n"]),
)
def test_whatever_a_csv_writer_writes_is_cut_into_cell_and_shell_and_joined_again(rows, quoting, ending):
    from dedup.io.csv_cells import literal, shell
    from dedup.io.csv_cells import rows as read

    raw = table([{"text": text, "other": other} for text, other in rows], quoting=quoting, lineterminator=ending)
    found = [row for row in read(io.StringIO(raw, newline=""), ",") if row.cells]
    assert "".join(row.raw for row in found) == raw
    for row, (text, _) in zip(found[1:], rows, strict=True):
        assert row.cells[0] == text
        (before, after), escape = shell(row, 0, ",")
        assert (before if escape == "raw" else before + literal(text, escape) + after) == row.raw


def test_parquet_rows_are_documents_and_come_back_as_json_lines(ran):
    import datetime as dt

    rows = [row | {"day": dt.date(2025, 3, 12), "tags": ["a", "b"], "nothing": float("nan")} for row in records()]
    done = ran({"a.parquet": parquet(rows, row_group_size=2)})
    assert done.corpus["dam.txt"] == {
        "id": "dam.txt", "text": CLEAN_DAM, "source": "site", "n": 0, "day": "2025-03-12", "tags": ["a", "b"], "nothing": None,
    }  # fmt: skip
    (name, data), *rest = done.back().items()
    assert (name, rest) == ("a.parquet.jsonl", [])
    assert [json.loads(line) for line in data.splitlines()] == [row | {"day": "2025-03-12", "nothing": None} for row in rows]
    assert {row["restore"]["container"] for row in done.rows("documents.jsonl")} == {"parquet"}


def test_a_broken_row_group_and_cells_without_text_cost_themselves_only(ran):
    pq = pytest.importorskip("pyarrow.parquet")
    rows = [{"text": f"{SCHOOL} {k}" * 40} for k in range(4)] + [{"text": None}]
    data = bytearray(parquet(rows, row_group_size=1, compression="none", use_dictionary=False))
    at = pq.read_metadata(io.BytesIO(data)).row_group(1).column(0).data_page_offset
    data[at : at + 20] = b"\xff" * 20
    done = ran({"a.parquet": bytes(data)})
    torn, empty = done.unreadable
    assert (torn[1], torn[2][:13]) == (2, "rows 2 to 2: ")
    assert empty == ("a.parquet", 5, "column 'text' holds no text here")
    assert {row["id"] for row in done.rows("documents.jsonl")} == {"a.parquet:1", "a.parquet:3", "a.parquet:4"}


@pytest.mark.parametrize("ending", [".html", ".htm", ".xhtml", ".html.gz"])
def test_a_page_is_the_text_of_its_main_content_and_comes_back_as_text(ran, html_reader, ending):
    page = html(SCHOOL)
    done = ran({f"site/page{ending}": gzip.compress(page) if ending.endswith("gz") else page})
    assert done.corpus[f"site/page{ending}"]["text"] == SCHOOL
    assert done.back() == {f"site/page{ending}.txt": SCHOOL.encode()}


@pytest.mark.parametrize("charset", ["utf-8", "windows-1256", "iso-8859-6", "utf-16"])
def test_the_page_or_its_bytes_say_its_encoding(ran, html_reader, charset):
    assert ran({"page.html": html(SCHOOL, charset)}).corpus["page.html"]["text"] == SCHOOL


def test_a_page_that_lies_about_its_encoding_is_read_by_its_bytes(ran, html_reader):
    page = html(SCHOOL).replace(b'charset="utf-8"', b'charset="nonsense"')
    assert ran({"page.html": page}).corpus["page.html"]["text"] == SCHOOL


def test_a_page_and_a_text_named_like_its_text_both_come_back(ran, html_reader):
    done = ran({"page.html": html(SCHOOL), "page.html.txt": STORM.encode()})
    assert done.back() == {"page.html.txt": STORM.encode(), "page.html.txt~": SCHOOL.encode()}


def test_trafilatura_can_be_asked_for(ran):
    pytest.importorskip("trafilatura")
    assert SCHOOL.strip() in ran({"page.html": html(SCHOOL * 3)}, extractor="trafilatura").corpus["page.html"]["text"]


def crawl() -> list[bytes]:
    return [
        warc_record("warcinfo", "", b"software: test\r\n", "application/warc-fields"),
        warc_record("response", "https://news.example/dam", response(html(DAM))),
        warc_record("response", "https://news.example/school", response(html(SCHOOL), packed=True)),
        warc_record("response", "https://news.example/pic", response(b"\x89PNG", "image/png")),
        warc_record("response", "https://news.example/gone", response(html(STORM), status="404 Not Found")),
        warc_record("conversion", "https://other.example/storm", STORM.encode(), "text/plain"),
    ]


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "a.wet.gz"])
def test_responses_and_conversions_are_documents_named_by_their_address(ran, warc_reader, name):
    done = ran({name: b"".join(map(gzip.compress, crawl())) if name.endswith("gz") else b"".join(crawl())})
    assert {row["id"]: row["source"] for row in done.corpus.values()} == {
        "https://news.example/dam": "news.example", "https://news.example/school": "news.example", "https://other.example/storm": "other.example",
    }  # fmt: skip
    assert done.corpus["https://news.example/school"]["date"] == "2025-03-12T10:00:00Z"
    assert (done.unreadable, done.passed) == ([], 2)
    (back,) = done.back().items()
    assert back[0] == f"{name}.jsonl"
    assert [json.loads(line)["text"] for line in back[1].splitlines()][1:] == [SCHOOL, STORM]


def test_a_warc_that_is_cut_off_gives_what_is_whole_and_a_row(ran, warc_reader):
    for data in (b"".join(crawl())[:-40], b"".join(crawl()) + b"WARC/1.0\r\nWARC-Ty", b"".join(map(gzip.compress, crawl()))[:-5]):
        done = ran({"a.warc": data} if data.startswith(b"WARC") else {"a.warc.gz": data})
        assert len(done.unreadable) == 1
        assert "https://news.example/school" in done.corpus


def test_a_record_that_cannot_be_unpacked_costs_itself_only(ran, warc_reader):
    torn = response(html(STORM), packed=True)
    bad = warc_record("response", "https://news.example/torn", torn[:-30] + b"\0" * 30)
    done = ran({"a.warc": b"".join([*crawl()[:2], bad, *crawl()[2:]])})
    assert [row[2].split(": ")[0] for row in done.unreadable] == ["https://news.example/torn"]
    assert len(done.corpus) == 3


@pytest.mark.parametrize(
    ("name", "extra"), [("a.parquet", "parquet"), ("a.html", "html"), ("a.warc", "warc"), ("a.zip", "html"), ("a.jsonl.zst", "zstd")]
)
def test_a_missing_library_is_an_error_that_names_the_extra(ran, monkeypatch, name, extra):
    monkeypatch.setattr(kinds, "find_spec", lambda _: None)
    monkeypatch.setitem(__import__("sys").modules, "dedup.io.zstd", None)
    with pytest.raises(UsageError, match=rf"{name}.*: needs .*pip install 'dedup\[{extra}\]'"):
        ran({name: zipped({"p.html": b"<p>x</p>"}), "good.txt": b"x"})
