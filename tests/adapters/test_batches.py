"""One function strips a batch of any kind."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from dedup.adapters.batches import StripBatch


def columns_of(rows):
    return {name: [row[name] for row in rows] for name in rows[0]}


def test_a_mapping_of_lists_comes_back_as_one(pages, stripped, removed):
    assert StripBatch()(columns_of(pages)) == columns_of(stripped)
    assert StripBatch(removed=True)(columns_of(pages))["removed"] == removed


def test_numpy_columns_stay_numpy(pages, stripped):
    columns = {
        "text": np.array([page["text"] for page in pages], object),
        "views": np.array([page["views"] for page in pages], np.int16),
    }
    out = StripBatch()(columns)
    assert out["text"].dtype == object
    assert out["text"].tolist() == [row["text"] for row in stripped]
    assert (out["views"].dtype, out["views"].tolist()) == (np.int16, [row["views"] for row in stripped])


def test_what_is_no_text_passes_as_it_is():
    assert StripBatch()({"text": [None, 17, "half \ud800"]}) == {"text": [None, 17, "half \ud800"]}


def test_the_function_can_be_sent_elsewhere(pages, stripped):
    assert pickle.loads(pickle.dumps(StripBatch()))(columns_of(pages)) == columns_of(stripped)


def test_data_frames_are_batches_too(pages, stripped, removed):
    pandas = pytest.importorskip("pandas", reason="needs pip install 'dedup[pandas]'")
    polars = pytest.importorskip("polars", reason="needs pip install 'dedup[polars]'")
    assert StripBatch()(pandas.DataFrame(pages)).to_dict("records") == stripped
    assert StripBatch()(polars.DataFrame(pages)).to_dicts() == stripped
    assert StripBatch(removed=True)(polars.DataFrame(pages))["removed"].to_list() == removed
    assert StripBatch(removed=True)(pandas.DataFrame(pages))["removed"].tolist() == removed
