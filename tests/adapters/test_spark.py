"""Spark strips by mapInArrow."""

from __future__ import annotations

import shutil
import sys

import pytest

pytest.importorskip("pyspark", reason="needs pip install 'dedup[spark]'")
pytestmark = [
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java 17"),
    pytest.mark.filterwarnings("default"),  # what PySpark itself warns of
]


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    from pyspark.sql import SparkSession

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        folder = str(tmp_path_factory.mktemp("spark"))
        builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").config("spark.sql.warehouse.dir", folder)
        session = builder.config("spark.driver.memory", "1g").config("spark.sql.shuffle.partitions", "2").getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        yield session
        session.stop()


SCHEMA = "id string, text string, views int, tags array<string>"


def test_a_frame_is_stripped_with_its_columns_and_types(spark, pages, stripped):
    from dedup.adapters.spark import strip

    frame = spark.createDataFrame(pages, SCHEMA)
    out = strip(frame)
    assert out.schema == frame.schema
    rows = sorted((row.asDict() for row in out.collect()), key=lambda row: row["id"])
    assert rows == sorted(stripped, key=lambda row: row["id"])


def test_removed_is_a_column_of_structs_and_number_ids_become_text(spark, pages, removed):
    from dedup.adapters.spark import strip

    rows = [(number, page["text"]) for number, page in enumerate(pages)]
    out = strip(spark.createDataFrame(rows, "id long, text string"), removed=True)
    found = {row["id"]: [each.asDict() for each in row["removed"]] for row in out.collect()}
    assert found == {"0": removed[0], "1": removed[1], "1#2": [], "2": [], "3": removed[4]}


def test_ids_stay_numbers_where_nothing_is_appended(spark, pages):
    from dedup.adapters.spark import strip

    rows = [(number, page["text"]) for number, page in enumerate(pages)]
    frame = spark.createDataFrame(rows, "id long, text string")
    out = strip(frame, appended="drop")
    assert out.schema == frame.schema
    assert sorted(row["id"] for row in out.collect()) == [0, 1, 2, 3]


def test_a_wrong_option_or_column_is_said_before_anything_runs(spark, pages):
    from dedup.adapters.spark import strip
    from dedup.errors import UsageError

    frame = spark.createDataFrame(pages, SCHEMA)
    with pytest.raises(UsageError, match="Did you mean 'appended'"):
        strip(frame, apended="drop")
    with pytest.raises(UsageError, match="no column 'body'"):
        strip(frame, text_key="body")
