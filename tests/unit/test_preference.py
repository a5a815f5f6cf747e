"""Whose copy stays: the longest document's, the earliest one's, or that of the sources named first."""

from __future__ import annotations

import datetime as dt
import json
from itertools import permutations

import dedup
import numpy as np
import pytest
from tests import corpora

STORY = corpora.paragraph(3, "as it is")
LONGER = f"{STORY}\n\n{corpora.paragraph(9_999, 'as it is')}"
PAGES = [
    {"id": "a", "text": STORY, "source": "fanar", "date": "2025-03-19"},
    {"id": "b", "text": LONGER, "source": "wahat", "date": "2025-03-18T09:30:00"},
    {"id": "c", "text": STORY, "source": "harbour", "date": ""},
    {"id": "d", "text": STORY, "source": "harbour", "date": "2025-03-18"},
]


def keeper(pages, **options):
    """The document in which the story stays."""
    result = dedup.clean(pages, **options)
    held = [each.id for each in result.kept if STORY in each.text]
    assert len(held) == 1
    assert {row.canonical.document for row in result.removed if row.reason == "duplicate"} == set(held)
    return held[0]


@pytest.mark.parametrize(
    ("options", "stays"),
    [
        ({}, "b"), ({"prefer": "longest"}, "b"), ({"prefer": "first"}, "d"), ({"prefer": "fanar"}, "a"),
        ({"prefer": "harbour, fanar"}, "c"), ({"prefer": "fanar,harbour"}, "a"), ({"prefer": "first", "date_key": "none"}, "a"),
    ],
)  # fmt: skip
def test_the_copy_that_stays_is_the_preferred_one_in_any_order_of_the_pages(options, stays):
    for pages in permutations(PAGES):
        assert keeper(pages, **options) == stays


def test_without_dates_the_first_is_the_first_by_id():
    pages = [{"id": name, "text": STORY} for name in "cab"]
    assert keeper(pages, prefer="first") == "a"


@pytest.mark.parametrize(
    "dates",
    [
        (3.5, -7, 1), (1_742_256_000, 3, 20), ("2025-03-02", "2024-12-31", "2025-01-01"),
        (dt.datetime(2025, 3, 1, 8, tzinfo=dt.UTC), dt.datetime(2025, 3, 1, tzinfo=dt.UTC), dt.datetime(2025, 3, 1, 0, 0, 1, tzinfo=dt.UTC)),
        (dt.date(2025, 3, 1), dt.date(2024, 3, 1), None), (True, 5, float("nan")),
        (np.int64(1_741_000_000_000_000_002), np.int64(1_741_000_000_000_000_001), np.array([1, 2])), ([], "2025", {}),
    ],
)  # fmt: skip
def test_the_second_of_three_dates_is_the_earliest_whatever_kind_they_are_of(dates):
    pages = [{"id": name, "text": STORY, "date": date} for name, date in zip("abc", dates, strict=True)]
    assert keeper(pages, prefer="first") == "b"
    documents = [dedup.Document(page["id"], page["text"], "", {"date": page["date"]}) for page in pages]
    assert keeper(documents, prefer="first") == "b"


def test_files_of_every_kind_hand_their_dates_on(tmp_path):
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    days = [dt.datetime(2025, 3, day, tzinfo=dt.UTC) for day in (9, 2, 5)]
    rows = [{"id": name, "text": STORY, "date": day} for name, day in zip("abc", days, strict=True)]
    parquet.write_table(arrow.Table.from_pylist(rows), tmp_path / "pages.parquet")
    lines = [{**row, "date": row["date"].isoformat()} for row in rows]
    (tmp_path / "pages.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    (tmp_path / "pages.csv").write_text(
        "id,text,date\n" + "".join(f"{row['id']},{STORY},{row['date']}\n" for row in lines), encoding="utf-8"
    )
    for name in ("pages.parquet", "pages.jsonl", "pages.csv"):
        result = dedup.clean(tmp_path / name, prefer="first")
        assert [each.id for each in result.kept] == ["b"], name
    table = arrow.Table.from_pylist(rows)
    for kind in (arrow.timestamp("ns"), arrow.timestamp("us", "UTC"), arrow.date32()):
        assert dedup.clean(table.set_column(2, "date", table["date"].cast(kind)), prefer="first").corpus["id"].to_pylist() == ["b"], kind
    odd = table.set_column(2, "date", arrow.array([1_741_000_000_000_000_002, 1_741_000_000_000_000_001, None], arrow.timestamp("ns")))
    assert dedup.clean(odd, prefer="first").corpus["id"].to_pylist() == ["b"], "nanoseconds count"


@pytest.mark.parametrize(
    ("prefer", "hint"), [("harbor", "Did you mean 'harbour'?"), ("fanar,best", "It takes longest, first, or names of sources")]
)
def test_a_source_that_no_document_is_of_is_refused_with_the_right_one(prefer, hint):
    with pytest.raises(dedup.UsageError, match=r"prefer: no source '.*' among the documents\.") as caught:
        dedup.clean(PAGES, prefer=prefer)
    assert hint in str(caught.value)
