"""The corpus as Parquet: columns as they came where they had types, inferred where they had none."""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING, Any, Final

from dedup.io.records import plain
from dedup.io.rows import json_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow as pa

    from dedup.io.corpus_out import HashedFile

BATCH_BYTES: Final = 8 << 20  # of text in a row group
EXACT: Final = 1 << 53  # the whole numbers that a double holds
OURS: Final = ("id", "text", "source")


class ParquetWriter:
    """`corpus.parquet`. Batches wait in an unnamed file until all columns and their types are known."""

    def __init__(self, folder: Path, file: HashedFile) -> None:
        """`folder`: where batches wait; `file`: what is written in the end."""
        import pyarrow as pa

        self._file = file
        handle, name = tempfile.mkstemp(dir=folder)
        os.unlink(name)
        self._waiting = os.fdopen(handle, "w+b")
        self._ends: list[int] = []
        self._types: dict[str, pa.DataType] = dict.fromkeys(OURS, pa.string())
        self._large: set[str] = set()
        self._rows: list[dict[str, Any]] = []
        self._bytes = 0

    def write(self, identity: str, text: str, source: str, fields: dict[str, Any]) -> None:
        """One row."""
        self._rows.append({"id": identity, "text": text, "source": source} | fields)
        self._bytes += len(text) * 2
        if self._bytes >= BATCH_BYTES:
            self._put_by()

    def _put_by(self) -> None:
        import pyarrow as pa

        names = list(dict.fromkeys(name for row in self._rows for name in row))
        columns = {name: _column(name, [row.get(name) for row in self._rows]) for name in names}
        for name, column in columns.items():
            self._types[name] = _common(self._types[name], column.type) if name in self._types else column.type
            if pa.types.is_integer(column.type) and any(abs(value) > EXACT for value in column.drop_null().to_pylist()):
                self._large.add(name)
        table = pa.table(columns)
        with pa.ipc.new_stream(self._waiting, table.schema) as stream:
            stream.write_table(table)
        self._ends.append(self._waiting.tell())
        self._rows, self._bytes = [], 0

    def close(self) -> dict[str, str]:
        """Write the file; returns its hash."""
        import pyarrow as pa
        from pyarrow import parquet

        if self._rows or not self._ends:
            self._put_by()
        schema = pa.schema([(name, self._final(name, kind)) for name, kind in self._types.items()])
        with parquet.ParquetWriter(self._file, schema, compression="zstd") as writer:
            for table in self._batches():
                writer.write_table(_fit(table, schema), row_group_size=table.num_rows or None)
        self._waiting.close()
        return self._file.close()

    def _final(self, name: str, kind: pa.DataType) -> pa.DataType:
        """Nothing at all is no text; whole numbers that a float would round go as text beside floats."""
        import pyarrow as pa

        return pa.string() if kind == pa.null() or (kind == pa.float64() and name in self._large) else kind

    def _batches(self) -> Iterator[pa.Table]:
        import pyarrow as pa

        self._waiting.seek(0)
        for _ in self._ends:
            with pa.ipc.open_stream(self._waiting) as stream:
                yield stream.read_all()


def _column(name: str, values: list[Any]) -> pa.Array:
    """Values of one column: with the types they came with, else inferred; as JSON where there is no one type for all."""
    import pyarrow as pa

    if name in OURS:
        return pa.array(values, pa.string())
    kinds = {value.type for value in values if isinstance(value, pa.Scalar)}
    if len(kinds) == 1 and all(value is None or isinstance(value, pa.Scalar) for value in values):
        return pa.array([value if value is None or value.is_valid else None for value in values], kinds.pop())
    bare = [value.as_py() if isinstance(value, pa.Scalar) else value for value in values]
    if not any(_nested(value) for value in bare):
        try:
            return pa.array(bare)
        except (pa.ArrowException, OverflowError, UnicodeEncodeError):
            pass
    return pa.array([None if value is None else _json(value) for value in bare], pa.string())


def _nested(value: Any) -> bool:
    """An object, or a list that holds one: as columns they would lose which keys there were, and in what order."""
    return isinstance(value, dict) or (isinstance(value, list) and any(isinstance(each, (dict, list)) for each in value))


def _json(value: Any) -> str:
    return value if isinstance(value, str) and _encodes(value) else json_of(plain(value))


def _encodes(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _common(one: pa.DataType, other: pa.DataType) -> pa.DataType:
    """A type that every value of both can be cast to: one of them, the wider number, else text."""
    import pyarrow as pa
    from pyarrow import types

    if one == other or other == pa.null():
        return one
    if one == pa.null():
        return other
    if types.is_signed_integer(one) and types.is_signed_integer(other):
        return max(one, other, key=lambda kind: kind.bit_width)
    if all(types.is_integer(kind) or types.is_floating(kind) for kind in (one, other)):
        return pa.float64() if types.is_floating(one) or types.is_floating(other) else pa.string()
    if types.is_list(one) and types.is_list(other) and pa.null() in (one.value_type, other.value_type):
        return other if one.value_type == pa.null() else one
    return pa.string()


def _fit(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """A batch under the columns and types of all."""
    import pyarrow as pa

    columns = []
    for field in schema:
        if field.name not in table.column_names:
            columns.append(pa.nulls(table.num_rows, field.type))
            continue
        column = table.column(field.name)
        try:
            columns.append(column.cast(field.type))
        except pa.ArrowException:
            values = [None if value is None else _json(value) for value in column.to_pylist()]
            columns.append(pa.chunked_array([pa.array(values, pa.string())]))
    return pa.table(columns, schema=schema)
