"""Ray Data strips by map_batches."""

from __future__ import annotations

import pytest

ray = pytest.importorskip("ray", reason="needs pip install 'dedup[ray]'")

pytestmark = pytest.mark.filterwarnings("default")  # what Ray itself warns of


@pytest.fixture(scope="module", autouse=True)
def cluster():
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, object_store_memory=100 << 20)
    ray.data.DataContext.get_current().enable_progress_bars = False
    yield
    ray.shutdown()


def test_a_dataset_is_stripped(pages, stripped):
    from dedup.adapters.ray import strip

    out = strip(ray.data.from_items(pages), map_options={"batch_size": 2}).take_all()
    assert sorted(out, key=lambda row: row["id"]) == sorted(stripped, key=lambda row: row["id"])


def test_removed_is_a_column(pages, removed):
    from dedup.adapters.ray import strip

    rows = {row["id"]: row["removed"] for row in strip(ray.data.from_items(pages), removed=True).take_all()}
    assert rows["page-0"] == removed[0]
    assert rows["page-1#2"] == []


@pytest.mark.parametrize("kind", ["numpy", "pandas"])
def test_the_function_takes_batches_of_other_formats(pages, stripped, kind):
    from dedup.adapters.batches import StripBatch

    rows = ray.data.from_items(pages).map_batches(StripBatch(appended="drop").__call__, batch_format=kind).take_all()
    texts = {row["id"]: row["text"] for row in rows}
    assert texts["page-1"] == next(row["text"] for row in stripped if row["id"] == "page-1")
