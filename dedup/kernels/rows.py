"""Rows of the corpus and of the ledger, one behind the other.

Every kernel is given a buffer as big as its rows can get, and returns how many bytes of it are filled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dedup.kernels.emit import escaped_room, put, put_escaped, put_number, put_plain, put_share
from dedup.kernels.jit import borrowing, kernel
from dedup.kernels.lines import points_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.kernels.emit import Strings
    from dedup.kernels.fold import Bytes
    from dedup.kernels.shingle import Index

BOILERPLATE, REPEATED, DUPLICATE = 1, 2, 3  # reasons, as in `decide`
WHITESPACE = 5  # one beside those
ROOM = 600  # more bytes than stand in any row beside names, rules and text

# What is written between the values of a row: the `words` that a kernel is given, by number.
CORPUS_WORDS = (b'{"id":', b',"text":"', b'","source":', b"}\n")
LEDGER_WORDS = (b'{"document":', b',"start":', b',"end":', b',"canonical":{"document":', b'},"similarity":', b',"text":"', b'"}\n')


class Kept(NamedTuple):
    """What stays of some output documents: text[begin:end] without the removals from `first` to `stop`, whose bytes `shift`
    brings into the text.
    """

    begin: NDArray[np.int64]
    end: NDArray[np.int64]
    first: NDArray[np.int64]
    stop: NDArray[np.int64]
    shift: NDArray[np.int64]
    byte: NDArray[Any]
    byte_end: NDArray[Any]


class Removals(NamedTuple):
    """All removals, by document as read, then by where they start.

    `byte`, `byte_end`: in the document's block; `start`, `end`: code points of the document. `row`: the first line that goes,
    -1 for white space. `reason`: a code of `decide`, or WHITESPACE. `pair`: for duplicates the number of their entry in `twin`,
    `twin_last`, the first and last line of the paragraph that stays, and `alike`, ten thousandths of similarity to it; else
    -1. `first`: of each document its first removal; one entry more than documents.
    """

    document: NDArray[np.int32]
    byte: NDArray[Any]
    byte_end: NDArray[Any]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    row: NDArray[np.int32]
    reason: NDArray[np.uint8]
    pair: NDArray[np.int32]
    twin: NDArray[np.int32]
    twin_last: NDArray[np.int32]
    alike: NDArray[np.int16]
    first: NDArray[np.int64]


class Gone(NamedTuple):
    """All removals; of lines, where each stands, and by what rule it goes."""

    removals: Removals
    line_document: NDArray[np.int32]
    line_character: NDArray[np.int32]
    line_characters: NDArray[np.int32]
    rule: NDArray[np.int32]


class Moved(NamedTuple):
    """The units of all documents, see `units.Units`; `name`: the string that is the id of each."""

    first: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    name: NDArray[np.int64]


@borrowing
def length(strings: Strings, number: int) -> int:
    """Bytes of a string."""
    return int(strings.bounds[number + 1] - strings.bounds[number])


@kernel
def kept_room(text: Bytes, kept: Kept) -> int:
    """Bytes that these texts take at most, escaped."""
    room = 0
    for k in range(kept.begin.size):
        room += escaped_room(text, kept.begin[k], kept.end[k])
    return room


@kernel
def corpus_rows(
    text: Bytes, kept: Kept, name: Index, names: Strings, source: Index, sources: Strings, fields: Strings, words: Strings, out: Bytes
) -> tuple[int, int]:
    """A row for each output document. `fields`: what follows its source. Returns the code points of all texts, too."""
    at = points = 0
    for k in range(kept.begin.size):
        at = put(words, 0, out, at)
        at = put(names, name[k], out, at)
        at = put(words, 1, out, at)
        begin = kept.begin[k]
        for r in range(kept.first[k], kept.stop[k]):
            end = kept.byte[r] + kept.shift[k]
            at = put_escaped(text, begin, end, out, at)
            points += points_of(text, begin, end)
            begin = kept.byte_end[r] + kept.shift[k]
        at = put_escaped(text, begin, kept.end[k], out, at)
        points += points_of(text, begin, kept.end[k])
        at = put(words, 2, out, at)
        at = put(sources, source[k], out, at)
        at = put(fields, k, out, at)
        at = put(words, 3, out, at)
    return at, points


@kernel
def kept_texts(text: Bytes, kept: Kept, out: Bytes, borders: Index) -> int:
    """What stays of each output document as it is: out[borders[k]:borders[k + 1]]. Returns the code points of all."""
    at = 0
    for k in range(kept.begin.size):
        borders[k] = at
        begin = kept.begin[k]
        for r in range(kept.first[k], kept.stop[k]):
            at = put_plain(text, begin, kept.byte[r] + kept.shift[k], out, at)
            begin = kept.byte_end[r] + kept.shift[k]
        at = put_plain(text, begin, kept.end[k], out, at)
    borders[kept.begin.size] = at
    return points_of(out, 0, at)


@borrowing
def rule_of(gone: Gone, r: int) -> int:
    """The rule by which a removal goes, 0 for none."""
    reason = gone.removals.reason[r]
    return np.int64(gone.rule[gone.removals.row[r]]) if (reason == BOILERPLATE) | (reason == REPEATED) else 0


@kernel
def find_twins(documents: Index, gone: Gone, twins: Index) -> None:
    """For each removal of some documents, one behind the other, the document of its twin, its code points [1, 2) and how alike they are
    (3), shape (removals, 4); filled in for duplicates. They stand anywhere: to look them up together, each without waiting for the one
    before, takes a third of the time.
    """
    n = 0
    for d in documents:
        for r in range(gone.removals.first[d], gone.removals.first[d + 1]):
            if gone.removals.reason[r] == DUPLICATE:
                pair = gone.removals.pair[r]
                first, last = gone.removals.twin[pair], gone.removals.twin_last[pair]
                twins[n, 0] = gone.line_document[first]
                twins[n, 1] = gone.line_character[first]
                twins[n, 2] = np.int64(gone.line_character[last]) + gone.line_characters[last]
                twins[n, 3] = gone.removals.alike[pair]
            n += 1


@kernel
def ledger_room(
    text: Bytes, documents: Index, shift: Index, gone: Gone, twins: Index, moved: Moved, names: Strings, rules: Strings, moves: Strings
) -> int:
    """Bytes that `ledger_rows` writes at most."""
    room = n = 0
    for k in range(documents.size):
        d = documents[k]
        for r in range(gone.removals.first[d], gone.removals.first[d + 1]):
            room += ROOM + length(names, d) + length(rules, rule_of(gone, r))
            room += escaped_room(text, gone.removals.byte[r] + shift[k], gone.removals.byte_end[r] + shift[k])
            if gone.removals.reason[r] == DUPLICATE:
                room += length(names, twins[n, 0])
            n += 1
        for unit in range(moved.first[d] + 1, moved.first[d + 1]):
            room += ROOM + length(names, d) + length(moves, moved.name[unit])
    return room


@kernel
def ledger_rows(
    text: Bytes, documents: Index, shift: Index, gone: Gone, twins: Index, moved: Moved, names: Strings, reasons: Strings,
    rules: Strings, moves: Strings, words: Strings, out: Bytes,
) -> int:  # fmt: skip
    """The rows of some documents, whose bytes `shift` brings into the text: by where they start, a move first.

    `twins`: see `find_twins`. `reasons`, `rules`, `moves`: what stands for each in a row; a move is known by the string of its name.
    """
    at = n = 0
    for k in range(documents.size):
        d = documents[k]
        unit, units = moved.first[d] + 1, moved.first[d + 1]
        for r in range(gone.removals.first[d], gone.removals.first[d + 1]):
            while unit < units and moved.start[unit] <= gone.removals.start[r]:
                at = put_move(moved, unit, d, names, moves, words, out, at)
                unit += 1
            at = put_span(d, gone.removals.start[r], gone.removals.end[r], names, words, out, at)
            at = put(reasons, gone.removals.reason[r], out, at)
            at = put(rules, rule_of(gone, r), out, at)
            if gone.removals.reason[r] == DUPLICATE:
                at = put_twin(twins[n, 0], twins[n, 1], twins[n, 2], twins[n, 3], names, words, out, at)
            at = put(words, 5, out, at)
            at = put_escaped(text, gone.removals.byte[r] + shift[k], gone.removals.byte_end[r] + shift[k], out, at)
            at = put(words, 6, out, at)
            n += 1
        while unit < units:
            at = put_move(moved, unit, d, names, moves, words, out, at)
            unit += 1
    return at


@borrowing
def put_span(document: int, start: int, end: int, names: Strings, words: Strings, out: Bytes, at: int) -> int:
    """How every row of the ledger begins."""
    at = put(words, 0, out, at)
    at = put(names, document, out, at)
    at = put(words, 1, out, at)
    at = put_number(np.int64(start), out, at)
    at = put(words, 2, out, at)
    return put_number(np.int64(end), out, at)


@borrowing
def put_move(moved: Moved, unit: int, document: int, names: Strings, moves: Strings, words: Strings, out: Bytes, at: int) -> int:
    """The row of a move."""
    at = put_span(document, moved.start[unit], moved.end[unit], names, words, out, at)
    return put(moves, moved.name[unit], out, at)


@borrowing
def put_twin(document: int, start: int, end: int, alike: int, names: Strings, words: Strings, out: Bytes, at: int) -> int:
    """Where the twin of a duplicate stands, and how alike they are."""
    at = put(words, 3, out, at)
    at = put(names, document, out, at)
    at = put(words, 1, out, at)
    at = put_number(start, out, at)
    at = put(words, 2, out, at)
    at = put_number(end, out, at)
    at = put(words, 4, out, at)
    return put_share(alike, out, at)
