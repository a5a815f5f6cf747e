"""MinHash signatures of paragraphs, for datasketch's indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

from dedup.errors import UsageError
from dedup.result import Result

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from datasketch import MinHash
    from numpy.typing import NDArray

    from dedup.model import Location


@overload
def to_datasketch(source: Result, *, num_perm: int = ..., seed: int = ...) -> dict[Location, MinHash]: ...
@overload
def to_datasketch(source: Iterable[str], *, num_perm: int = ..., seed: int = ...) -> list[MinHash]: ...
def to_datasketch(source: Result | Iterable[str], *, num_perm: int = 128, seed: int = 1) -> dict[Location, MinHash] | list[MinHash]:
    """Signatures of paragraphs as `datasketch.MinHash`, ready for its indexes.

    `source`: paragraphs, each a text, for a list in their order; or the result of a run, for its paragraphs that stay, by
    their places. They are the signatures that the near-duplicate search uses: of the hashes of a paragraph's folded word
    2-grams, bit for bit those of `MinHash(num_perm, seed, scheme="affine32", hashfunc=int)` over `paragraph_hashes`.
    """
    from dedup.neardup.minhash import signatures
    from dedup.neardup.minhash import to_datasketch as hand_on

    if isinstance(source, str):
        raise UsageError("one text: put paragraphs into a list")
    if isinstance(source, Result):
        places = source.paragraphs
        texts = [source.text_of(place) for place in places]
        return dict(zip(places, to_datasketch(texts, num_perm=num_perm, seed=seed), strict=True))
    rows = signatures(paragraph_hashes(source), num_perm, seed)
    return [hand_on(row, seed) for row in rows]


def paragraph_hashes(paragraphs: Iterable[str]) -> list[NDArray[np.uint32]]:
    """For each paragraph the 32-bit hashes of its folded word 2-grams, each once. Raises UsageError for half a surrogate pair."""
    import numpy as np

    from dedup.kernels.shingle import shingle_spans
    from dedup.neardup.sets import SCRATCH
    from dedup.text.fold import fold_table

    try:
        texts = [text.encode("utf-8") for text in paragraphs]
    except UnicodeEncodeError as error:
        raise UsageError("a paragraph holds half a surrogate pair, which is no character") from error
    ends = np.cumsum([len(text) for text in texts]).astype(np.int64)
    starts = np.r_[np.int64(0), ends[:-1]].astype(np.int64)[: len(texts)]
    longest = max((len(text) for text in texts), default=0)
    table = fold_table()
    pool = np.empty(int(ends[-1] if len(ends) else 0) * 2 + 64 + longest * SCRATCH, np.uint64)
    bounds = np.zeros(len(texts) + 1, np.int64)
    shingle_spans(
        np.frombuffer(b"".join(texts), np.uint8), starts, ends, table.entries, table.expansions, False,
        np.empty(longest * SCRATCH + 8, np.uint32), np.empty(longest * SCRATCH // 2 + 8, np.uint64), pool, bounds,
        np.empty(len(texts), np.int32),
    )  # fmt: skip
    short = (pool[: bounds[-1]] >> np.uint64(32)).astype(np.uint32)
    return [np.unique(part) for part in np.split(short, bounds[1:-1])] if texts else []
