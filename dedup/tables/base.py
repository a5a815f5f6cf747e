"""What the rest of the program knows of a source of rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from dedup.errors import UsageError
from dedup.io.corpus_out import renamed
from dedup.io.record import Origin, Record, date_of, writable
from dedup.model import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dedup.config import Config

HALF: str = "the text holds half a surrogate pair, which is no character"


@dataclass(frozen=True, slots=True)
class NoText:
    """Stands where a row has no text that could be read, and says why. `given`: what stands there."""

    why: str
    given: Any = None


class Rows(Protocol):
    """Rows with a text each. Ids, sources and dates: None where the rows have no such column."""

    def texts(self) -> Sequence[str | bytes | NoText]:
        """The text of each row; bytes are UTF-8."""

    def ids(self) -> Sequence[Any] | None:
        """The id of each row, as it came."""

    def sources(self) -> Sequence[Any] | None:
        """The site of each row, as it came."""

    def dates(self) -> Sequence[Any] | None:
        """The date of each row, as it came."""

    def fields(self, rows: Sequence[int]) -> Iterator[Mapping[str, Any]]:
        """Of each of these rows what goes on beside id, text and source."""

    def others(self, rows: Sequence[int]) -> Any:
        """The same as a pyarrow Table with the types of a table that came in; None where none did."""

    def build(
        self, rows: Sequence[int], texts: Sequence[Any], ids: Sequence[str | None] | None, removed: Sequence[list[dict[str, Any]]] | None
    ) -> Any:
        """These rows again, in the type that came in, with other texts; with other ids and a column `removed` where given."""

    def hand_out(self, built: Any) -> Any:
        """What `build` made, for one who asks again."""


class Table:
    """What all tables of libraries share."""

    _config: Config

    def names(self) -> Sequence[Any]:
        """The columns."""
        raise NotImplementedError

    def _list(self, key: str) -> list[Any]:
        raise NotImplementedError

    def _if_there(self, key: str) -> list[Any] | None:
        return self._list(key) if key in self.names() else None

    def ids(self) -> list[Any] | None:
        """The id column, if there is one."""
        return self._if_there(self._config.id_key)

    def sources(self) -> list[Any] | None:
        """The column of sites, if there is one."""
        return self._if_there(self._config.source_key)

    def dates(self) -> list[Any] | None:
        """The column of dates, if there is one."""
        return self._if_there(self._config.date_key)

    def hand_out(self, built: Any) -> Any:
        """A table may be handed out as it is, again and again."""
        return built


def records(rows: Rows) -> Iterator[Record | Unreadable]:
    """The rows as the pipeline reads them; a row without a readable text is told, and left out."""
    texts, ids, sources, dates = rows.texts(), rows.ids(), rows.sources(), rows.dates()
    for number, text in enumerate(texts):
        identity = identity_of(ids[number] if ids is not None else None) or f"{number:08}"
        utf8 = utf8_of(text)
        if isinstance(utf8, NoText):
            yield Unreadable(identity, 0, utf8.why)
            continue
        source = sources[number] if sources is not None else None
        site = writable(source) if isinstance(source, str) else ""
        date = date_of(dates[number]) if dates is not None else ""
        yield Record(identity, utf8, site, Origin(identity, number, "utf-8", bom=False), utf8, date)


def utf8_of(text: str | bytes | NoText) -> bytes | NoText:
    """A text as UTF-8, or why it has none."""
    if not isinstance(text, str):
        return text
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return NoText(HALF, text)


def identity_of(value: Any) -> str:
    """An id as text: a text or a whole number is one. Empty where there is none."""
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        return writable(str(value))
    return ""


def other_fields(row: Mapping[str, Any], config: Config) -> dict[str, Any]:
    """What goes on of a row beside the document's id, text and source, under the names the command line gives it."""
    identity, source = row.get(config.id_key), row.get(config.source_key)
    taken = {config.text_key}
    if config.id_key == "id" and isinstance(identity, str) and identity:
        taken.add("id")
    if config.source_key == "source" and isinstance(source, str) and source:
        taken.add("source")
    data = {key: value for key, value in row.items() if key != config.text_key}
    return {renamed(key, data): value for key, value in data.items() if key not in taken}


def name_others(table: Any, config: Config, texts: Sequence[str]) -> Any:
    """A pyarrow Table without the columns that are the documents' text, id and source, under the names of the command line.
    `texts`: the columns that hold text.
    """
    taken = [config.text_key]
    taken += [name for name, key in (("id", config.id_key), ("source", config.source_key)) if name == key and name in texts]
    others = table.drop_columns([name for name in table.column_names if name in taken])
    names = dict.fromkeys(others.column_names)
    return others.rename_columns([renamed(name, names) for name in names])


def check_text_column(columns: Sequence[str], config: Config) -> None:
    """Raise UsageError where a table has no column for the text, or two."""
    found = list(columns).count(config.text_key)
    if found == 0:
        names = ", ".join(map(str, columns))
        raise UsageError(f"the table has no column '{config.text_key}'; it has {names}: name the one with the text by text_key=")
    if found > 1:
        raise UsageError(f"the table has {found} columns '{config.text_key}': which one is the text is not clear")


def check_removed(columns: Sequence[Any]) -> None:
    """Raise UsageError where a column `removed` would be a second one."""
    if "removed" in columns:
        raise UsageError("the table has a column 'removed' already: rename it, or leave removed=True out")


def no_text(column: str, kind: object) -> UsageError:
    """A text column that holds none."""
    return UsageError(f"column '{column}' is {kind}, not text: name another one by text_key=")


def no_ids(column: str, kind: object) -> UsageError:
    """An id column that holds neither text nor whole numbers."""
    return UsageError(f"column '{column}' is {kind}: ids are text or whole numbers; name another column by id_key= (id_key='' for none)")
