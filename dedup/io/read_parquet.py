"""Parquet to documents, row group by row group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from dedup.io.record import named
from dedup.io.records import json_record
from dedup.model import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dedup.config import Config
    from dedup.io.files import InputFile
    from dedup.io.record import Record

BATCH_ROWS: Final = 1024


def read_parquet(file: InputFile, config: Config, advance: Callable[[int], object]) -> Iterator[Record | Unreadable]:
    """One document a row, numbered from 1. A row group that cannot be read costs its rows and no others."""
    import pyarrow as pa
    from pyarrow import parquet

    with file.open() as stream, parquet.ParquetFile(stream) as table:
        _check_columns(table.schema_arrow, config.text_key)
        number = 0
        for group in range(table.num_row_groups):
            begin = number
            end = begin + table.metadata.row_group(group).num_rows
            try:
                for batch in table.iter_batches(BATCH_ROWS, row_groups=[group]):
                    yield from _rows(batch, number + 1, file, config)
                    number += batch.num_rows
            except (pa.ArrowException, OSError) as error:
                why = str(error).partition("\n")[0]
                yield Unreadable(file.name, number + 1, f"rows {number + 1} to {end}: {why}")
            number = end
            advance(file.size * (group + 1) // table.num_row_groups - file.size * group // table.num_row_groups)
        if not number:
            yield Unreadable(file.name, 0, "no record in it")


def _check_columns(schema: Any, key: str) -> None:
    """Raises ValueError where no column holds the text."""
    from pyarrow import types

    def is_text(kind: Any) -> bool:
        kind = kind.value_type if types.is_dictionary(kind) else kind
        return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))

    if len(set(schema.names)) < len(schema.names):
        raise ValueError("several columns have one name")
    if key not in schema.names:
        near = ", ".join(repr(field.name) for field in schema if is_text(field.type))
        raise ValueError(f"no column '{key}'; its text columns are: {near or 'none'} (see --text-key)")
    if not is_text(schema.field(key).type):
        raise ValueError(f"column '{key}' is not text but {schema.field(key).type} (see --text-key)")


def _rows(batch: Any, first: int, file: InputFile, config: Config) -> Iterator[Record | Unreadable]:
    """The rows of a batch; cells with a value that Python has no type for as Arrow writes them."""
    names = batch.schema.names
    keeps_types = config.format == "parquet"
    columns = []
    for name, column in zip(names, batch.columns, strict=True):
        columns.append(_texts(column) if name == config.text_key else _values(column))
    others = [(name, column) for name, column in zip(names, batch.columns, strict=True) if name != config.text_key]
    for k in range(batch.num_rows):
        fields = {name: column[k] for name, column in zip(names, columns, strict=True)}
        text = fields[config.text_key]
        if not isinstance(text, str):
            yield Unreadable(file.name, first + k, "the text is no UTF-8" if text else f"column '{config.text_key}' holds no text here")
            continue
        name = named(fields, first + k, file, config)
        typed = {name: column[k] for name, column in others} if keeps_types else None
        yield json_record(file, first + k, name, fields, config.text_key, "parquet", typed)


def _texts(column: Any) -> list[str | bytes | None]:
    """Texts; one that is no UTF-8 as bytes."""
    import pyarrow as pa

    texts: list[str | bytes | None] = []
    for raw in column.cast(pa.large_string()).cast(pa.large_binary()).to_pylist():
        try:
            texts.append(None if raw is None else raw.decode("utf-8"))
        except UnicodeDecodeError:
            texts.append(raw)
    return texts


def _values(column: Any) -> list[Any]:
    import pyarrow as pa

    try:
        return list(column.to_pylist())
    except (ValueError, UnicodeDecodeError):  # nanoseconds, or a string that is no UTF-8
        return [_value(cell, pa) for cell in column]


def _value(cell: Any, pa: Any) -> Any:
    try:
        return cell.as_py()
    except UnicodeDecodeError:
        return cell.cast(pa.binary()).as_py()
    except ValueError:
        return cell.cast(pa.string()).as_py()
