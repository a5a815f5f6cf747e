"""Every format that is written: the same documents, the same bytes each time, and the way back."""

from __future__ import annotations

import gzip
import io
import itertools
import json
from pathlib import Path

import pytest
from dedup.config import Config, configure
from dedup.errors import UsageError
from dedup.explain import explain
from dedup.io import kinds
from dedup.io.corpus_out import tree_path
from dedup.io.restore import restore
from dedup.pipeline import run
from tests.formats.makers import PAGES, jsonl, records

SCRAPED = Path(__file__).resolve().parents[2] / "samples" / "scraped"
FORMATS = ("jsonl", "jsonl.gz", "jsonl.zst", "parquet", "txt", "dolma")


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """The samples cleaned into every format there is a library for."""
    home = tmp_path_factory.mktemp("runs")
    for format_ in FORMATS:
        try:
            run([str(SCRAPED)], home / format_, configure(Config(), {"format": format_}))
        except UsageError:
            continue
    return home


@pytest.fixture(params=FORMATS)
def made(request, runs):
    """One of them, and its format."""
    if not (runs / request.param).exists():
        pytest.skip(f"the library for {request.param} is not there")
    return runs / request.param, request.param


def documents(folder: Path, format_: str) -> list[tuple[str, str]]:
    """Ids and texts of a corpus, read with nothing of the program."""
    if format_ == "parquet":
        from pyarrow import parquet

        return [(row["id"], row["text"]) for row in parquet.read_table(folder / "corpus.parquet").to_pylist()]
    data = (folder / f"corpus.{format_}").read_bytes()
    if format_ == "jsonl.gz":
        data = gzip.decompress(data)
    elif format_ == "jsonl.zst":
        from dedup.io.zstd import ZstdFile

        with ZstdFile(io.BytesIO(data)) as file:
            data = file.read()
    return [(row["id"], row["text"]) for row in map(json.loads, data.split(b"\n")[:-1])]


def test_every_format_holds_the_same_documents(made, runs):
    folder, format_ = made
    expected = documents(runs / "jsonl", "jsonl")
    if format_ == "txt":
        paths = {tree_path(identity): text for identity, text in expected}
        assert {
            path.relative_to(folder / "corpus").as_posix(): path.read_bytes().decode() for path in folder.glob("corpus/**/*.txt")
        } == paths
    elif format_ == "dolma":
        assert dolma_mixed(folder) == {identity: text for identity, text in expected if "#" not in identity}
    else:
        assert documents(folder, format_) == expected


def test_ledger_and_documents_do_not_depend_on_the_format(made, runs):
    for name in ("ledger.jsonl", "documents.jsonl", "unreadable.jsonl"):
        assert (made[0] / name).read_bytes() == (runs / "jsonl" / name).read_bytes()


def test_the_input_comes_back_from_every_format(made, tmp_path):
    restore(made[0], tmp_path / "back")
    read = {path.relative_to(SCRAPED): path.read_bytes() for path in SCRAPED.rglob("*.txt")}
    assert {path.relative_to(tmp_path / "back"): path.read_bytes() for path in (tmp_path / "back").rglob("*.txt")} == read


def test_every_format_can_be_explained(made, runs):
    where = "nabd-alnawras/2025-03-17-storm-scroll.txt"
    assert explain(made[0], where) == explain(runs / "jsonl", where)


def test_a_second_run_writes_the_same_bytes(made, tmp_path):
    folder, format_ = made
    run([str(SCRAPED)], tmp_path / "again", configure(Config(threads=1), {"format": format_}))
    for path in folder.rglob("*"):
        if path.is_file():
            assert (tmp_path / "again" / path.relative_to(folder)).read_bytes() == path.read_bytes()


def test_a_corpus_of_any_format_is_a_source_and_stays_as_it_is(made, tmp_path):
    folder, format_ = made
    if format_ in ("txt", "dolma"):
        pytest.skip("txt knows no sites, dolma holds the inputs")
    run([str(folder)], tmp_path / "again", Config())
    assert documents(tmp_path / "again", "jsonl") == documents(folder, format_)


def dolma_mixed(folder: Path) -> dict[str, str]:
    """What a mixer makes of the documents when it takes out all spans, and leaves out the documents that are empty."""
    mixed = {}
    shards = sorted((folder / "documents").iterdir())
    for shard in shards:
        with gzip.open(shard) as pages, gzip.open(folder / "attributes" / "dedup" / shard.name) as attributes:
            for page, row in zip(map(json.loads, pages), map(json.loads, attributes), strict=True):
                assert page["id"] == row["id"]
                spans = sorted(tuple(span) for name, found in row["attributes"].items() for span in found if name != "dedup__empty")
                assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans)), "spans overlap"
                kept, at = "", 0
                for start, end, _ in spans:
                    kept += page["text"][at:start]
                    at = end
                kept += page["text"][at:]
                assert (not kept) == bool(row["attributes"]["dedup__empty"] or not page["text"])
                if kept:
                    mixed[page["id"]] = kept
    return mixed


def test_dolma_documents_keep_their_fields_as_metadata(ran):
    rows = [row | {"added": "2025-03-12T00:00:00.000Z", "lang": {"ar": 0.9}} for row in records()]
    done = ran({"a.jsonl": jsonl(rows)}, format="dolma")
    with gzip.open(done.folder / "documents" / "corpus-0000.jsonl.gz") as file:
        first = json.loads(file.readline())
    assert first == {
        "id": "dam.txt", "text": PAGES["dam.txt"], "source": "site", "added": rows[0]["added"], "metadata": {"n": 0, "lang": {"ar": 0.9}},
    }  # fmt: skip


def parquet_of(done):
    return pytest.importorskip("pyarrow.parquet").read_table(done.folder / "corpus.parquet")


def test_parquet_columns_keep_their_types_from_parquet_to_parquet(ran, tmp_path):
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    count = len(PAGES)
    columns = {
        "id": pa.array(list(PAGES), pa.large_string()), "n": pa.array(range(count), pa.int16()), "text": pa.array(list(PAGES.values())),
        "at": pa.array([1_700_000_000_123_456_789, None, 5], pa.timestamp("ns", tz="UTC")), "raw": pa.array([b"\xff", b"", None]),
        "kind": pa.array(["a", "b", "a"]).dictionary_encode(), "price": pa.array([1, 2, 3]).cast(pa.decimal128(22, 2)),
        "who": pa.array([{"name": "س", "age": 3}, None, {"name": "ب", "age": None}], pa.struct([("name", pa.string()), ("age", pa.int8())])),
        "tags": pa.array([["x"], [], None], pa.large_list(pa.string())), "nan": pa.array([float("nan"), 1.5, None], pa.float32()),
    }  # fmt: skip
    parquet.write_table(pa.table(columns), tmp_path / "a.parquet", row_group_size=2)
    found = parquet_of(ran({"a.parquet": (tmp_path / "a.parquet").read_bytes()}, format="parquet"))
    assert found.column_names == ["id", "text", "source", "n", "at", "raw", "kind", "price", "who", "tags", "nan"]
    for name in ("n", "at", "raw", "kind", "price", "who", "tags", "nan"):
        assert found.schema.field(name).type == columns[name].type
        assert found.column(name).combine_chunks().cast(columns[name].type).slice(1).equals(columns[name].slice(1))


def test_fields_of_records_become_columns_and_those_of_several_shapes_json(ran):
    pytest.importorskip("pyarrow")
    fields = [
        {
            "n": 1,
            "score": 1,
            "mixed": 1,
            "big": 2**70,
            "tags": ["a"],
            "meta": {"b": 1, "a": []},
            "half": "\ud800",
            "none": None,
            "flag": True,
        },
        {"n": 2, "score": 0.5, "mixed": "one", "big": 1, "tags": [], "meta": {"c": None}, "half": "x", "none": None, "flag": None},
        {"n": None},
    ]
    rows = [record | more for record, more in zip(({k: r[k] for k in ("id", "text")} for r in records()), fields, strict=True)]
    raw = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    table = parquet_of(ran({"a.jsonl": raw}, format="parquet"))
    found = {row["id"]: row for row in table.to_pylist()}
    assert {name: str(table.schema.field(name).type) for name in fields[0]} == {
        "n": "int64", "score": "double", "mixed": "string", "big": "string", "tags": "list<element: string>", "meta": "string",
        "half": "string", "none": "string", "flag": "bool",
    }  # fmt: skip
    assert {name: found["dam.txt"][name] for name in ("mixed", "big", "meta", "half")} == {
        "mixed": "1", "big": str(2**70), "meta": '{"b":1,"a":[]}', "half": '"\\ud800"',
    }  # fmt: skip
    assert found["storm.txt"]["score"] is None


def test_a_column_whose_type_changes_from_batch_to_batch_holds_every_value(ran, monkeypatch):
    pytest.importorskip("pyarrow")
    from dedup.io import parquet_out

    monkeypatch.setattr(parquet_out, "BATCH_BYTES", 1)
    values = [(1, 2**60, None, "x"), (2.5, 0.5, "text", ["a"]), (3, 1, None, 7)]
    rows = [{"id": r["id"], "text": r["text"]} | dict(zip("abcd", more, strict=True)) for r, more in zip(records(), values, strict=True)]
    table = parquet_of(ran({"a.jsonl": jsonl(rows)}, format="parquet"))
    assert table.column("a").to_pylist() == [1.0, 2.5, 3.0]
    assert table.column("b").to_pylist() == [str(2**60), "0.5", "1"]
    assert table.column("c").to_pylist() == [None, "text", None]
    assert table.column("d").to_pylist() == ["x", '["a"]', "7"]


def test_a_corpus_of_nothing_is_a_file_all_the_same(ran):
    for format_ in ("parquet", "jsonl.gz", "dolma"):
        pytest.importorskip("pyarrow")
        done = ran({"a.txt": b"", "b.txt": b"   \n"}, format=format_)
        assert done.back() == {"a.txt": b"", "b.txt": b"   \n"}
    assert parquet_of(ran({"a.txt": b""}, format="parquet")).column_names == ["id", "text", "source"]


@pytest.mark.parametrize(("format_", "extra"), [("parquet", "parquet"), ("jsonl.zst", "zstd")])
def test_a_format_whose_library_is_missing_is_refused_before_anything_is_read(tmp_path, monkeypatch, format_, extra):
    monkeypatch.setattr(kinds, "find_spec", lambda _: None)
    monkeypatch.setitem(__import__("sys").modules, "dedup.io.zstd", None)
    with pytest.raises(UsageError, match=rf"--format {format_}: needs .*pip install 'dedup\[{extra}\]'"):
        run(["no-such-folder"], tmp_path / "out", configure(Config(), {"format": format_}))
