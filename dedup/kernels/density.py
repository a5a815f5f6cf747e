"""Kernels for pages flattened by a naive scraper: repetition, and the runs that stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup.kernels.hashing import pair
from dedup.kernels.jit import inlined, kernel
from dedup.kernels.lines import hash_tails

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Marks = NDArray[np.bool_]
    Hashes = NDArray[np.uint64]


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
        result[i] = holders[slot[i]]
    return result


@kernel
def find_firsts(key: Hashes, slot: Integers, page: Integers, length: Floats, holders: Integers, size: int, pages: int) -> Marks:
    """Pages that are the only one, or the first, with their most telling line: long, and on few pages. The others are copies.

    First is the one whose lines' hashes (`key`) have the least sum: the same in whatever order the pages come.
    """
    best = np.zeros(pages)
    telling = np.full(pages, -1, np.int64)
    whole = np.zeros(pages, np.uint64)
    for i in range(slot.size):
        whole[page[i]] += key[i]
        weight = length[i] / holders[i]
        if weight > best[page[i]]:
            best[page[i]] = weight
            telling[page[i]] = slot[i]
    holder = np.full(size, -1, np.int64)
    for number in range(pages):
        at = telling[number]
        if at >= 0 and (holder[at] < 0 or whole[number] < whole[holder[at]]):
            holder[at] = number
    first = np.ones(pages, np.bool_)
    for number in range(pages):
        if telling[number] >= 0:
            first[number] = holder[telling[number]] == number
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


@kernel
def trim_runs(keep: Marks, unit: Integers, tiny: Marks) -> Marks:
    """Staying lines without the tiny ones at either end of each run."""
    out = keep.copy()
    for step in (1, -1):
        inside = False  # behind a line of the run that is not tiny
        for k in range(keep.size):
            i = k if step == 1 else keep.size - 1 - k
            if k > 0 and unit[i] != unit[i - step]:
                inside = False
            inside = keep[i] and (inside or not tiny[i])
            out[i] &= inside
    return out


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


@kernel
def end_in_others(words: Hashes, begins: Integers, key: Hashes, opens: Integers, stops: Integers, least: int) -> Marks:
    """For each line opens[k] whether its last words, at least `least` but not all of them, are the whole of a line behind it and
    before stops[k]. Its words are words[begins[k]:begins[k + 1]]; `key`: the folded hash of every line.
    """
    found = np.zeros(opens.size, np.bool_)
    for k in range(opens.size):
        count = begins[k + 1] - begins[k]
        tails = np.empty(count, np.uint64)
        hash_tails(words[begins[k] : begins[k + 1]], count, tails)
        for word in range(1, count - least + 1):
            for i in range(opens[k] + 1, stops[k]):
                found[k] |= key[i] == tails[word]
    return found
