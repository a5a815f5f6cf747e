"""pyarrow tables, batches and readers, and datasets, which hold one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dedup.extras import need
from dedup.tables.base import NoText, Table, check_removed, check_text_column, name_others, no_ids, no_text, other_fields

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dedup.config import Config

REMOVED = (("start", "int64"), ("end", "int64"), ("reason", "string"), ("rule", "string"), ("text", "string"))


class ArrowTable(Table):
    """A pyarrow Table."""

    def __init__(self, table: Any, config: Config) -> None:
        """Raises UsageError where a column is missing or of a type it cannot be."""
        self._pa = need("pyarrow", "arrow")
        self._table = table
        self._config = config
        check_text_column(table.column_names, config)
        kind = table.schema.field(config.text_key).type
        if not is_text(self._pa, kind):
            raise no_text(config.text_key, kind)
        if config.id_key in table.column_names:
            check_ids(self._pa, config.id_key, table.schema.field(config.id_key).type)

    def texts(self) -> list[str | bytes | NoText]:
        """The texts, as the bytes that stand in the table."""
        column = self._table.column(self._config.text_key).cast(self._pa.large_string())
        nothing = NoText(f"column '{self._config.text_key}' is null")
        found = [nothing if text is None else text for text in column.cast(self._pa.large_binary()).to_pylist()]
        try:
            column.validate(full=True)
        except self._pa.ArrowInvalid:
            return [_decodable(text) for text in found]
        return found

    def names(self) -> list[str]:
        """The columns."""
        names: list[str] = self._table.column_names
        return names

    def _list(self, key: str) -> list[Any]:
        values: list[Any] = self._table.column(key).to_pylist()
        return values

    def dates(self) -> list[Any] | None:
        """The column of dates; times as numbers, for Python has no nanoseconds."""
        key = self._config.date_key
        if key in self.names() and self._pa.types.is_timestamp(self._table.schema.field(key).type):
            return list(self._table.column(key).cast(self._pa.int64()).to_pylist())
        return super().dates()

    def fields(self, rows: Sequence[int]) -> Iterator[Mapping[str, Any]]:
        """Other fields."""
        table = self._take(rows)
        if not table.num_columns:
            yield from ({} for _ in rows)
            return
        for start in range(0, len(table), 1024):
            for row in table.slice(start, 1024).to_pylist():
                yield other_fields(row, self._config)

    def others(self, rows: Sequence[int]) -> Any:
        """Other columns."""
        texts = [field.name for field in self._table.schema if is_text(self._pa, field.type)]
        return name_others(self._take(rows), self._config, texts)

    def _take(self, rows: Sequence[int]) -> Any:
        """These rows of all columns but the text, which may be more than one array can hold."""
        table = self._table.drop_columns([self._config.text_key])
        return table.take(self._pa.array(rows, self._pa.int64())) if table.num_columns else table

    def build(
        self, rows: Sequence[int], texts: Sequence[Any], ids: Sequence[str | None] | None, removed: Sequence[list[dict[str, Any]]] | None
    ) -> Any:
        """A table of the same columns; an id column that is no text becomes one."""
        pa, config = self._pa, self._config
        taken = self._take(rows)
        schema = schema_of(pa, self._table.schema, config, ids=ids is not None, removed=removed is not None)
        columns: list[Any] = []
        for field in self._table.schema:
            if field.name == config.text_key:
                columns.append(pa.array(texts, field.type))
            elif field.name == config.id_key and ids is not None:
                columns.append(pa.array(ids, schema.field(field.name).type))
            else:
                columns.append(taken.column(field.name))
        if removed is not None:
            columns.append(pa.array(removed, schema.field("removed").type))
        return pa.Table.from_arrays(columns, schema=schema)


class ArrowReader(ArrowTable):
    """A RecordBatchReader: read to its end; every time somebody asks, a new one is handed out."""

    def __init__(self, reader: Any, config: Config) -> None:
        """Near-duplicates need all of it at once."""
        super().__init__(reader.read_all(), config)

    def hand_out(self, built: Any) -> Any:
        """A reader over the table."""
        return built.to_reader()


class HubDataset(ArrowTable):
    """A Hugging Face Dataset: features, split and format go on."""

    def __init__(self, dataset: Any, config: Config) -> None:
        """The rows that the dataset shows, in its order."""
        super().__init__(dataset.with_format("arrow")[:], config)
        self._dataset = dataset

    def build(
        self, rows: Sequence[int], texts: Sequence[Any], ids: Sequence[str | None] | None, removed: Sequence[list[dict[str, Any]]] | None
    ) -> Any:
        """A Dataset with the features of the one that came in."""
        datasets = need("datasets", "datasets")
        table = super().build(rows, texts, ids, removed)
        features = self._dataset.features.copy()
        changed = [name for name in table.column_names if name not in features or name == self._config.id_key]
        features |= {name: datasets.Features.from_arrow_schema(table.select(changed).schema)[name] for name in changed}
        columns = {name: table.column(name) for name in table.column_names}
        info = self._dataset.info.copy()
        info.features = datasets.Features(features)
        built = datasets.Dataset.from_dict(columns, info.features, info, self._dataset.split)
        return like_format(built, self._dataset.format)


def like_format(dataset: Any, form: Mapping[str, Any]) -> Any:
    """A Dataset that shows its rows as another one did, by that one's `format`."""
    shown = [name for name in form["columns"] if name in dataset.column_names] if form["type"] else None
    return dataset.with_format(form["type"], shown, output_all_columns=form["output_all_columns"], **form["format_kwargs"])


def schema_of(pa: Any, schema: Any, config: Config, *, ids: bool, removed: bool) -> Any:
    """The schema of what is built: the given one, with ids as text where they are written, and `removed` at the end."""
    if ids and config.id_key in schema.names and not is_text(pa, schema.field(config.id_key).type):
        at = schema.get_field_index(config.id_key)
        schema = schema.set(at, schema.field(at).with_type(pa.string()))
    if removed:
        check_removed(schema.names)
        row = pa.struct([(name, getattr(pa, kind)()) for name, kind in REMOVED])
        schema = schema.append(pa.field("removed", pa.list_(row)))
    return schema


def is_text(pa: Any, kind: Any) -> bool:
    """Whether an Arrow type is one of text."""
    if pa.types.is_dictionary(kind):
        return is_text(pa, kind.value_type)
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def check_ids(pa: Any, column: str, kind: Any) -> None:
    """Raise UsageError for an id column that is neither text nor whole numbers."""
    if not (is_text(pa, kind) or pa.types.is_integer(kind) or pa.types.is_null(kind)):
        raise no_ids(column, kind)


def _decodable(text: Any) -> Any:
    try:
        text.decode("utf-8") if isinstance(text, bytes) else None
    except UnicodeDecodeError as error:
        return NoText(f"not UTF-8 (byte {error.start})", text)
    return text
