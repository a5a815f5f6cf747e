"""Documents one by one: texts, mappings, `Document`; and one mapping of columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dedup.errors import UsageError
from dedup.model import Document
from dedup.tables.base import NoText, Table, check_removed, check_text_column, other_fields

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from dedup.config import Config


class Items:
    """A list of texts, mappings or documents."""

    def __init__(self, items: Iterable[Any], config: Config) -> None:
        """Raises UsageError for an item that is none of these."""
        self._items = list(items)
        self._config = config
        for number, item in enumerate(self._items):
            if not isinstance(item, (str, Document, Mapping)):
                raise UsageError(f"item {number} is of type {type(item).__name__}: texts, mappings and dedup.Document are taken")

    def texts(self) -> list[str | bytes | NoText]:
        """The texts."""
        return [self._text(item) for item in self._items]

    def _text(self, item: Any) -> str | NoText:
        if isinstance(item, str):
            return item
        key = self._config.text_key
        text = item.text if isinstance(item, Document) else item.get(key)
        if isinstance(text, str):
            return text
        if isinstance(item, Mapping) and key not in item:
            near = ", ".join(repr(name) for name, value in item.items() if isinstance(value, str))
            return NoText(f"no field '{key}'; its text fields are: {near or 'none'} (see text_key)")
        return NoText(f"field '{key}' is not a text", text)

    def ids(self) -> list[Any]:
        """Ids, None for bare texts."""
        return [self._field(item, "id", self._config.id_key) for item in self._items]

    def sources(self) -> list[Any]:
        """Sites."""
        return [self._field(item, "source", self._config.source_key) for item in self._items]

    def dates(self) -> list[Any]:
        """Dates: of a document among its other fields."""
        key = self._config.date_key
        return [item.fields.get(key) if isinstance(item, Document) else self._field(item, key, key) for item in self._items]

    @staticmethod
    def _field(item: Any, attribute: str, key: str) -> Any:
        if isinstance(item, str):
            return None
        return getattr(item, attribute) if isinstance(item, Document) else item.get(key)

    def fields(self, rows: Sequence[int]) -> Iterator[Mapping[str, Any]]:
        """Other fields."""
        for row in rows:
            item = self._items[row]
            if isinstance(item, Document):
                yield item.fields
            else:
                yield {} if isinstance(item, str) else other_fields(item, self._config)

    def others(self, rows: Sequence[int]) -> None:
        """No table came in."""

    def build(
        self, rows: Sequence[int], texts: Sequence[Any], ids: Sequence[str | None] | None, removed: Sequence[list[dict[str, Any]]] | None
    ) -> list[Any]:
        """A list of what came in, each item of its own type."""
        names = ids or [None] * len(rows)
        return [self._again(self._items[row], text, name) for row, text, name in zip(rows, texts, names, strict=True)]

    def _again(self, item: Any, text: str, name: str | None) -> Any:
        if isinstance(item, str):
            return text
        if isinstance(item, Document):
            return Document(name if name is not None else item.id, text, item.source, item.fields)
        data = dict(item)
        if name is not None and self._config.id_key in data:
            data[self._config.id_key] = name
        return data | {self._config.text_key: text}

    def hand_out(self, built: list[Any]) -> list[Any]:
        """The list."""
        return built


class Columns(Table):
    """A mapping of columns, lists or numpy arrays: what map functions over batches are given."""

    def __init__(self, columns: Mapping[str, Any], config: Config) -> None:
        """Raises UsageError where there is no text column."""
        self._columns = {name: columns[name] for name in columns}
        self._config = config
        check_text_column(list(self._columns), config)

    def texts(self) -> list[str | bytes | NoText]:
        """The texts."""
        key = self._config.text_key
        return [text if isinstance(text, str) else NoText(f"field '{key}' is not a text", text) for text in self._list(key)]

    def names(self) -> list[str]:
        """The columns."""
        return list(self._columns)

    def _list(self, key: str) -> list[Any]:
        column = self._columns[key]
        return list(column.tolist() if hasattr(column, "tolist") else column)

    def fields(self, rows: Sequence[int]) -> Iterator[Mapping[str, Any]]:
        """Other fields."""
        lists = {name: list(column) for name, column in self._columns.items()}
        for row in rows:
            yield other_fields({name: column[row] for name, column in lists.items()}, self._config)

    def others(self, rows: Sequence[int]) -> None:
        """No table came in."""

    def build(
        self, rows: Sequence[int], texts: Sequence[Any], ids: Sequence[str | None] | None, removed: Sequence[list[dict[str, Any]]] | None
    ) -> dict[str, Any]:
        """Columns of the kind each was."""
        if removed is not None:
            check_removed(self.names())
        new: dict[str, Sequence[Any]] = {self._config.text_key: texts}
        if ids is not None and self._config.id_key in self._columns:
            new[self._config.id_key] = ids
        built = {name: _like(column, new[name]) if name in new else _take(column, rows) for name, column in self._columns.items()}
        return built | ({"removed": list(removed)} if removed is not None else {})


def _like(column: Any, values: Sequence[Any]) -> Any:
    """Values in a numpy array where the column is one."""
    if not hasattr(column, "dtype"):
        return list(values)
    import numpy as np

    return np.array(values, object if column.dtype.kind == "O" else None)


def _take(column: Any, rows: Sequence[int]) -> Any:
    if hasattr(column, "dtype"):
        import numpy as np

        return column[np.array(rows, np.int64)]
    values = list(column)
    return [values[row] for row in rows]
