"""Some documents of an output folder, out of many: only the lines that speak of them are parsed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from dedup.errors import InputError
from dedup.io.folder import Texts, manifest_of
from dedup.io.rows import to_json

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

PLAIN: Final = "jsonl"  # the format whose lines can be told apart unparsed


def pick_rows(folder: Path, name: str, key: str, wanted: Collection[str]) -> Iterator[dict[str, Any]]:
    """The rows of a JSONL file whose `key`, which our files have first, is one of the wanted ids.

    Raises InputError where the file cannot be read.
    """
    encoded = {to_json(identity)[:-1] for identity in wanted}
    opening = b'{"%s":' % key.encode()
    try:
        with (folder / name).open("rb") as file:
            for line in file:
                # inside a JSON string every quote has a backslash before it: the first `",` is where the id ends; an id
                # with backslashes may be spelled in several ways
                spelled = line[len(opening) : line.find(b'",', len(opening)) + 1]
                if line.startswith(opening) and spelled not in encoded and b"\\" not in spelled:
                    continue
                row = json.loads(line)
                if row[key] in wanted:
                    yield row
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{folder}: {name} cannot be read: {error}") from error


class PickedTexts:
    """The texts of some output documents, taken by id in any order."""

    def __init__(self, folder: Path, wanted: Collection[str]) -> None:
        """Reads the corpus once."""
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
