"""Spark, by `mapInArrow`: the DataFrame API only, so Spark Connect works too. Every worker has dedup and pyarrow installed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dedup.adapters.arrow import strip_batches
from dedup.each import strip_config
from dedup.extras import need
from dedup.tables.arrow import REMOVED
from dedup.tables.base import check_removed, check_text_column

if TYPE_CHECKING:
    from collections.abc import Iterator


def strip(frame: Any, *, removed: bool = False, **options: Any) -> Any:
    """A Spark DataFrame, stripped. See `dedup.adapters.batches.StripBatch` for what comes out.

    Raises UsageError, here and not on a worker, for an unknown option or where there is no text column.
    """
    schema = stripped_schema(frame.schema, removed=removed, **options)

    def stripped(batches: Iterator[Any]) -> Iterator[Any]:
        return strip_batches(batches, removed=removed, **options)

    return frame.mapInArrow(stripped, schema)


def stripped_schema(schema: Any, *, removed: bool = False, **options: Any) -> Any:
    """The Spark schema of what `strip` makes of a DataFrame with one."""
    types = need("pyspark.sql.types", "spark")
    config = strip_config(options)
    check_text_column(schema.names, config)
    fields = []
    for field in schema.fields:
        named = field.name == config.id_key and config.appended == "split" and not isinstance(field.dataType, types.StringType)
        fields.append(types.StructField(field.name, types.StringType(), field.nullable, field.metadata) if named else field)
    if removed:
        check_removed(schema.names)
        kinds = {"int64": types.LongType(), "string": types.StringType()}
        row = types.StructType([types.StructField(name, kinds[kind]) for name, kind in REMOVED])
        fields.append(types.StructField("removed", types.ArrayType(row)))
    return types.StructType(fields)
