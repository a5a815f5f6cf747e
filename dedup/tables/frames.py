"""Data frames of pandas and polars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dedup.extras import need
from dedup.tables.base import NoText, Table, check_removed, check_text_column, name_others, no_ids, no_text, other_fields

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dedup.config import Config


class PandasFrame(Table):
    """A pandas DataFrame. Rows keep their index labels; an appended article has its page's."""

    def __init__(self, frame: Any, config: Config) -> None:
        """Raises UsageError where a column is missing or of a type it cannot be."""
        self._pd = need("pandas", "pandas")
        self._frame = frame
        self._config = config
        check_text_column(list(frame.columns), config)
        kind = frame[config.text_key].dtype
        if not self._may_be_text(kind):
            raise no_text(config.text_key, kind)
        if config.id_key in frame.columns:
            kind = frame[config.id_key].dtype
            if not (self._may_be_text(kind) or self._pd.api.types.is_integer_dtype(kind)):
                raise no_ids(config.id_key, kind)

    def _may_be_text(self, kind: Any) -> bool:
        types = self._pd.api.types
        return types.is_object_dtype(kind) or types.is_string_dtype(kind) or isinstance(kind, self._pd.CategoricalDtype)

    def texts(self) -> list[str | bytes | NoText]:
        """The texts."""
        why = f"column '{self._config.text_key}' holds no text here"
        return [text if isinstance(text, str) else NoText(why, text) for text in self._frame[self._config.text_key].tolist()]

    def names(self) -> list[Any]:
        """The columns."""
        return list(self._frame.columns)

    def _list(self, key: str) -> list[Any]:
        return list(self._frame[key].tolist())

    def fields(self, rows: Sequence[int]) -> Iterator[Mapping[str, Any]]:
        """Other fields."""
        lists = {name: self._frame[name].tolist() for name in self._frame.columns if name != self._config.text_key}
        for row in rows:
            yield other_fields({str(name): column[row] for name, column in lists.items()}, self._config)

    def others(self, rows: Sequence[int]) -> Any:
        """Other columns."""
        pa = need("pyarrow", "pandas")
        frame = self._frame.drop(columns=self._config.text_key)
        texts = [name for name in frame.columns if not self._pd.api.types.is_numeric_dtype(frame[name].dtype)]
        return name_others(pa.Table.from_pandas(frame.iloc[list(rows)], preserve_index=False), self._config, texts)

    def build(
        self, rows: Sequence[int], texts: Sequence[Any], ids: Sequence[str | None] | None, removed: Sequence[list[dict[str, Any]]] | None
    ) -> Any:
        """A DataFrame of the same columns; an id column of numbers becomes one of text."""
        taken = self._frame.iloc[list(rows)]
        new = {self._config.text_key: self._column(self._config.text_key, texts, taken.index)}
        if ids is not None and self._config.id_key in self._frame.columns:
            new[self._config.id_key] = self._column(self._config.id_key, ids, taken.index)
        if removed is not None:
            check_removed(self.names())
            new["removed"] = self._pd.Series(list(removed), index=taken.index, dtype=object)
        return taken.assign(**new)

    def _column(self, name: str, values: Sequence[Any], index: Any) -> Any:
        kind = self._frame[name].dtype
        if isinstance(kind, self._pd.CategoricalDtype):
            return self._pd.Series(list(values), index=index, dtype=object).astype("category")
        if self._pd.api.types.is_integer_dtype(kind):
            kind = None  # text, as pandas itself would hold it
        return self._pd.Series(list(values), index=index, dtype=kind)


class PolarsFrame(Table):
    """A polars DataFrame."""

    def __init__(self, frame: Any, config: Config) -> None:
        """Raises UsageError where a column is missing or of a type it cannot be."""
        self._pl = need("polars", "polars")
        self._frame = frame
        self._config = config
        check_text_column(frame.columns, config)
        kind = frame.schema[config.text_key]
        if not self._is_text(kind):
            raise no_text(config.text_key, kind)
        kind = frame.schema.get(config.id_key, self._pl.String)
        if not (self._is_text(kind) or kind.is_integer() or kind == self._pl.Null):
            raise no_ids(config.id_key, kind)

    def _is_text(self, kind: Any) -> bool:
        return kind in (self._pl.String, self._pl.Categorical, self._pl.Enum)

    def texts(self) -> list[str | bytes | NoText]:
        """The texts."""
        nothing = NoText(f"column '{self._config.text_key}' is null")
        return [nothing if text is None else text for text in self._frame[self._config.text_key].to_list()]

    def names(self) -> list[Any]:
        """The columns."""
        return list(self._frame.columns)

    def _list(self, key: str) -> list[Any]:
        return list(self._frame[key].to_list())

    def fields(self, rows: Sequence[int]) -> Iterator[Mapping[str, Any]]:
        """Other fields."""
        others = self._frame.drop(self._config.text_key)
        if not others.width:
            yield from ({} for _ in rows)
            return
        for row in others[list(rows)].iter_rows(named=True):
            yield other_fields(row, self._config)

    def others(self, rows: Sequence[int]) -> Any:
        """Other columns."""
        need("pyarrow", "polars")
        frame = self._frame.drop(self._config.text_key)
        texts = [name for name, kind in frame.schema.items() if self._is_text(kind)]
        return name_others(frame[list(rows)].to_arrow(), self._config, texts)

    def build(
        self, rows: Sequence[int], texts: Sequence[Any], ids: Sequence[str | None] | None, removed: Sequence[list[dict[str, Any]]] | None
    ) -> Any:
        """A DataFrame of the same columns; an id column of numbers becomes one of text."""
        new = [self._column(self._config.text_key, texts)]
        if ids is not None and self._config.id_key in self._frame.columns:
            new.append(self._column(self._config.id_key, ids))
        if removed is not None:
            check_removed(self.names())
            row = {name: getattr(self._pl, kind) for name, kind in POLARS_REMOVED}
            new.append(self._pl.Series("removed", list(removed), self._pl.List(self._pl.Struct(row))))
        return self._frame[list(rows)].with_columns(new)

    def _column(self, name: str, values: Sequence[Any]) -> Any:
        kind = self._frame.schema[name]
        kept = kind if kind == self._pl.Categorical else self._pl.String  # an Enum may not hold the new values
        return self._pl.Series(name, list(values), self._pl.String).cast(kept)


POLARS_REMOVED = (("start", "Int64"), ("end", "Int64"), ("reason", "String"), ("rule", "String"), ("text", "String"))
