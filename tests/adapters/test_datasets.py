"""Hugging Face datasets are stripped by map, and cleaned whole."""

from __future__ import annotations

import pytest

datasets = pytest.importorskip("datasets", reason="needs pip install 'dedup[datasets]'")


@pytest.fixture(autouse=True)
def quiet():
    datasets.disable_progress_bars()


@pytest.fixture
def dataset(pages):
    text = datasets.Value("string")
    kind = datasets.ClassLabel(names=["news", "sport"])
    columns = {"id": text, "text": text, "views": datasets.Value("int16"), "tags": datasets.List(text), "kind": kind}
    features = datasets.Features(columns)
    return datasets.Dataset.from_list([page | {"kind": 1} for page in pages], features=features, split="train")


@pytest.mark.parametrize("batch_size", [1, 1000])
def test_strip_keeps_features_split_and_format(dataset, stripped, batch_size):
    from dedup.adapters.datasets import strip

    out = strip(dataset, batch_size=batch_size)
    assert out.to_list() == [row | {"kind": 1} for row in stripped]
    assert out.features == dataset.features
    assert (out.split, out.format["type"]) == ("train", None)
    assert strip(dataset.with_format("numpy")).format["type"] == "numpy"


@pytest.mark.parametrize("kind", [None, "numpy", "arrow", "pandas", "polars"])
def test_the_function_itself_maps_datasets_of_any_format(dataset, stripped, kind):
    from dedup.adapters.batches import StripBatch

    out = dataset.with_format(kind).map(StripBatch(), batched=True)
    assert out.with_format(None)["text"][:] == [row["text"] for row in stripped]
    assert out.with_format(None)["views"][:] == [row["views"] for row in stripped]


def test_removed_is_a_column_of_structs(dataset, removed):
    from dedup.adapters.datasets import strip

    assert strip(dataset, removed=True)["removed"][:] == removed


def test_a_dict_of_splits_and_a_stream_are_stripped_too(dataset, stripped):
    from dedup.adapters.datasets import strip

    splits = strip(datasets.DatasetDict({"train": dataset, "test": dataset}))
    assert isinstance(splits, datasets.DatasetDict)
    assert splits["test"]["text"][:] == [row["text"] for row in stripped]
    stream = strip(dataset.to_iterable_dataset())
    assert [row["text"] for row in stream] == [row["text"] for row in stripped]


def test_clean_gives_a_dataset_back_with_its_features(dataset):
    import dedup

    twice = datasets.concatenate_datasets([dataset, dataset.map(lambda row: {"id": row["id"] + "-again"})])
    out = dedup.clean(twice).corpus
    assert isinstance(out, datasets.Dataset)
    assert out.features == dataset.features
    assert out["id"][:] == ["page-0", "page-1", "page-1#2", "page-2"]
    assert out["views"][:] == [0, 10, 10, 20]


def test_ids_that_are_numbers_become_text(pages):
    import dedup
    from dedup.adapters.datasets import strip

    dataset = datasets.Dataset.from_list([page | {"id": number} for number, page in enumerate(pages)])
    assert dedup.clean(dataset).corpus["id"][:] == ["0", "1", "1#2", "2"]
    assert strip(dataset)["id"][:] == ["0", "1", "1#2", "2", "3"]
    assert strip(dataset, appended="drop")["id"][:] == [0, 1, 2, 3]


@pytest.mark.parametrize("tool", ["clean", "strip"])
def test_the_format_goes_on(dataset, tool):
    import dedup
    from dedup.adapters.datasets import strip

    shown = dataset.with_format("numpy", columns=["text", "views"], dtype="int32")
    out = strip(shown) if tool == "strip" else dedup.clean(shown).corpus
    assert out.format == shown.format
    assert list(out[0]) == ["text", "views"]
    assert "tags" in out.column_names


def test_clean_respects_what_was_selected(dataset):
    import dedup

    assert dedup.clean(dataset.select([2, 0])).corpus["id"][:] == ["page-2", "page-0"]


def test_a_dict_of_splits_is_refused_by_clean_with_what_to_do(dataset):
    import dedup

    with pytest.raises(dedup.UsageError, match="holds train: clean one of them"):
        dedup.clean(datasets.DatasetDict({"train": dataset}))
