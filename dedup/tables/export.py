"""A result as rows of a file or columns of a table."""

from __future__ import annotations

import datetime as dt
import decimal
import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dedup.errors import UsageError
from dedup.extras import need
from dedup.io.rows import to_json

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

    from dedup.result import Result, What

BESIDE = ("id", "text", "source")


def write_jsonl(result: Result, path: str | os.PathLike[str], what: What) -> None:
    """One JSON row each; the file is complete or absent."""
    with _whole(path) as partial, partial.open("wb") as file:
        for row in _rows(result, what):
            try:
                file.write(to_json(row))
            except TypeError:
                file.write(to_json(_plain(row)))


def write_parquet(result: Result, path: str | os.PathLike[str], what: What) -> None:
    """One Parquet file, complete or absent."""
    parquet = need("pyarrow.parquet", "arrow")
    table = arrow_table(result, what)
    with _whole(path) as partial:
        parquet.write_table(table, partial)


def arrow_table(result: Result, what: What) -> Any:
    """Columns of a result."""
    pa = need("pyarrow", "arrow")
    if _check(what) == "removed":
        place = pa.struct([("document", pa.string()), ("start", pa.int64()), ("end", pa.int64())])
        types = [
            ("document", pa.string()), ("start", pa.int64()), ("end", pa.int64()), ("reason", pa.string()), ("rule", pa.string()),
            ("canonical", place), ("similarity", pa.float64()), ("text", pa.string()),
        ]  # fmt: skip
        lists: dict[str, list[Any]] = {name: [getattr(row, name) for row in result.removed] for name, _ in types}
        lists["canonical"] = [twin and twin._asdict() for twin in lists["canonical"]]
        return pa.table([pa.array(lists[name], kind) for name, kind in types], schema=pa.schema(types))
    columns = {name: pa.array([getattr(document, name) for document in result.kept], pa.string()) for name in BESIDE}
    others = result.other_columns()
    if others is not None:
        return pa.table(columns | {name: others.column(name) for name in others.column_names if name not in BESIDE})
    for name in dict.fromkeys(name for document in result.kept for name in document.fields if name not in BESIDE):
        try:
            columns[name] = pa.array([document.fields.get(name) for document in result.kept])
        except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
            raise UsageError(f"field '{name}' holds values of several types: {error}. A column has one; to_jsonl takes any") from error
    return pa.table(columns)


def _check(what: str) -> str:
    if what not in ("kept", "removed"):
        raise UsageError(f"what must be 'kept' or 'removed', not {what!r}")
    return what


def _rows(result: Result, what: What) -> Iterator[dict[str, Any]]:
    if _check(what) == "kept":
        for document in result.kept:
            yield {"id": document.id, "text": document.text, "source": document.source} | dict(document.fields)
    else:
        for row in result.removed:
            yield row._asdict() | {"canonical": row.canonical and row.canonical._asdict()}


def _plain(value: Any) -> Any:
    """A value as JSON knows it: dates in ISO 8601, numpy's numbers as Python's."""
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return str(value)
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    try:
        json.dumps(value)
    except TypeError as error:
        raise UsageError(f"a field holds a {type(value).__name__}, which JSON has no form for; to_parquet takes more types") from error
    return value


@contextmanager
def _whole(path: str | os.PathLike[str]) -> Iterator[Path]:
    """A file beside the target, which takes its place once it is complete."""
    target = Path(path)
    partial = target.with_name(f".{target.name}.partial")
    try:
        yield partial
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
