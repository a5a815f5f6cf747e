"""Hugging Face datasets."""

from __future__ import annotations

from typing import Any

from dedup.adapters.batches import StripBatch
from dedup.tables.arrow import like_format


def strip(dataset: Any, *, removed: bool = False, batch_size: int = 1000, num_proc: int | None = None, **options: Any) -> Any:
    """A Dataset, DatasetDict or IterableDataset, stripped by `map`, with its features and its format.

    See `StripBatch` for what comes out; it is itself a function for `map(..., batched=True)` over datasets of any format.
    `num_proc`: processes, where the dataset is not a stream.
    """
    shape = {} if num_proc is None else {"num_proc": num_proc}
    if hasattr(dataset, "values") and hasattr(dataset, "keys"):  # a DatasetDict: each split has its own format
        splits = {name: strip(part, removed=removed, batch_size=batch_size, num_proc=num_proc, **options) for name, part in dataset.items()}
        return type(dataset)(splits)
    given = getattr(dataset, "format", None)
    mapped = dataset.with_format("arrow").map(StripBatch(removed=removed, **options), batched=True, batch_size=batch_size, **shape)
    return mapped.with_format(None) if given is None else like_format(mapped, given)
