"""Record batches are stripped as they stream by."""

from __future__ import annotations

import pytest
from dedup.errors import UsageError

pa = pytest.importorskip("pyarrow", reason="needs pip install 'dedup[arrow]'")


def batches_of(table, size):
    return table.to_batches(max_chunksize=size)


@pytest.mark.parametrize("size", [1, 2, 100])
def test_batches_of_any_size_give_what_strip_gives(pages, stripped, size):
    from dedup.adapters.arrow import strip_batches, stripped_schema

    table = pa.Table.from_pylist(pages)
    out = pa.Table.from_batches(strip_batches(batches_of(table, size)))
    assert out.to_pylist() == stripped
    assert out.schema == table.schema == stripped_schema(table.schema)


def test_removed_says_what_went_of_each_page(pages, stripped, removed):
    from dedup.adapters.arrow import strip_batches, stripped_schema

    table = pa.Table.from_pylist(pages)
    out = pa.Table.from_batches(strip_batches(table.to_batches(), removed=True))
    assert out.column("removed").to_pylist() == removed
    assert out.schema == stripped_schema(table.schema, removed=True)


@pytest.mark.parametrize("appended", ["drop", "keep"])
def test_without_split_rows_and_ids_stay(pages, appended):
    from dedup.adapters.arrow import strip_batches

    table = pa.table({"id": list(range(len(pages))), "text": [page["text"] for page in pages]})
    out = pa.Table.from_batches(strip_batches(table.to_batches(), appended=appended))
    assert out.schema == table.schema
    assert out.column("id").to_pylist() == table.column("id").to_pylist()


def test_ids_that_are_numbers_become_text_where_articles_may_be_appended(pages):
    from dedup.adapters.arrow import strip_batches, stripped_schema

    table = pa.table({"id": list(range(len(pages))), "text": [page["text"] for page in pages]})
    out = pa.Table.from_batches(strip_batches(table.to_batches()))
    assert out.column("id").to_pylist() == ["0", "1", "1#2", "2", "3"]
    assert out.schema == stripped_schema(table.schema)


@pytest.mark.parametrize("kind", ["string", "large_string", "string_view"])
def test_the_types_of_text_stay(pages, stripped, kind):
    from dedup.adapters.arrow import strip_batches

    schema = pa.schema([("text", getattr(pa, kind)())])
    table = pa.table([pa.array([page["text"] for page in pages], schema.field(0).type)], schema=schema)
    out = pa.Table.from_batches(strip_batches(table.to_batches()))
    assert out.schema == schema
    assert out.column("text").to_pylist() == [row["text"] for row in stripped]


def test_nulls_and_empty_batches_pass(pages):
    from dedup.adapters.arrow import strip_batches

    schema = pa.schema([("id", pa.string()), ("text", pa.string())])
    rows = [{"id": None, "text": None}, {"id": None, "text": pages[1]["text"]}]
    given = [pa.RecordBatch.from_pylist([], schema=schema), pa.RecordBatch.from_pylist(rows, schema=schema)]
    out = list(strip_batches(given, removed=True))
    assert [batch.num_rows for batch in out] == [0, 3]
    assert out[1].column("text").to_pylist()[0] is None
    assert out[1].column("id").to_pylist() == [None, None, None]
    assert out[0].schema == out[1].schema


def test_batches_are_taken_one_at_a_time(pages):
    from dedup.adapters.arrow import strip_batches

    taken = []

    def stream():
        for batch in batches_of(pa.Table.from_pylist(pages), 1):
            taken.append(batch)
            yield batch

    found = strip_batches(stream())
    next(found)
    assert len(taken) == 1


def test_a_wrong_column_or_option_is_said_in_words(pages):
    from dedup.adapters.arrow import strip_batches

    table = pa.Table.from_pylist(pages)
    with pytest.raises(UsageError, match=r"no column 'body'; it has id, text, views, tags"):
        list(strip_batches(table.to_batches(), text_key="body"))
    with pytest.raises(UsageError, match=r"Did you mean 'appended'"):
        list(strip_batches(table.to_batches(), apended="keep"))
    with pytest.raises(UsageError, match=r"column 'views' is int64, not text"):
        list(strip_batches(table.to_batches(), text_key="views"))
    with pytest.raises(UsageError, match=r"column 'tags' is list.*: ids are text or whole numbers"):
        list(strip_batches(table.to_batches(), id_key="tags"))
    with pytest.raises(UsageError, match="repeats needs a corpus"):
        list(strip_batches(table.to_batches(), repeats=True))
