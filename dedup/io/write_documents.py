"""`documents.jsonl`: one row an input document, with what `restore` needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from dedup.edits import REASONS
from dedup.io.pieces import literal
from dedup.kernels.emit import count_line_ends

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.corpus import Corpus
    from dedup.decide import Decision
    from dedup.io.record import Origin
    from dedup.tally import Tally

ROWS: Final = 4096  # joined before they are written


def document_rows(corpus: Corpus, decision: Decision, counts: Tally) -> Iterator[bytes]:
    """Rows in order of id, some at a time."""
    by_name = sorted((name, code) for code, name in REASONS.items())
    styles = _newlines(corpus)
    first_unit = decision.units.first.tolist()
    kept, characters = counts.left.tolist(), corpus.characters.tolist()
    flagged = counts.flagged.tolist()
    order = corpus.order.tolist()
    for begin in range(0, len(order), ROWS):
        rows = []
        digests = corpus.hashes[corpus.order[begin : begin + ROWS]].tobytes().hex()
        for k, n in enumerate(order[begin : begin + ROWS]):
            digest = digests[32 * k : 32 * k + 32]
            lost = counts.removed[n].tolist()
            removed = ",".join(f'"{name}":{lost[code]}' for name, code in by_name if lost[code])
            articles = range(2, first_unit[n + 1] - first_unit[n] + 1)
            moved = ",".join(literal(corpus.part_id(n, part)) for part in articles)
            rows.append(
                f'{{"id":{literal(corpus.ids[n])},"source":{literal(corpus.sources[n])},"status":"{counts.status[n]}",'
                f'"characters_in":{characters[n]},"characters_out":{kept[n]},"removed":{{{removed}}},"moved":[{moved}],'
                f'"flagged":{"true" if flagged[n] else "false"},"restore":{_restore(corpus.origins[n], digest, styles[n])}}}\n'
            )
        yield "".join(rows).encode("utf-8")


def _restore(origin: Origin, digest: str, newline: str) -> str:
    """What `restore` needs of a document."""
    row = f'{{"path":{literal(origin.path)},"line":{origin.line},"xxh3_128":"{digest}",'
    ending = f',"container":"{origin.container}"}}' if origin.container else "}"
    if origin.record is None:
        return f'{row}"encoding":"{origin.encoding}","bom":{"true" if origin.bom else "false"},"newline":"{newline}"{ending}'
    before, after = origin.record
    rest = f'"escape":"{origin.escape}","ending":{literal(origin.ending)},"lead":{literal(origin.lead)}'
    if origin.columns:
        columns = ",".join(map(literal, origin.columns[1:]))
        rest += f',"encoding":"{origin.encoding}","delimiter":{literal(origin.columns[0])},"columns":[{columns}]'
    return f'{row}"record":[{literal(before)},{literal(after)}],{rest}{ending}'


def _newlines(corpus: Corpus) -> list[str]:
    """How the lines of each text end: lf, crlf, cr, mixed, or none."""
    found = np.zeros((len(corpus), 3), np.int64)
    for block in range(len(corpus.store)):
        low, high = np.searchsorted(corpus.block, [block, block + 1])
        count_line_ends(corpus.store.get(block), corpus.start[low:high], corpus.end[low:high], found[low:high])
    feeds, returns, both = found.T
    single = (feeds > both) * 1 + (both > 0) * 2 + (returns > both) * 4
    names = {0: "none", 1: "lf", 2: "crlf", 4: "cr"}
    return [names.get(code, "mixed") for code in single.tolist()]
