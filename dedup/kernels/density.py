"""Kernels for pages flattened by a naive scraper: repetition, what surrounds each line, and the runs that stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup.kernels.hashing import pair
from dedup.kernels.jit import inlined, kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Marks = NDArray[np.bool_]
    Hashes = NDArray[np.uint64]

FEATURES = 16


@kernel
def find_slots(key: Hashes, place: Integers, slots: Hashes) -> Integers:
    """For each line the slot of its (source, folded hash) in an open-addressing table (size a power of two, empty slots 0)."""
    mask = np.uint64(slots.size - 1)
    found = np.empty(key.size, np.int64)
    for i in range(key.size):
        wanted = pair(np.uint64(place[i]), key[i]) | np.uint64(1)
        slot = wanted & mask
        while slots[slot] != np.uint64(0) and slots[slot] != wanted:
            slot = (slot + np.uint64(1)) & mask
        slots[slot] = wanted
        found[i] = slot
    return found


@kernel
def count_pages(slot: Integers, page: Integers, counted: Marks, size: int) -> Integers:
    """For each line the number of pages it stands on, of those in `counted` (one entry a page). Pages come in order."""
    seen = np.full(size, -1, np.int64)
    holders = np.zeros(size, np.int64)
    for i in range(slot.size):
        if counted[page[i]] and seen[slot[i]] != page[i]:
            seen[slot[i]] = page[i]
            holders[slot[i]] += 1
    result = np.empty(slot.size, np.int64)
    for i in range(slot.size):
        result[i] = max(holders[slot[i]], 1)
    return result


@kernel
def find_firsts(slot: Integers, page: Integers, length: Floats, holders: Integers, size: int, pages: int) -> Marks:
    """Pages that are the first with their most telling line: long, and on few pages. The others are copies of one before."""
    best = np.zeros(pages)
    telling = np.full(pages, -1, np.int64)
    for i in range(slot.size):
        weight = length[i] / holders[i]
        if weight > best[page[i]]:
            best[page[i]] = weight
            telling[page[i]] = slot[i]
    taken = np.zeros(size, np.bool_)
    first = np.ones(pages, np.bool_)
    for number in range(pages):
        if telling[number] >= 0:
            first[number] = not taken[telling[number]]
            taken[telling[number]] = True
    return first


@kernel
def count_inside(slot: Integers, page: Integers, size: int) -> Marks:
    """Whether a line stands more than once on its page."""
    seen = np.full(size, -1, np.int64)
    at = np.zeros(size, np.int64)
    again = np.zeros(slot.size, np.bool_)
    for i in range(slot.size):
        if seen[slot[i]] == page[i]:
            again[i] = True
            again[at[slot[i]]] = True
        seen[slot[i]] = page[i]
        at[slot[i]] = i
    return again


@kernel
def measure_pages(page: Integers, short: Marks, sentence: Marks, repeated: Marks, pages: int) -> Integers:
    """For each page: lines, short lines, lines of prose, short lines before the first prose, and short lines repeated elsewhere."""
    found = np.zeros((5, pages), np.int64)
    for i in range(page.size):
        p = page[i]
        found[0, p] += 1
        if sentence[i]:
            found[2, p] += 1
        if short[i]:
            found[1, p] += 1
            found[3, p] += found[2, p] == 0
            found[4, p] += repeated[i]
    return found


@inlined
def between(total: Floats, begin: int, stop: int, low: int, high: int) -> float:
    """Sum over lines begin..stop-1 that lie within low..high-1, from running totals."""
    begin = min(max(begin, low), high)
    stop = min(max(stop, low), high)
    return float(total[stop] - total[begin])


@kernel
def running(values: Floats) -> Floats:
    """Running totals, one entry more than values."""
    total = np.zeros(values.size + 1)
    for i in range(values.size):
        total[i + 1] = total[i] + values[i]
    return total


@kernel
def describe(unit: Integers, length: Floats, final: Marks, prose: Marks, share: Floats, again: Marks, lone: Marks) -> Floats:
    """The features of each line, one row a line, one column each; see `dedup.boilerplate.density` for their names."""
    n = unit.size
    log = np.log1p(length)
    weight = np.where(final, length, 0.3 * length)  # text that is not ended like a sentence weighs less: headlines, menus in one line
    weight = np.minimum(weight, 60.0)
    logs, finals = running(log), running(final.astype(np.float64))
    proses, weights, log_weights = running(prose.astype(np.float64)), running(weight), running(np.log1p(weight))
    out = np.empty((n, FEATURES))
    low = 0
    while low < n:
        high = low
        while high < n and unit[high] == unit[low]:
            high += 1
        whole = max(weights[high] - weights[low], 1.0)
        for i in range(low, high):
            repeats = 1.0 if share[i] > 0.0 else 0.0
            out[i, 0] = log[i]
            out[i, 1] = final[i]
            out[i, 2] = log[i] if final[i] else 0.0
            out[i, 3] = share[i]
            out[i, 4] = repeats * log[i]
            out[i, 5] = again[i]
            out[i, 6] = lone[i]
            out[i, 7] = (between(logs, i - 1, i + 2, low, high) - log[i]) / 2
            out[i, 8] = (between(logs, i - 8, i + 9, low, high) - log[i]) / 16
            out[i, 9] = (between(finals, i - 8, i + 9, low, high) - final[i]) / 16
            out[i, 10] = (between(proses, i - 3, i + 4, low, high) - prose[i]) / 6
            out[i, 11] = between(log_weights, i - 3, i, low, high) / 3
            out[i, 12] = between(log_weights, i + 1, i + 4, low, high) / 3
            out[i, 13] = between(log_weights, i + 1, i + 9, low, high) / 8
            out[i, 14] = (weights[i] - weights[low]) / whole
            out[i, 15] = (weights[high] - weights[i + 1]) / whole
        low = high
    return out


@kernel
def weigh(features: Floats, weights: Floats, bias: float) -> Floats:
    """Weighted sum of each row. Not left to BLAS: that took a third of the whole stage on small batches."""
    out = np.full(features.shape[0], bias)
    for i in range(features.shape[0]):
        for k in range(FEATURES):
            out[i] += features[i, k] * weights[k]
    return out


@kernel
def best_path(score: Floats, unit: Integers, switch: float) -> Marks:
    """The lines that stay when scores of staying lines are summed and every change between staying and going costs `switch`."""
    n = score.size
    keep = np.zeros(n, np.bool_)
    enters = np.zeros(n, np.bool_)
    leaves = np.zeros(n, np.bool_)
    low = 0
    while low < n:
        out, inside = 0.0, -switch
        high = low
        while high < n and unit[high] == unit[low]:
            enters[high] = out - switch > inside
            leaves[high] = inside - switch > out
            stay = max(inside, out - switch) + score[high]
            out = max(out, inside - switch)
            inside = stay
            high += 1
        state = inside - switch > out
        for i in range(high - 1, low - 1, -1):
            keep[i] = state
            state = not enters[i] if state else leaves[i]
        low = high
    return keep


@inlined
def main_run(low: int, high: int, keep: Marks, length: Floats, final: Marks) -> int:
    """Where the run of staying lines with the most text begins; -1 where none stays."""
    best, found = -1.0, -1
    i = low
    while i < high:
        if not keep[i]:
            i += 1
            continue
        begin, text = i, 0.0
        while i < high and keep[i]:
            text += length[i] if final[i] else 0.3 * length[i]
            i += 1
        if text > best:
            best, found = text, begin
    return found


@kernel
def fill_gaps(keep: Marks, unit: Integers, tiny: Marks, repeated: Marks, longest: int, share: float) -> Marks:
    """Keep as well what lies between two staying lines, if it is not long, not mostly tiny lines, and nothing of it is repeated."""
    out = keep.copy()
    before, tinies, repeats = -1, 0, 0
    for i in range(keep.size):
        if i > 0 and unit[i] != unit[i - 1]:
            before = -1
        if keep[i]:
            gap = i - before - 1
            if before >= 0 and 0 < gap <= longest and repeats == 0 and tinies <= share * gap:
                out[before + 1 : i] = True
            before, tinies, repeats = i, 0, 0
        else:
            tinies += tiny[i]
            repeats += repeated[i]
    return out


@kernel
def add_titles(
    keep: Marks,
    filled: Marks,
    unit: Integers,
    length: Floats,
    final: Marks,
    prose: Marks,
    shaped: Marks,
    appeal: Floats,
    lead: Marks,
    reach: int,
    near: int,
) -> Marks:
    """Keep as well the likeliest title among the `reach` lines before the first prose of each unit's main run.

    `shaped`: may be a title; `appeal`: how likely, 0.2 less for each line further away. Those of the last `near` lines
    that are marked in `lead` stay in any case: kickers, leads, titles over two lines.
    """
    out = filled.copy()
    low = 0
    while low < unit.size:
        high = low
        while high < unit.size and unit[high] == unit[low]:
            high += 1
        first = main_run(low, high, keep, length, final)
        if first >= 0:
            while first < high and filled[first] and not prose[first]:
                first += 1
            title, best = -1, -1e9
            for i in range(first - 1, max(low, first - reach) - 1, -1):
                value = appeal[i] - 0.2 * (first - 1 - i)
                if shaped[i] and value > best:
                    title, best = i, value
            if title >= 0:
                out[title] = True
            for i in range(max(low, first - near), first):
                if lead[i]:
                    out[i] = True
        low = high
    return out
