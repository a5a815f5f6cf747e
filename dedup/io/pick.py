"""Some documents of an output folder, out of many: only the lines that speak of them are read."""

from __future__ import annotations

import json
import mmap
from typing import TYPE_CHECKING, Any, Final

from dedup.errors import InputError
from dedup.io.folder import Texts, manifest_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

PLAIN: Final = "jsonl"  # the format whose lines can be told apart unparsed
CAN_ADVISE: Final = hasattr(mmap, "MADV_RANDOM") and hasattr(mmap, "MADV_DONTNEED")
LET_GO: Final = 64  # rows that are looked for, some twenty pages each, before what was looked at is let go


def pick_rows(folder: Path, name: str, key: str, wanted: Collection[str]) -> Iterator[dict[str, Any]]:
    """The rows of a JSONL file whose `key`, which our files have first and are in order of, is one of the wanted ids; in that order.

    Raises InputError where the file cannot be read.
    """
    try:
        with (folder / name).open("rb") as file:
            if not file.seek(0, 2):
                return
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                if CAN_ADVISE:
                    data.madvise(mmap.MADV_RANDOM)  # of what is looked at no pages around it
                at = 0
                for count, identity in enumerate(sorted(wanted), 1):
                    at = _search(data, key, identity, at)
                    while at < len(data) and _key(data, key, at) == identity:
                        end = _line_end(data, at)
                        yield json.loads(data[at:end])
                        at = end
                    if CAN_ADVISE and count % LET_GO == 0:
                        data.madvise(mmap.MADV_DONTNEED)  # they would be held
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{folder}: {name} cannot be read: {error}") from error


def _search(data: mmap.mmap, key: str, identity: str, low: int) -> int:
    """Where the first line from `low`, at which one begins, stands whose key is not before the id."""
    high = len(data)
    while low < high:
        middle = (low + high) // 2
        start = low if middle == low else _line_end(data, middle - 1)
        if start >= high:
            high = middle
        elif _key(data, key, start) < identity:
            low = _line_end(data, start)
        else:
            high = start
    return low


def _line_end(data: mmap.mmap, at: int) -> int:
    """Behind the line that the byte at a place is of."""
    return data.find(b"\n", at) + 1 or len(data)


def _key(data: mmap.mmap, key: str, start: int) -> str:
    """The key of a line. Where it has no backslash the first quote is where it ends; else the line is parsed.

    Raises ValueError where the line does not begin with it.
    """
    begin = start + len(key) + 5
    if data[start:begin] != b'{"%b":"' % key.encode():
        raise ValueError(f"a row that does not begin with '{key}' at byte {start}")
    found = data[begin : data.find(b'"', begin)]
    return str(json.loads(data[start : _line_end(data, start)])[key]) if b"\\" in found else found.decode("utf-8")


class PickedTexts:
    """The texts of some output documents, taken by id in any order."""

    def __init__(self, folder: Path, wanted: Collection[str]) -> None:
        """Reads of the corpus what is wanted; of a packed one, everything."""
        format_ = manifest_of(folder)["config"]["format"]
        self.whole = format_ == "dolma"  # as in `folder.Texts`
        if format_ == PLAIN:
            self._texts: dict[str, str] = {row["id"]: row["text"] for row in pick_rows(folder, f"corpus.{format_}", "id", wanted)}
        else:
            every = Texts(folder, format_)
            self._texts = {identity: every.take(identity) for identity in sorted(wanted)}

    def take(self, identity: str) -> str:
        """The text of an output document, empty where there is none."""
        return self._texts.get(identity, "")
