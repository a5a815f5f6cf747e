"""Marked lines, one behind the other in a buffer: which are the same, and which hint words stand in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup.kernels.fold import Bytes, Codes, Hashes, fold_codes, word_hashes
from dedup.kernels.hashing import SECOND, mix
from dedup.kernels.jit import inlined, kernel
from dedup.kernels.lines import is_marked
from dedup.kernels.tables import look_up

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]


@inlined
def is_same(text: Bytes, left: int, right: int, size: int) -> bool:
    """Whether two stretches of `size` bytes are the same."""
    for k in range(size):
        if text[left + k] != text[right + k]:
            return False
    return True


@kernel
def find_same(text: Bytes, bounds: Integers, slots: Integers, out: Integers) -> None:
    """For each line text[bounds[i]:bounds[i + 1]] the first line of the same bytes. `slots`: an open-addressing table, size a
    power of two, empty slots -1.
    """
    mask = np.uint64(slots.size - 1)
    for i in range(out.size):
        size = bounds[i + 1] - bounds[i]
        h = SECOND
        for k in range(bounds[i], bounds[i + 1]):
            h = (h ^ np.uint64(text[k])) * SECOND
        slot = mix(h) & mask
        while slots[slot] >= 0:
            other = slots[slot]
            if bounds[other + 1] - bounds[other] == size and is_same(text, bounds[other], bounds[i], size):
                break
            slot = (slot + np.uint64(1)) & mask
        if slots[slot] < 0:
            slots[slot] = i
        out[i] = slots[slot]


@kernel
def find_hints(
    text: Bytes,
    bounds: Integers,
    asked: Integers,
    table: Codes,
    expansions: Codes,
    trigger_keys: Hashes,
    trigger_values: NDArray[np.int32],
    outer: Hashes,
    hints: Hashes,
    numbers: NDArray[np.int32],
    scratch: Codes,
    words: Hashes,
    count: NDArray[np.int32],
    phrased: NDArray[np.bool_],
    line: NDArray[np.int32],
    found: NDArray[np.int32],
) -> int:
    """For each line of `asked` its number of words and whether the outer ones begin or end a phrase; and (line, hint) for each
    word that is a hint, by its number in `numbers`. Returns how many of these; what does not
    fit is counted only.
    """
    n = 0
    for i in range(asked.size):
        length = fold_codes(text, bounds[asked[i]], bounds[asked[i] + 1], table, expansions, scratch)
        k = word_hashes(scratch, length, words)
        count[i] = k
        phrased[i] = k > 0 and is_marked(words, k, trigger_keys, trigger_values, outer)
        for w in range(k):
            number = look_up(hints, numbers, words[w])
            if number > 0:
                if n < line.size:
                    line[n] = i
                    found[n] = number
                n += 1
    return n
