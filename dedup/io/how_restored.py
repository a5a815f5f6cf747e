"""What `documents.jsonl` says of how documents come back that are no plain files, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from dedup.io.pieces import joined, literal, strings
from dedup.io.record import ESCAPES
from dedup.kernels.documents import shell_rows
from dedup.kernels.emit import ESCAPED, WIDE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dedup.corpus import Corpus
    from dedup.io.record import Origin, Shells
    from dedup.kernels.emit import Strings

ROOM: Final = 300  # more bytes than stand in a row beside its path and what is escaped


def how_restored(corpus: Corpus, documents: NDArray[np.int64], newlines: Sequence[str]) -> tuple[NDArray[np.int64], Strings]:
    """The documents in another order, and of each what `restore` needs. `newlines`: names of `corpus.newline`."""
    together, others = corpus.origins.together(documents.tolist())
    digests = corpus.hashes[others].tobytes().hex()
    rows = [
        _row(corpus.origins[number], digests[32 * k : 32 * k + 32], newlines[corpus.newline[number]]).encode()
        for k, number in enumerate(others)
    ]
    order, bounds = [np.array(others, np.int64)], [np.cumsum([0, *map(len, rows)])]
    parts: list[bytes | memoryview] = [b"".join(rows)]
    for shells, numbers in together.items():
        order.append(np.array(numbers))
        made, ends = _of_shells(corpus, shells, order[-1])
        parts.append(made)
        bounds.append(ends + bounds[-1][-1])
    return np.concatenate(order), joined(parts, np.concatenate(bounds))


def _of_shells(corpus: Corpus, shells: Shells, documents: NDArray[np.int64]) -> tuple[memoryview, NDArray[np.int64]]:
    """Rows of documents that were read together, one behind the other, and where each ends."""
    path, container = literal(shells.file.name), shells.file.container
    words = strings(
        [
            f'{{"path":{path},"line":'.encode(), b',"xxh3_128":"', b'","record":["', b'","', b'"],"escape":"', b'","ending":"',
            (f'","lead":"","container":"{container}"}}' if container else '","lead":""}').encode(), *map(str.encode, ESCAPES),
        ]
    )  # fmt: skip
    bounds = np.frombuffer(shells.bounds, np.int64)
    chosen = documents - shells.first
    escaped = int((bounds[3 * chosen + 3] - bounds[3 * chosen]).sum())
    out = np.empty(ESCAPED * escaped + len(documents) * (ROOM + len(words.buffer)) + WIDE, np.uint8)
    ends = np.empty(len(documents), np.int64)
    data, escapes = np.frombuffer(shells.data, np.uint8), np.frombuffer(shells.escapes, np.uint8)
    size = shell_rows(data, bounds, chosen, shells.line, escapes, corpus.hashes, documents, words, out, ends)
    return out[:size].data, ends


def _row(origin: Origin, xxh3_128: str, newline: str) -> str:
    """What `restore` needs of a document."""
    row = f'{{"path":{literal(origin.path)},"line":{origin.line},"xxh3_128":"{xxh3_128}",'
    ending = f',"container":"{origin.container}"}}' if origin.container else "}"
    if origin.record is None:
        return f'{row}"encoding":"{origin.encoding}","bom":{"true" if origin.bom else "false"},"newline":"{newline}"{ending}'
    before, after = origin.record
    rest = f'"escape":"{origin.escape}","ending":{literal(origin.ending)},"lead":{literal(origin.lead)}'
    if origin.columns:
        columns = ",".join(map(literal, origin.columns[1:]))
        rest += f',"encoding":"{origin.encoding}","delimiter":{literal(origin.columns[0])},"columns":[{columns}]'
    return f'{row}"record":[{literal(before)},{literal(after)}],{rest}{ending}'
