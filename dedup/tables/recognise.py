"""Which kind of source was given. A library that is not loaded cannot have made it, so none is imported here."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from dedup.errors import UsageError
from dedup.tables.items import Columns, Items

if TYPE_CHECKING:
    from dedup.config import Config
    from dedup.tables.base import Rows

TAKEN = (
    "paths, texts, mappings, dedup.Document, a pandas or polars DataFrame, a pyarrow Table or RecordBatchReader, or a Hugging Face Dataset"
)


def paths_of(source: Any) -> list[str] | None:
    """The paths that a source names, or None where it is made of documents. A str is a path; a list names paths if all of it
    are Path objects.
    """
    if isinstance(source, (str, os.PathLike)):
        return [os.fspath(source)]
    if isinstance(source, (list, tuple)) and source and all(isinstance(item, os.PathLike) for item in source):
        return [os.fspath(item) for item in source]
    return None


def rows_of(source: Any, config: Config) -> Rows:
    """The rows of a source. Raises UsageError for what cannot be one."""
    table = table_of(source, config)
    if table is not None:
        return table
    if isinstance(source, Mapping):
        raise UsageError(f"one mapping: put documents into a list; taken are {TAKEN}")
    if not isinstance(source, Iterable) or isinstance(source, (bytes, bytearray)):
        hint = ": .collect() it first" if type(source).__name__ == "LazyFrame" else ""
        raise UsageError(f"{type(source).__module__}.{type(source).__qualname__} is no source of documents{hint}; taken are {TAKEN}")
    return Items(source, config)


def batch_of(batch: Any, config: Config) -> Rows:
    """The rows of a batch: a table, or a mapping of columns."""
    table = table_of(batch, config)
    if table is not None:
        return table
    if isinstance(batch, Mapping):
        return Columns(batch, config)
    raise UsageError(f"a batch is a table or a mapping of columns, not {type(batch).__qualname__}")


def table_of(source: Any, config: Config) -> Rows | None:
    """A table of a library as rows; None for anything else."""
    from dedup.tables import arrow, frames

    if _is(source, "pandas", "DataFrame"):
        return frames.PandasFrame(source, config)
    if _is(source, "polars", "DataFrame"):
        return frames.PolarsFrame(source, config)
    if _is(source, "pyarrow", "Table"):
        return arrow.ArrowTable(source, config)
    if _is(source, "pyarrow", "RecordBatch"):
        return arrow.ArrowTable(sys.modules["pyarrow"].Table.from_batches([source]), config)
    if _is(source, "pyarrow", "RecordBatchReader"):
        return arrow.ArrowReader(source, config)
    if _is(source, "datasets", "Dataset"):
        return arrow.HubDataset(source, config)
    if _is(source, "datasets", "DatasetDict"):
        raise UsageError(f"a DatasetDict holds {', '.join(map(str, source))}: clean one of them, or datasets.concatenate_datasets")
    return None


def _is(source: Any, library: str, name: str) -> bool:
    """Whether a source is of a library's type."""
    return isinstance(source, getattr(sys.modules.get(library), name, ()))
