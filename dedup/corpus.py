"""The documents of a run as columns: what every later stage works on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice, repeat
from typing import TYPE_CHECKING, Final

import numpy as np

from dedup.boilerplate.page import Line, Page, are_prose
from dedup.text.groups import stretches_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from dedup.boilerplate.scan import Triggers
    from dedup.io.record import Origins
    from dedup.io.store import BlockStore
    from dedup.model import Unreadable
    from dedup.text.lines import LineTable


PAGES: Final = 256  # that are made at a time: a call of numpy for each would take longer than a page does


@dataclass(frozen=True, slots=True)
class Batch:
    """Documents and their lines, in the order they were read: what pages are made of.

    `block`, `start`, `end`: where a document's UTF-8 stands in `store`. `lines`: all non-blank lines; its `document` counts over
    these documents, its `start` and `end` are bytes of the block. `first_line`: for each document its first row in `lines`; one
    entry more than documents. `triggers`: what lines were marked by.
    """

    store: BlockStore
    sources: Sequence[str]
    block: NDArray[np.int32]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    lines: LineTable
    first_line: NDArray[np.int64]
    triggers: Triggers

    def __len__(self) -> int:
        return len(self.block)

    def text(self, document: int) -> str:
        """The decoded text of a document."""
        return self.utf8(document).decode("utf-8")

    def utf8(self, document: int) -> bytes:
        """The text of a document."""
        return self.store.part(int(self.block[document]), int(self.start[document]), int(self.end[document]))

    def bytes_of(self, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
        """The bytes of lines, one behind the other, by their rows in `lines`."""
        return self.store.gathered(self.block[self.lines.document[rows]], self.lines.start[rows], self.lines.end[rows])

    def page(self, document: int) -> Page:
        """A document as the rules see it."""
        return next(self.pages([document]))

    def pages(self, documents: Sequence[int]) -> Iterator[Page]:
        """Documents as the rules see them, in order."""
        table = self.lines
        for some in (documents[at : at + PAGES] for at in range(0, len(documents), PAGES)):
            first = self.first_line[some]
            counts = self.first_line[np.array(some) + 1] - first
            rows = stretches_of(first, counts)
            prose = iter(are_prose(table.words[rows], table.flags[rows]).tolist())
            keys = zip(table.first[rows].tolist(), table.second[rows].tolist(), strict=True)
            shift = np.repeat(self.start[some], counts)
            columns = (table.start[rows] - shift, table.end[rows] - shift, table.characters[rows], table.words[rows], table.flags[rows])
            numbers = [column.tolist() for column in columns]
            at = 0
            for document, count in zip(some, counts.tolist(), strict=True):
                text = self.utf8(document)
                mine = slice(at, at := at + count)
                begin, end, characters, words, flags = (column[mine] for column in numbers)
                lines = map(Line, repeat(text), begin, end, characters, words, islice(keys, count), flags, islice(prose, count))
                yield Page(tuple(lines), self.sources[document])


@dataclass(frozen=True, slots=True)
class Corpus(Batch):
    """The documents of a run.

    `taken`: the ids that an appended article's could meet, those with a # in them. `newline`: how the lines of each end, see
    `measure_documents`. `order`: documents sorted by id; `place`: where each stands in it. `hashes`: a row of 16 bytes for each.
    """

    ids: list[str]
    taken: frozenset[str]
    dates: list[str]
    origins: Origins
    hashes: NDArray[np.uint8]
    characters: NDArray[np.int64]
    newline: NDArray[np.uint8]
    order: NDArray[np.int64]
    place: NDArray[np.int64]
    unreadable: list[Unreadable]
    renamed: int

    def batch_from(self, document: int) -> Batch:
        """The documents from one on."""
        first = self.first_line[document]
        lines = self.lines.part(slice(int(first), None))
        if document:
            lines = replace(lines, document=lines.document - np.int32(document))
        return Batch(
            self.store, self.sources[document:], self.block[document:], self.start[document:], self.end[document:], lines,
            self.first_line[document:] - first, self.triggers,
        )  # fmt: skip

    def part_id(self, document: int, part: int) -> str:
        """The id of an output document: the input document's, or `<id>#<part>` of an appended article.

        Where an input document has that id already, `~` is put behind it until none has.
        """
        if part == 1:
            return self.ids[document]
        name = f"{self.ids[document]}#{part}"
        while name in self.taken:
            name += "~"
        return name
