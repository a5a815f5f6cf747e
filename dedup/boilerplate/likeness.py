"""How much a line of a flattened page is like a line of its article: what is measured of it, and the trees that weigh that.

No word means anything here, so any language will do. What tells most is which words of a line stand in the page's prose
too: a list inside an article speaks of what the article speaks of, a list of other articles does not. On sites that were left
out, noise F1 at a content recall of .92 is .943 with trees that do not know the columns of words, .948 to .951 with logistic
regression that does, .956 with trees that do (all without what rules take afterwards: titles that stand twice).
"""

from __future__ import annotations

import itertools
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from dedup.boilerplate.shape import SHORT, Shape, select
from dedup.kernels import density, surroundings
from dedup.kernels.lines import EXPANSION_ROOM
from dedup.text.fold import fold_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from dedup.text.lines import LineTable

    Reader = Callable[[NDArray[np.int64]], NDArray[np.uint8]]

UNENDED: Final = 0.3  # weight of a word in a line that is not ended like a sentence: headlines, menus in one line
HEAVIEST: Final = 60.0  # words; a longer line tells no more
STRETCH: Final = 1.5  # lines above this logarithm of their weight make the main stretch: four words of prose, twelve of others
REACHES: Final = (1, 3, 8)
BATCH: Final = 1 << 20  # bytes of lines whose words are held at once

# The columns, in the order of `describe`. Lengths, weights, distances and counts are logarithms (of one more), the others are
# shares or yes and no. "main": the stretch of the page with most text; "lone": the source has one page.
OWN: Final = (
    "length", "final", "again", "lone", "share",
    "words in prose", "words twice in prose", "pairs in prose", "words in others", "words outside prose",
    "part before", "part after", "main before", "main after", "main weight", "page weight", "lines", "short lines",
)  # fmt: skip
AROUND: Final = ("length", "weight", "final", "repeated", "words in prose")
COLUMNS: Final = (*OWN, *(f"{name}, {reach} {side}" for name in AROUND for reach in REACHES for side in ("before", "after")))


class Trees(NamedTuple):
    """The trees, node by node, as `surroundings.ask_trees` takes them."""

    root: NDArray[np.int64]
    column: NDArray[np.int64]
    limit: NDArray[np.float64]
    less: NDArray[np.int64]
    more: NDArray[np.int64]


@cache
def trees() -> Trees:
    """The shipped trees; `benchmarks/fit_density.py` makes them."""
    shipped = json.loads(Path(__file__).with_name("likeness.json").read_text(encoding="utf-8"))
    column = np.array([COLUMNS.index(name) if name else -1 for name in shipped["column"]], np.int64)
    root, less, more = (np.array(shipped[name], np.int64) for name in ("root", "less", "more"))
    return Trees(root, column, np.array(shipped["limit"], np.float64), less, more)


def weigh(lines: LineTable, rows: NDArray[np.int64], unit: NDArray[np.int64], shape: Shape, read: Reader) -> NDArray[np.float64]:
    """Log odds of each line being of the article. `unit`: of each of the lines `rows`, in order; `read`: gives their bytes."""
    score = np.empty(len(rows))
    for batch in batches(lines.end[rows] - lines.start[rows], unit):
        features = describe(lines, rows[batch], unit[batch], select(shape, batch), read)
        score[batch] = surroundings.ask_trees(features, *trees())
    return score


def batches(sizes: NDArray[np.int64], unit: NDArray[np.int64]) -> Iterator[slice]:
    """Whole units, of about `BATCH` bytes together. What is measured never looks beyond a unit."""
    opens = np.flatnonzero(np.r_[True, unit[1:] != unit[:-1]])
    number = np.add.reduceat(sizes, opens).cumsum() // BATCH
    borders = [*opens[np.flatnonzero(np.r_[True, number[1:] != number[:-1]])].tolist(), len(unit)]
    return (slice(*pair) for pair in itertools.pairwise(borders))


def describe(lines: LineTable, rows: NDArray[np.int64], unit: NDArray[np.int64], shape: Shape, read: Reader) -> NDArray[np.float64]:
    """What is measured of the lines: one row a line, one column for each of `COLUMNS`."""
    length = np.log1p(shape.length)
    plain = exact(np.minimum(np.where(shape.final, shape.length, UNENDED * shape.length), HEAVIEST))
    weight = np.log1p(plain)
    familiar = compare_words(lines, rows, unit, shape.prose, read)
    around = exact(np.stack((length, weight, shape.final, shape.share > 0, familiar[0])))
    return np.column_stack((
        length, shape.final, shape.again, shape.lone, shape.share, *familiar,
        *_places(shape, unit, plain, weight),
        surroundings.sum_around(around, unit, np.array(REACHES, np.int64)),
    ))  # fmt: skip


def exact(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values rounded to a millionth, of a power of two: their sums are exact, so it is the same what stood before them (promise P5)."""
    return np.round(values * (1 << 20)) / (1 << 20)


def _places(
    shape: Shape, unit: NDArray[np.int64], plain: NDArray[np.float64], weight: NDArray[np.float64]
) -> tuple[NDArray[np.float64], ...]:
    """Where lines stand in the text of their unit and to its main stretch, and what unit it is."""
    at = np.arange(len(unit))
    opens = np.flatnonzero(np.r_[True, unit[1:] != unit[:-1]])
    count = np.diff(np.r_[opens, len(unit)])
    low, high = np.repeat(opens, count), np.repeat(opens + count, count)
    total = np.r_[0.0, np.cumsum(plain)]
    short = np.r_[0.0, np.cumsum((shape.length <= SHORT) & ~shape.final)]
    whole = np.maximum(total[high] - total[low], 1.0)
    begin, end = surroundings.find_stretches(weight, unit, STRETCH)
    return (
        (total[at] - total[low]) / whole, (total[high] - total[at + 1]) / whole,
        np.log1p(np.maximum(begin - at, 0)), np.log1p(np.maximum(at - end + 1, 0)), np.log1p(total[end] - total[begin]),
        np.log1p(whole), np.log1p(high - low), (short[high] - short[low]) / (high - low),
    )  # fmt: skip


def compare_words(
    lines: LineTable, rows: NDArray[np.int64], unit: NDArray[np.int64], prose: NDArray[np.bool_], read: Reader
) -> list[NDArray[np.float64]]:
    """Shares of the words of each line that stand in other lines of its unit: in prose, in two lines of prose (one counts half),
    as pairs of neighbours in prose, in any line, in any line that is no prose.
    """
    words, line = hash_words_of(lines, rows, read)
    pairs = surroundings.hash_pairs(words, line)
    size = 1 << max(4, (2 * len(words)).bit_length())
    place = unit[line]
    slot = density.find_slots(words, place, np.zeros(size, np.uint64))
    every = density.count_pages(slot, line, np.ones(len(rows), np.bool_), size)
    in_prose = density.count_pages(slot, line, prose, size)
    slot = density.find_slots(pairs, place, np.zeros(size, np.uint64))
    paired = density.count_pages(slot, line, prose, size)
    mine = prose[line].astype(np.int64)  # its own line does not count
    count = np.maximum(np.bincount(line, minlength=len(rows)), 1)

    def share(found: NDArray[Any], of: NDArray[np.int64]) -> NDArray[np.float64]:
        return np.asarray(np.bincount(line, found, len(rows)) / of, np.float64)

    known = in_prose - mine
    return [
        share(known > 0, count),
        share(np.minimum(known, 2) / 2, count),
        share((pairs > 0) & (paired > mine), np.maximum(count - 1, 1)),
        share(every > 1, count),
        share(every - in_prose > 1 - mine, count),
    ]


def hash_words_of(lines: LineTable, rows: NDArray[np.int64], read: Reader) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Hashes of the folded words of lines, and the line of each, by its place in `rows`."""
    sizes = lines.end[rows] - lines.start[rows]
    room = int(lines.words[rows].sum())
    scratch = np.empty(int(sizes.max()) * EXPANSION_ROOM + 8, np.uint32)
    words, line = np.empty(room, np.uint64), np.empty(room, np.int64)
    table = fold_table()
    count = surroundings.hash_lines(read(rows), np.cumsum(sizes), table.entries, table.expansions, scratch, words, line)
    assert count == room, "a line has as many words as when it was scanned"
    return words, line
