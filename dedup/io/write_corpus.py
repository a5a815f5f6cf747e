"""The kept texts, batch by batch, to the corpus file or files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from dedup.errors import InvariantError
from dedup.io.corpus_out import JsonlWriter, extra_fields
from dedup.io.pieces import Ready, batches, join, literal, ranges, text_of
from dedup.io.rows import to_json
from dedup.kernels.emit import ESCAPED, RAW, READY, count_characters

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from dedup.config import Config
    from dedup.corpus import Corpus
    from dedup.decide import Decision
    from dedup.edits import EditMaker
    from dedup.io.corpus_out import CorpusWriter
    from dedup.io.dolma_out import DolmaWriter
    from dedup.removals import Removals
    from dedup.tally import Tally

BATCH_BYTES: Final = 8 << 20


def write_corpus(
    corpus: Corpus, decision: Decision, removals: Removals, counts: Tally, config: Config, out: CorpusWriter,
    advance: Callable[[int], object],
) -> None:  # fmt: skip
    """Every output document with a text, in order of id. Raises InvariantError where what is written is not what was kept."""
    units = decision.units
    names = [corpus.part_id(document, part) for document, part in zip(units.document.tolist(), units.part.tolist(), strict=True)]
    there = np.flatnonzero(counts.kept > 0).tolist()
    order = np.array(sorted(there, key=names.__getitem__), np.int64)
    first = np.searchsorted(counts.unit_of, np.arange(len(units) + 1))
    sizes = (units.byte_end - units.byte)[order]
    for batch in batches(sizes, BATCH_BYTES):
        mine = order[batch]
        document = units.document[mine]
        text, shift = text_of(corpus.store, corpus.block[document], units.byte[mine], units.byte_end[mine])
        number, begins, ends = _kept(units.byte[mine], units.byte_end[mine], first[mine], first[mine + 1], removals)
        owner = np.repeat(np.arange(len(mine)), number)
        begins, ends = begins + shift[owner], ends + shift[owner]
        if count_characters(text, begins, ends) != counts.kept[mine].sum():
            raise InvariantError("the characters that would be written are not those that were kept")
        fields = [extra_fields(corpus.origins[each], config.text_key) for each in document.tolist()]
        sources = [corpus.sources[each] for each in document.tolist()]
        mine_names = [names[each] for each in mine.tolist()]
        if isinstance(out, JsonlWriter):
            ready = Ready()
            for name, source, more in zip(mine_names, sources, fields, strict=True):
                ready.add(b'{"id":%b,"text":"' % literal(name).encode())
                ready.add(b'","source":%b%b' % (literal(source).encode(), b"," + to_json(more)[1:] if more else b"}\n"))
            out.write_rows(_rows(number, begins, ends, ready, text))
        else:
            kept = join(np.full(len(begins), RAW, np.uint8), begins, ends, Ready(), text)
            borders = np.r_[0, np.cumsum(np.bincount(owner, ends - begins, len(mine)))].astype(np.int64).tolist()
            for k, (name, source, more) in enumerate(zip(mine_names, sources, fields, strict=True)):
                out.write(name, kept[borders[k] : borders[k + 1]].decode("utf-8"), source, more)
        advance(int(sizes[batch].sum()))


def write_pages(corpus: Corpus, maker: EditMaker, config: Config, out: DolmaWriter, advance: Callable[[int], object]) -> None:
    """Every input document with what is done to it, in order of id."""
    for document in corpus.order.tolist():
        fields = extra_fields(corpus.origins[document], config.text_key)
        out.page(corpus.ids[document], corpus.text(document), corpus.sources[document], fields, maker.edits(document))
        advance(int(corpus.end[document] - corpus.start[document]))


def _kept(
    byte: NDArray[np.int64], byte_end: NDArray[np.int64], first: NDArray[np.int64], stop: NDArray[np.int64], removals: Removals
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """How many stretches each unit keeps, and where they begin and end: what its removals [first, stop) leave."""
    owner, within, chosen = ranges(first, stop)
    count = stop - first
    number = count + 1
    opens = np.cumsum(number) - number
    begins, ends = np.empty(int(number.sum()), np.int64), np.empty(int(number.sum()), np.int64)
    begins[opens] = byte
    begins[opens[owner] + within + 1] = removals.byte_end[chosen]
    ends[opens[owner] + within] = removals.byte[chosen]
    ends[opens + count] = byte_end
    return number, begins, ends


def _rows(number: NDArray[np.int64], begins: NDArray[np.int64], ends: NDArray[np.int64], ready: Ready, text: NDArray[np.uint8]) -> bytes:
    """For each unit a head, its stretches, a tail."""
    opens = np.cumsum(number + 2) - (number + 2)
    total = int((number + 2).sum())
    kinds, first, second = np.full(total, ESCAPED, np.uint8), np.empty(total, np.int64), np.empty(total, np.int64)
    heads, tails = opens, opens + number + 1
    inner = np.ones(total, np.bool_)
    inner[heads] = inner[tails] = False
    first[inner], second[inner] = begins, ends
    kinds[~inner] = READY
    bounds = ready.bounds()  # head and tail of each unit in turn
    first[heads], second[heads] = bounds[0:-1:2], bounds[1::2]
    first[tails], second[tails] = bounds[1:-1:2], bounds[2::2]
    return join(kinds, first, second, ready, text)
