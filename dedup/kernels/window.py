"""Where in a long text the shingles of a short one stand: together, or scattered over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup.kernels.fold import Bytes, Codes, Hashes, hash_words
from dedup.kernels.jit import kernel
from dedup.kernels.shingle import word_shingles

if TYPE_CHECKING:
    from numpy.typing import NDArray


@kernel
def shingles_in_order(
    text: Bytes, start: int, end: int, table: Codes, expansions: Codes, scratch: Codes, words: Hashes, out: Hashes
) -> int:
    """Word 2-grams of text[start:end] as they stand, repeats and all. Returns their number."""
    count, _ = hash_words(text, start, end, table, expansions, scratch, words)
    return word_shingles(words, 0, count, out, 0)


@kernel
def best_window(tokens: Hashes, known: Hashes, places: NDArray[np.int64], width: int) -> int:
    """The most of the distinct `tokens` that stand in one stretch of `width` shingles of a text.

    `known`: the shingles of the text, ascending; `places`: where each stands in it.
    """
    count = 0
    for t in range(tokens.size):
        i = np.searchsorted(known, tokens[t])
        while i < known.size and known[i] == tokens[t]:
            count += 1
            i += 1
    found = np.empty(count, np.int64)
    count = 0
    for t in range(tokens.size):
        i = np.searchsorted(known, tokens[t])
        while i < known.size and known[i] == tokens[t]:
            found[count] = places[i] << 32 | t
            count += 1
            i += 1
    found.sort()
    inside = np.zeros(tokens.size, np.int64)
    distinct = 0
    best = 0
    first = 0
    for last in range(count):
        token = found[last] & 0xFFFFFFFF
        distinct += inside[token] == 0
        inside[token] += 1
        while (found[last] >> 32) - (found[first] >> 32) >= width:
            gone = found[first] & 0xFFFFFFFF
            inside[gone] -= 1
            distinct -= inside[gone] == 0
            first += 1
        best = max(best, distinct)
    return best
