"""`dedup pairs`: verified pairs as JSON lines."""

from __future__ import annotations

import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from dedup.io.output import write_file
from dedup.io.rows import to_json
from dedup.matches import matches_of
from dedup.pipeline import decide_only

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.config import Config


def write_pairs(sources: Sequence[str], config: Config, target: BinaryIO | Path) -> tuple[int, int]:
    """Write one row a match; a file is complete or absent. Returns the numbers of pairs and of inputs that could not be read."""
    with tempfile.TemporaryDirectory() as scratch:
        corpus, decision = decide_only(sources, config, Path(scratch))
        with closing(corpus.store):
            place = {identity: number for number, identity in enumerate(corpus.ids)}
            rows = []
            for match in matches_of(corpus, decision):
                row: dict[str, Any] = {"removed": match.removed._asdict(), "kept": match.kept._asdict()}
                row |= {"similarity": match.similarity, "jaccard": match.jaccard, "witness": match.witness}
                for side, where in (("removed", match.removed), ("kept", match.kept)):
                    row[side]["text"] = corpus.text(place[where.document])[where.start : where.end]
                rows.append(to_json(row))
    if isinstance(target, Path):
        write_file(target, rows)
    else:
        for row_bytes in rows:
            target.write(row_bytes)
    return len(rows), len(corpus.unreadable)
