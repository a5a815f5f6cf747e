"""What reading gives: documents, and where they came from."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import accumulate, chain, repeat
from numbers import Integral, Real
from operator import and_, eq, is_
from types import NoneType
from typing import TYPE_CHECKING, Any, Final, NamedTuple, overload

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from dedup.config import Config
    from dedup.io.files import InputFile
    from dedup.model import Passed, Unreadable


TAKEN: Final = (((), ("source",)), (("id",), ("id", "source")))  # which fields are; one of these for every record of a corpus
ESCAPES: Final = ("utf-8", "ascii")  # how the literals of texts are written
ROW_BYTES: Final = 1 << 10  # what a record takes beside its text, about
TIMES: Final = 10**24  # numbers between this and its negative are dates: seconds since 1970, nanoseconds too


class Origin(NamedTuple):
    """Where a document stood and what brings its bytes back.

    `line`: 0 for a text file, else counted from 1. `encoding`, `bom`: of a text file. `record`: of a JSON record, the raw
    line before and after the text's literal; `escape` how that literal is written: "utf-8", "ascii", or "raw" when
    `record` holds the whole line (a text written in no regular way). `ending`: the line end behind a record, `lead` what
    stands before it that is no record (a BOM, blank lines, lines that could not be read), both as Latin-1. `taken`: which of
    the record's fields `id` and `source` the document's id and source are.

    `columns`: of a row of CSV, the delimiter and the names of its cells; `record` is then a piece of CSV, and `escape` "bare",
    "quoted" or "raw".
    `container`: for a document whose file does not come back as it was ("html", "parquet", "warc", "wet") or stood in an
    archive ("zip", "tar"); `path` and `record` are then those of the text or JSON line that comes back in its place.
    `typed`: its other columns with their Arrow types, where the output keeps them.
    """

    path: str
    line: int
    encoding: str
    bom: bool
    record: tuple[str, str] | None = None
    escape: str = ""
    ending: str = ""
    lead: str = ""
    taken: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    container: str = ""
    typed: Mapping[str, Any] | None = None


PLAIN: Final = Origin("", 0, "utf-8", bom=False)  # of every file of plain UTF-8 text: its path is the document's id


class Record(NamedTuple):
    """One document read: id, UTF-8 text, source, origin, the raw bytes its hash is taken of, and its date, "" for none."""

    id: str
    utf8: bytes | memoryview
    source: str
    origin: Origin
    raw: bytes | memoryview
    date: str = ""


class Shells:
    """Where records of a JSONL file stood that follow one another, as an `Origin` of each would say it."""

    __slots__ = ("_taken", "bare", "bounds", "data", "escapes", "file", "first", "line")

    def __init__(
        self, file: InputFile, line: int, parts: Sequence[tuple[bytes, bytes, bytes]], escapes: bytes, taken: Sequence[tuple[str, ...]],
        bare: bytes,
    ) -> None:  # fmt: skip
        """`line`: of the first one; `parts`: of each, what stands before and after its text's literal, and its line end; `escapes`: of
        each a number of ESCAPES; `bare`: of each 1 where there are no fields but the text and those that were taken.
        """
        self.first = 0  # number of the document that the first of them is; given when it is known
        self.file, self.line, self.escapes, self._taken, self.bare = file, line, escapes, taken, bare
        self.data = b"".join(chain.from_iterable(parts))
        self.bounds = array("q", accumulate(map(len, chain.from_iterable(parts)), initial=0))

    def origin(self, number: int) -> Origin:
        """Of a document."""
        k, file = number - self.first, self.file
        before, after, ending = self.parts(number)
        escape, taken = ESCAPES[self.escapes[k]], self._taken[k]
        return Origin(file.name, self.line + k, "utf-8", False, (before, after), escape, ending, "", taken, (), file.container)

    def parts(self, number: int) -> tuple[str, str, str]:
        """Of a document's line what stands before and after its text's literal, and its end."""
        k = 3 * (number - self.first)
        data, (one, two, three, four) = self.data, self.bounds[k : k + 4]
        return str(data[one:two], "utf-8"), str(data[two:three], "utf-8"), str(data[three:four], "ascii")

    def shell(self, number: int) -> tuple[str, tuple[str, ...]]:
        """A document's line without its text and end, and which of its fields were taken."""
        k = number - self.first
        data, (one, two, three) = self.data, self.bounds[3 * k : 3 * k + 3]
        return str(b'%b""%b' % (data[one:two], data[two:three]), "utf-8"), self._taken[k]


class Records(NamedTuple):
    """Records of a JSONL file that follow one another, or plain text files, as columns. `texts`: one behind the other,
    in pieces of any size; that of number k stands in bounds[k]:bounds[k + 1] of them. `hashes`: 16 bytes for each.
    """

    ids: Sequence[str]
    texts: Sequence[bytes | memoryview]
    bounds: NDArray[np.int64]
    sources: Sequence[str]
    origins: Shells | Origin
    hashes: bytes
    dates: Sequence[str]


def weight_of(row: Record | Records | Unreadable | Passed) -> int:
    """About how many bytes it holds."""
    if isinstance(row, Records):
        return int(row.bounds[-1] - row.bounds[0])
    return ROW_BYTES + (len(row.utf8) if isinstance(row, Record) else 0)


class Origins(Sequence[Origin]):
    """Where each document stood. Those of plain files are made when they are asked for: they would take most of the memory that
    a document takes.
    """

    def __init__(self, ids: list[str], given: list[Origin | Shells]) -> None:
        """`ids` and `given` as they were read; of records read together the same for each."""
        self._ids = ids
        self._given = given

    def __len__(self) -> int:
        """How many documents."""
        return len(self._ids)

    def plain(self, names: list[str]) -> list[bool]:
        """Which are plain files and have their path for a name."""
        plain = map(is_, self._given, repeat(PLAIN))
        return list(plain if names is self._ids else map(and_, plain, map(eq, self._ids, names)))

    def shell(self, number: int) -> tuple[str, tuple[str, ...]] | None:
        """Of a document read together with others see `Shells.shell`; None for any other."""
        given = self._given[number]
        return given.shell(number) if isinstance(given, Shells) else None

    def together(self, numbers: Iterable[int]) -> tuple[dict[Shells, list[int]], list[int]]:
        """Which documents were read together with others, and which were not."""
        found: dict[Shells, list[int]] = {}
        others: list[int] = []
        for number in numbers:
            given = self._given[number]
            (found.setdefault(given, []) if isinstance(given, Shells) else others).append(number)
        return found, others

    def bare(self) -> NDArray[np.bool_]:
        """Of which it is known that there are no fields but id, text and source."""
        found = np.fromiter(map(is_, self._given, repeat(PLAIN)), np.bool_, len(self._given))
        for shells in {id(given): given for given in self._given if isinstance(given, Shells)}.values():
            found[shells.first : shells.first + len(shells.bare)] = np.frombuffer(shells.bare, np.bool_)
        return found

    @overload
    def __getitem__(self, number: int) -> Origin: ...
    @overload
    def __getitem__(self, number: slice) -> list[Origin]: ...
    def __getitem__(self, number: int | slice) -> Origin | list[Origin]:
        """Of a document, or of some."""
        if isinstance(number, slice):
            return [self[each] for each in range(*number.indices(len(self)))]
        given = self._given[number]
        if isinstance(given, Shells):
            return given.origin(number)
        return given._replace(path=self._ids[number]) if given is PLAIN else given


class Named(NamedTuple):
    """Id, source and date of a record, and which of its fields `id` and `source` they are."""

    id: str
    source: str
    taken: tuple[str, ...]
    date: str = ""


def named(values: Mapping[str, Any], number: int, file: InputFile, config: Config) -> Named:
    """From its fields, or, where they do not say, from its file and number."""
    identity, source = values.get(config.id_key), values.get(config.source_key)
    has_id = isinstance(identity, (str, int)) and not isinstance(identity, bool) and str(identity) != ""
    has_source = isinstance(source, str) and source != ""
    taken = TAKEN[has_id and config.id_key == "id" and isinstance(identity, str)][has_source and config.source_key == "source"]
    return Named(
        writable(str(identity)) if has_id else f"{file.name}:{number}",
        writable(str(source)) if has_source else file.source,
        taken,
        date_of(values.get(config.date_key)),
    )


def all_named(rows: Sequence[Mapping[str, Any]], first: int, file: InputFile, config: Config) -> list[Named]:
    """`named` for each of some rows. `first`: the number of the first one."""
    columns: list[list[Any]] = [[row.get(key) for row in rows] for key in (config.id_key, config.source_key, config.date_key)]
    ids, sources, dates = columns
    usual = {*map(type, ids), *map(type, sources)} == {str} and {*map(type, dates)} <= {str, NoneType} and all(ids) and all(sources)
    if not usual or not is_writable("".join(chain(ids, sources))):
        return [named(row, number, file, config) for number, row in enumerate(rows, first)]
    taken = TAKEN[config.id_key == "id"][config.source_key == "source"]
    return [Named(one, source, taken, date_of(date) if date else "") for one, source, date in zip(ids, sources, dates, strict=True)]


def date_of(value: object) -> str:
    """A date as it is compared: a text as it stands, a time in ISO 8601, a number padded; "" for anything else."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, Real) and not isinstance(value, bool):
        number = int(value) if isinstance(value, Integral) else float(value)
        return f"{round(number * 1_000_000) + TIMES * 1_000_000:031}" if -TIMES < number < TIMES else ""
    written = str(value.isoformat()) if hasattr(value, "isoformat") else ""
    return "" if written == "NaT" else written  # which is no time, in numpy and pandas


def writable(text: str) -> str:
    """A name that can be written as UTF-8: half surrogate pairs become backslash escapes."""
    return text if is_writable(text) else text.encode("utf-8", "backslashreplace").decode("utf-8")


def is_writable(text: str) -> bool:
    """Whether no half of a surrogate pair stands in it."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
