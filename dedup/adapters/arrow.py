"""Arrow record batches: `strip_batches` is the function that Arrow's own tools, DuckDB and Spark stream through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dedup.adapters.batches import StripBatch
from dedup.each import strip_config
from dedup.extras import need
from dedup.tables.arrow import schema_of
from dedup.tables.base import check_text_column

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def strip_batches(batches: Iterable[Any], *, removed: bool = False, **options: Any) -> Iterator[Any]:
    """Strip `pyarrow.RecordBatch`es as they come, one in memory at a time. See `StripBatch` for what comes out."""
    pa = need("pyarrow", "arrow")
    strip = StripBatch(removed=removed, **options)
    for batch in batches:
        table = strip(batch)
        yield from table.to_batches() or [pa.RecordBatch.from_pylist([], schema=table.schema)]


def stripped_schema(schema: Any, *, removed: bool = False, **options: Any) -> Any:
    """The schema of what `strip_batches` makes of batches with a `pyarrow.Schema`, for those who must say it first."""
    config = strip_config(options)
    check_text_column(schema.names, config)
    return schema_of(need("pyarrow", "arrow"), schema, config, ids=config.appended == "split", removed=removed)
