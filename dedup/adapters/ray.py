"""Ray Data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dedup.adapters.batches import StripBatch

if TYPE_CHECKING:
    from collections.abc import Mapping


def strip(dataset: Any, *, removed: bool = False, map_options: Mapping[str, Any] | None = None, **options: Any) -> Any:
    """A `ray.data.Dataset`, stripped by `map_batches` over Arrow batches. See `StripBatch` for what comes out.

    `map_options`: what else `map_batches` is to be told, e.g. `{"batch_size": 4096, "num_cpus": 1}`.
    """
    strip_batch = StripBatch(removed=removed, **options)

    def stripped(batch: Any) -> Any:  # Ray takes a callable object for an actor's class: it is given a function
        return strip_batch(batch)

    return dataset.map_batches(stripped, batch_format="pyarrow", **(map_options or {}))
