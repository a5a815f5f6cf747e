"""Kernels for what stands around a line: its words in the rest of the page, sums over its neighbours, the page's main stretch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup.kernels.fold import Bytes, Codes, Hashes, fold_codes, word_hashes
from dedup.kernels.hashing import pair
from dedup.kernels.jit import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Floats = NDArray[np.float64]


@kernel
def hash_lines(text: Bytes, ends: Integers, table: Codes, expansions: Codes, scratch: Codes, words: Hashes, line: Integers) -> int:
    """Word hashes of lines that stand one behind the other, the line of each beside it. Returns the number of words.

    `ends`: where each line ends; `scratch` has room for the longest, `words` and `line` for all.
    """
    count = 0
    begin = 0
    for i in range(ends.size):
        found = word_hashes(scratch, fold_codes(text, begin, ends[i], table, expansions, scratch), words[count:])
        line[count : count + found] = i
        count += found
        begin = ends[i]
    return count


@kernel
def hash_pairs(words: Hashes, line: Integers) -> Hashes:
    """For each word the hash of it and the next one of its line; of the last word of a line, 0."""
    out = np.zeros(words.size, np.uint64)
    for i in range(words.size - 1):
        if line[i] == line[i + 1]:
            out[i] = pair(words[i], words[i + 1])
    return out


@kernel
def sum_around(values: Floats, unit: Integers, reaches: Integers) -> Floats:
    """Means over the neighbours of each line: for each row of `values` and each reach a column for the lines before and one for
    those after. Beyond the ends of the unit there are zeros.
    """
    kinds, n = values.shape
    out = np.empty((n, kinds * reaches.size * 2))
    total = np.zeros((kinds, n + 1))
    for k in range(kinds):
        for i in range(n):
            total[k, i + 1] = total[k, i] + values[k, i]
    low = 0
    while low < n:
        high = low
        while high < n and unit[high] == unit[low]:
            high += 1
        for i in range(low, high):
            column = 0
            for k in range(kinds):
                for reach in reaches:
                    out[i, column] = (total[k, i] - total[k, max(i - reach, low)]) / reach
                    out[i, column + 1] = (total[k, min(i + 1 + reach, high)] - total[k, i + 1]) / reach
                    column += 2
        low = high
    return out


@kernel
def find_stretches(weight: Floats, unit: Integers, floor: float) -> tuple[Integers, Integers]:
    """For each line where the stretch of its unit begins, and ends, over which the sum of `weight - floor` is largest."""
    n = weight.size
    begins = np.empty(n, np.int64)
    ends = np.empty(n, np.int64)
    low = 0
    while low < n:
        begin, end, best = low, low + 1, -1.0
        start, total = low, 0.0
        high = low
        while high < n and unit[high] == unit[low]:
            if total <= 0.0:
                start, total = high, 0.0
            total += weight[high] - floor
            high += 1
            if total > best:
                begin, end, best = start, high, total
        begins[low:high] = begin
        ends[low:high] = end
        low = high
    return begins, ends


@kernel
def ask_trees(features: Floats, root: Integers, column: Integers, limit: Floats, less: Integers, more: Integers) -> Floats:
    """Sum of what the trees say of each row. A node sends a row on to `less` if its column is at most `limit`, else to `more`;
    a node without a column (-1) is a leaf and says `limit`.
    """
    out = np.zeros(features.shape[0])
    for i in range(features.shape[0]):
        for tree in range(root.size):
            node = root[tree]
            while column[node] >= 0:
                node = less[node] if features[i, column[node]] <= limit[node] else more[node]
            out[i] += limit[node]
    return out
