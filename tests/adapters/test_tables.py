"""Tables in, tables out: pandas, polars and pyarrow come back as what they were."""

from __future__ import annotations

import datetime as dt
import decimal
import json

import dedup
import pytest

pa = pytest.importorskip("pyarrow", reason="needs pip install 'dedup[arrow]'")
pd = pytest.importorskip("pandas", reason="needs pip install 'dedup[pandas]'")
pl = pytest.importorskip("polars", reason="needs pip install 'dedup[polars]'")
IDS = ["page-0", "page-1", "page-1#2", "page-2"]  # page-3 is all noise


@pytest.fixture
def rich(pages):
    """An Arrow table with columns of many types around text and id, and every page twice."""
    rows = [*pages, *(page | {"id": page["id"] + "-again"} for page in pages)]
    count = len(rows)
    return pa.table(
        {
            "views": pa.array([row["views"] for row in rows], pa.int16()),
            "text": pa.array([row["text"] for row in rows], pa.large_string()),
            "when": pa.array([dt.datetime(2025, 3, 1 + k, tzinfo=dt.UTC) for k in range(count)], pa.timestamp("us", "UTC")),
            "id": [row["id"] for row in rows],
            "tags": pa.array([row["tags"] for row in rows], pa.list_(pa.string())),
            "site": pa.array(["a", "b"] * (count // 2)).dictionary_encode(),
            "price": pa.array([decimal.Decimal("1.50"), None] * (count // 2), pa.decimal128(8, 2)),
            "raw": pa.array([b"\xff"] * count, pa.binary()),
        }
    )


def test_arrow_comes_back_with_its_schema(rich, stripped):
    schema = rich.schema.with_metadata({"made": "by hand"})
    out = dedup.clean(rich.cast(schema), source_key="site").corpus
    assert out.schema.equals(schema, check_metadata=True)
    assert out.column("id").to_pylist() == IDS
    assert out.column("text").to_pylist() == [row["text"] for row in stripped if row["text"]]
    for name in ("views", "when", "tags", "site", "price", "raw"):
        assert out.column(name).to_pylist() == [rich.column(name).to_pylist()[row] for row in (0, 1, 1, 2)]


def test_a_reader_comes_back_as_a_reader_each_time_it_is_asked_for(rich):
    result = dedup.clean(pa.RecordBatchReader.from_batches(rich.schema, rich.to_batches(max_chunksize=3)))
    assert isinstance(result.corpus, pa.RecordBatchReader)
    assert result.corpus.read_all().column("id").to_pylist() == result.corpus.read_all().column("id").to_pylist() == IDS


def test_a_record_batch_counts_as_a_table(rich):
    (batch,) = rich.combine_chunks().to_batches()
    assert dedup.clean(batch).corpus == dedup.clean(rich).corpus


def test_pandas_comes_back_with_its_types_order_and_index(rich):
    frame = rich.to_pandas().set_index(pd.Index([f"row{k}" for k in range(8)], name="label"))
    frame = frame.astype({"views": "Int16", "site": "category"})
    out = dedup.clean(frame).corpus
    assert out.dtypes.to_dict() == frame.dtypes.to_dict()
    assert list(out.columns) == list(frame.columns)
    assert (out.index.tolist(), out.index.name) == (["row0", "row1", "row1", "row2"], "label")
    assert out["id"].tolist() == IDS
    others = [name for name in frame.columns if name not in ("id", "text")]
    pd.testing.assert_frame_equal(out[others], frame.iloc[[0, 1, 1, 2]][others])


@pytest.mark.parametrize("kind", ["object", "string", "string[pyarrow]", "category"])
def test_pandas_text_of_any_type_stays_of_it(pages, stripped, kind):
    frame = pd.DataFrame(pages).astype({"text": kind, "id": kind})
    out = dedup.clean(frame).corpus
    if kind != "category":  # its values are others now
        assert out.dtypes.to_dict() == frame.dtypes.to_dict()
    assert out["text"].tolist() == [row["text"] for row in stripped if row["text"]]


def test_polars_comes_back_with_its_schema(rich):
    frame = pl.from_arrow(rich)
    out = dedup.clean(frame).corpus
    assert out.schema == frame.schema
    assert out["id"].to_list() == IDS
    assert out.drop("id", "text").equals(frame[[0, 1, 1, 2]].drop("id", "text"))


@pytest.mark.parametrize("make", [pa.Table.from_pylist, pd.DataFrame, pl.DataFrame])
def test_ids_that_are_numbers_come_out_as_text(pages, make):
    out = dedup.clean(make([page | {"id": number} for number, page in enumerate(pages)])).corpus
    assert list(out["id"] if not isinstance(out, pa.Table) else out["id"].to_pylist()) == ["0", "1", "1#2", "2"]


@pytest.mark.parametrize("make", [pa.Table.from_pylist, pd.DataFrame, pl.DataFrame])
def test_a_table_without_ids_gets_no_column_of_them(pages, make):
    rows = [{"body": page["text"], "n": page["views"]} for page in pages]
    result = dedup.clean(make(rows), text_key="body")
    out = result.corpus
    assert list(out.column_names if isinstance(out, pa.Table) else out.columns) == ["body", "n"]
    assert [document.id for document in result.kept] == ["00000000", "00000001", "00000001#2", "00000002"]
    assert [dict(document.fields) for document in result.kept] == [{"n": 0}, {"n": 10}, {"n": 10}, {"n": 20}]


@pytest.mark.parametrize("make", [pa.Table.from_pylist, pd.DataFrame, pl.DataFrame])
def test_a_table_of_nothing_but_text_is_one(pages, make):
    result = dedup.clean(make([{"text": page["text"]} for page in pages]))
    assert [dict(document.fields) for document in result.kept] == [{}, {}, {}, {}]
    assert result.to_arrow().column("text").to_pylist() == [document.text for document in result.kept]
    assert len(result.corpus) == 4


def test_text_held_once_for_equal_values_stays_so(pages):
    table = pa.table({"text": pa.array([page["text"] for page in pages]).dictionary_encode()})
    assert dedup.clean(table).corpus.schema == table.schema


@pytest.mark.parametrize("make", [pa.Table.from_pylist, pd.DataFrame, pl.DataFrame])
def test_an_empty_table_stays_one(pages, make):
    table = make(pages)[:0] if make is not pa.Table.from_pylist else make(pages).slice(0, 0)
    assert dedup.clean(table).corpus.shape == (0, 4)


@pytest.mark.parametrize("make", [pa.Table.from_pylist, pd.DataFrame, pl.DataFrame])
def test_a_column_removed_is_not_written_over(pages, make):
    from dedup.adapters.batches import StripBatch

    with pytest.raises(dedup.UsageError, match="a column 'removed' already"):
        StripBatch(removed=True)(make([page | {"removed": 1} for page in pages]))


@pytest.mark.parametrize("make", [pa.Table.from_pylist, pd.DataFrame, pl.DataFrame])
def test_rows_without_text_are_left_out_and_told(pages, make):
    result = dedup.clean(make([{"id": "none", "text": None}, *pages]))
    assert [row.path for row in result.unreadable] == ["none"]
    assert [document.id for document in result.kept] == IDS


@pytest.mark.parametrize("make", [pa.Table.from_pylist, pd.DataFrame, pl.DataFrame])
def test_columns_that_cannot_be_are_refused_in_words(pages, make):
    table = make([page | {"score": 0.5} for page in pages])
    with pytest.raises(dedup.UsageError, match=r"no column 'body'; it has id, text, views, tags, score"):
        dedup.clean(table, text_key="body")
    with pytest.raises(dedup.UsageError, match=r"column 'score' is .*, not text"):
        dedup.clean(table, text_key="score")
    with pytest.raises(dedup.UsageError, match=r"column 'score' is .*: ids are text or whole numbers"):
        dedup.clean(table, id_key="score")


def test_a_lazy_frame_is_refused_with_what_to_do(pages):
    with pytest.raises(dedup.UsageError, match=r"LazyFrame is no source of documents: \.collect\(\) it first"):
        dedup.clean(pl.DataFrame(pages).lazy())


def test_all_kinds_of_source_give_the_same_documents(pages):
    texts = [(each.id, each.text, dict(each.fields)) for each in dedup.clean(pages).kept]
    for make in (pa.Table.from_pylist, pd.DataFrame, pl.DataFrame):
        assert [(each.id, each.text, dict(each.fields)) for each in dedup.clean(make(pages)).kept] == texts


def test_exports_hold_id_text_source_and_every_other_field(pages, tmp_path):
    import pyarrow.parquet as pq

    result = dedup.clean(pages)
    table = result.to_arrow()
    assert table.column_names == ["id", "text", "source", "views", "tags"]
    assert table.column("id").to_pylist() == IDS
    pd.testing.assert_frame_equal(result.to_pandas(), table.to_pandas())
    assert result.to_polars().to_dicts() == table.to_pylist()
    result.to_parquet(tmp_path / "kept.parquet")
    assert pq.read_table(tmp_path / "kept.parquet") == table


def test_exports_of_tables_keep_the_types_of_their_columns(rich):
    for source in (rich, rich.to_pandas(), pl.from_arrow(rich)):
        table = dedup.clean(source).to_arrow()
        assert table.column_names == ["id", "text", "source", "views", "when", "tags", "site", "price", "raw"]
        assert table.schema.field("views").type == pa.int16()
        assert table.column("when").to_pylist() == [rich.column("when").to_pylist()[row] for row in (0, 1, 1, 2)]
    numbers = rich.select(["text"]).append_column("id", pa.array(range(8), pa.int32()))
    assert dedup.clean(numbers).to_arrow().schema.field("id_in").type == pa.int32(), "ids that were no text, as the command line has them"


def test_what_was_removed_is_a_table_too(pages, tmp_path):
    import pyarrow.parquet as pq

    result = dedup.clean([*pages, pages[2] | {"id": "again"}])
    rows = result.to_arrow("removed").to_pylist()
    assert [tuple(row[name] for name in ("document", "start", "text")) for row in rows] == [
        (each.document, each.start, each.text) for each in result.removed
    ]
    assert any(row["canonical"] and row["canonical"]["document"] == "again" for row in rows)
    result.to_parquet(tmp_path / "removed.parquet", "removed")
    assert pq.read_table(tmp_path / "removed.parquet").to_pylist() == rows
    assert len(result.to_pandas("removed")) == len(result.to_polars("removed")) == len(rows)
    assert dedup.clean([]).to_arrow("removed").schema == result.to_arrow("removed").schema


def test_a_field_of_several_types_is_refused_by_a_table_and_taken_by_jsonl(tmp_path):
    result = dedup.clean([{"text": "One story about the harbour.", "n": 1}, {"text": "Another about the bridge.", "n": "two"}])
    with pytest.raises(dedup.UsageError, match="field 'n' holds values of several types"):
        result.to_arrow()
    result.to_jsonl(tmp_path / "x.jsonl")
    assert [json.loads(line)["n"] for line in (tmp_path / "x.jsonl").read_text().splitlines()] == [1, "two"]


def test_jsonl_writes_dates_and_numbers_of_tables(rich, tmp_path):
    dedup.clean(pl.from_arrow(rich.drop_columns(["raw"]))).to_jsonl(tmp_path / "x.jsonl")
    row = json.loads((tmp_path / "x.jsonl").read_text(encoding="utf-8").split("\n")[0])
    assert (row["when"], row["price"], row["views"]) == ("2025-03-01T00:00:00+00:00", "1.50", 0)
    with pytest.raises(dedup.UsageError, match="a field holds a bytes"):
        dedup.clean(rich).to_jsonl(tmp_path / "x.jsonl")


@pytest.mark.parametrize("kind", [pa.timestamp("ns"), pa.timestamp("ms", "UTC"), pa.date32(), pa.string()])
def test_the_first_copy_by_date_stays_in_every_table(kind):
    days = pa.array(["2025-03-02", "2025-03-01", None, "2025-03-03"])
    dates = days.cast(pa.date32()).cast(kind) if kind != pa.string() else days
    text = "أعلنت هيئة الموانئ أن رصيف الصيادين سيفتح من جديد يوم الأحد بعد أعمال صيانة استمرت ستة أسابيع."
    table = pa.table({"id": list("abcd"), "text": [text] * 4, "date": dates})
    for given in (table, table.to_pandas(), table.to_pandas(types_mapper=pd.ArrowDtype), pl.from_arrow(table)):
        assert list(dedup.clean(given, prefer="first").corpus["id"]) in (["b"], [pa.scalar("b")]), type(given)
