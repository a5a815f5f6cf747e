"""The kept texts, batch by batch, to the corpus file or files."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np

from dedup.errors import InvariantError
from dedup.io.corpus_out import JsonlWriter, extra_fields, fields_of
from dedup.io.pieces import Buffer, batches, strings
from dedup.io.together import dumps_all
from dedup.kernels.rows import CORPUS_WORDS, ROOM, Kept, corpus_rows, kept_room, kept_texts
from dedup.threads import Behind

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from dedup.config import Config
    from dedup.corpus import Corpus
    from dedup.decide import Decision
    from dedup.edits import EditMaker
    from dedup.io.corpus_out import CorpusWriter
    from dedup.io.dolma_out import DolmaWriter
    from dedup.io.pieces import Names
    from dedup.kernels.rows import Removals
    from dedup.tally import Tally


def write_corpus(
    corpus: Corpus, decision: Decision, removals: Removals, counts: Tally, names: Names, config: Config, out: CorpusWriter,
    advance: Callable[[int], object], threads: int,
) -> None:  # fmt: skip
    """Every output document with a text, in order of id. Raises InvariantError where what is written is not what was kept."""
    units = decision.units
    order = _order(corpus, decision, counts, names)
    sizes = (units.byte_end - units.byte)[order]
    with closing(
        _Lines(corpus, names, config, out, threads) if isinstance(out, JsonlWriter) else _Texts(corpus, names, config, out)
    ) as make:
        for batch in batches(sizes, corpus.block[units.document[order]]):
            mine = order[batch]
            document, begin, end = units.document[mine], units.byte[mine], units.byte_end[mine]
            text, shift = corpus.store.holding(corpus.block[document], begin, end)
            kept = Kept(
                begin + shift, end + shift, counts.first[mine], counts.first[mine + 1], shift, removals.byte, removals.byte_end
            )  # fmt: skip
            if make.write(text, kept, document, names.of_unit[mine]) != counts.kept[mine].sum():
                raise InvariantError("the characters that would be written are not those that were kept")
            advance(int(sizes[batch].sum()))


def _order(corpus: Corpus, decision: Decision, counts: Tally, names: Names) -> NDArray[np.int64]:
    """The units of which something stays, by name."""
    units = decision.units
    if len(units) == len(corpus):
        order = corpus.order
    else:
        order = np.array(sorted(range(len(units)), key=[names.texts[name] for name in names.of_unit.tolist()].__getitem__), np.int64)
    return order[counts.kept[order] > 0]


class _Lines:
    """Rows by kernel; while some are made those before are hashed, packed and written in a thread, if there are several."""

    def __init__(self, corpus: Corpus, names: Names, config: Config, out: JsonlWriter, threads: int) -> None:
        self._corpus, self._names, self._config = corpus, names, config
        self._sources = names.sources
        self._bare = corpus.origins.bare()
        self._words = strings(CORPUS_WORDS)
        self._buffer = Buffer()
        self._out = Behind(out.write_rows, threads)
        self.close = self._out.close

    def write(self, text: NDArray[np.uint8], kept: Kept, document: NDArray[np.int64], name: NDArray[np.int64]) -> int:
        """Some output documents; returns how many code points their texts have."""
        fields = strings(self._fields(document))
        source = self._sources.number[document]
        lengths, more = (np.diff(each.bounds) for each in (self._names.literals, self._sources.literals))
        room = kept_room(text, kept) + int(lengths[name].sum() + more[source].sum()) + len(fields.buffer) + ROOM * len(name)
        out = self._buffer.of(room)
        size, points = corpus_rows(text, kept, name, self._names.literals, source, self._sources.literals, fields, self._words, out)
        self._out.put(out[:size].data)
        return points

    def _fields(self, document: NDArray[np.int64]) -> list[bytes]:
        """What of each follows its source."""
        found = [b""] * len(document)
        others = np.flatnonzero(~self._bare[document])
        fields = fields_of(self._corpus.origins, document[others].tolist(), self._config.text_key)
        for k, each in zip(others.tolist(), dumps_all(fields), strict=True):
            if each != b"{}":
                found[k] = b"," + each[1:-1]
        return found


class _Texts:
    """Documents one by one, for the other formats."""

    def __init__(self, corpus: Corpus, names: Names, config: Config, out: CorpusWriter) -> None:
        self._corpus, self._names, self._config, self._out = corpus, names, config, out
        self._buffer = Buffer()

    def close(self) -> None:
        """As that of `_Lines`; each is written at once."""

    def write(self, text: NDArray[np.uint8], kept: Kept, document: NDArray[np.int64], name: NDArray[np.int64]) -> int:
        """As that of `_Lines`."""
        out = self._buffer.of(int((kept.end - kept.begin).sum()))
        borders = np.empty(len(name) + 1, np.int64)
        points = kept_texts(text, kept, out, borders)
        corpus, raw, bounds = self._corpus, out.data, borders.tolist()
        fields = fields_of(corpus.origins, document.tolist(), self._config.text_key)
        for k, (number, each) in enumerate(zip(name.tolist(), document.tolist(), strict=True)):
            self._out.write(self._names.texts[number], str(raw[bounds[k] : bounds[k + 1]], "utf-8"), corpus.sources[each], fields[k])
        return points


def write_pages(corpus: Corpus, maker: EditMaker, config: Config, out: DolmaWriter, advance: Callable[[int], object]) -> None:
    """Every input document with what is done to it, in order of id."""
    for document in corpus.order.tolist():
        fields = extra_fields(corpus.origins[document], config.text_key)
        out.page(corpus.ids[document], corpus.text(document), corpus.sources[document], fields, maker.edits(document))
        advance(int(corpus.end[document] - corpus.start[document]))
