"""Pages flattened by a naive scraper, menus and all: the article's dense runs stay, what surrounds them goes.

No word is looked at, so any language will do: only how long lines are, whether they end like sentences, what stands around
them, and which of them stand on other pages of the same source.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from dedup.boilerplate.page import LONG_WORDS, PROSE_WORDS, TITLE_CHARACTERS, TITLE_WORDS
from dedup.kernels import density as kernels
from dedup.text.groups import ascending
from dedup.text.lines import FINAL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.text.lines import LineTable

RULE: Final = "density/flattened"
SITE_SHARE: Final = 0.3  # of the pages of a site that must look flattened before any is touched; see find_flattened_sites

# A word is worth 6.5 characters: with its space it has 5.8 in the English pages of the samples, 6.0 in Arabic, 6.7 in Greek, 6.9
# in Polish. Scripts without spaces fold to a word a character (1.3 with marks); that such a word says 0.6 of one is an estimate.
WORD_CHARACTERS: Final = 6.5
UNSPACED: Final = (2.0, 0.6)

# When a page counts as flattened. Of 728 flattened pages in English, Greek and Polish 671 are found, after the packs (43 of the
# others are of one site, of whose menus the packs leave four lines). Limits were tightened on 27,956 clean Arabic articles until
# 5 were left (two poems, a list of tweets, a table of votes, 418 numbers of applicants); of 2,000 pages in the seeds' shapes none.
SHORT: Final = 4.0  # a menu entry: at most so many words, not ended like a sentence
WORDLESS: Final = 0.5  # a line of a few symbols without a word measures less
SHORT_LINES: Final = 15
SHORT_SHARE: Final = 0.3
HEAD_LINES: Final = 3  # menus come before the first prose; articles with lists begin with prose
REPEATED: Final = (10, 0.15)  # so many short lines, this share of all, that stand on other pages of the source tell by themselves
MOSTLY_SHORT: Final = (60, 0.5)  # ... or are so many that it does not matter where they stand

# Score of a line: log odds of being content, by logistic regression on those 728 pages (a site counts by the square root of
# its lines), moved by SHIFT towards keeping. All passes, weights from half the sites and score on the others, four times: noise
# F1 by line .950 at content recall .886 (.957 by character); a shift of 0.8 gives .946 at .892, 1.2 .940 at .899, 1.6 .933 at
# .913. With every page a source of its own, so without repetition, .917 at .884 (shift 0.8). Those figures flatter: the other
# constants were chosen on all sites. Shift, best, switch and gap chosen on half the sites as well: .941 at .892 (one pass).
# In the order of the columns of `kernels.describe`. "around": 8 lines before and after, "beside": 1, "prose around": 3.
WEIGHTS: Final = {
    "bias": -0.406,
    "length": 0.149,
    "final": -0.388,
    "final x length": 0.534,
    "share": -2.11,
    "repeated x length": -0.914,
    "again": 0.803,
    "lone": -1.011,
    "beside": 0.304,
    "around": 1.184,
    "ended around": 0.831,
    "prose around": 0.374,
    "weight before": 0.284,
    "weight after": 0.362,
    "weight far after": -0.482,
    "part before": -5.899,
    "part after": -4.159,
}
SHIFT: Final = 0.8
BEST: Final = 2.5  # what the densest line of a page scores at least: a short article among long menus is still one
SWITCH: Final = 1.0  # cost of a change between keeping and removing, in the same unit

# After that, found by trying on the same pages:
GAP: Final = (25, 0.3)  # lines between two kept ones stay: at most so many, at most this share of them tiny
TINY: Final = 3.0
TITLE_REACH: Final = 10  # lines before the first prose among which the title is looked for
TITLE_APPEAL: Final = (0.1, 1.0, -0.5)  # for each word up to eight; standing twice on the page; ending like a sentence
TITLE_SHARE: Final = 0.3  # of its source's pages may carry a title, in their lists of news
LEAD_REACH: Final = 4  # so near the first prose every unrepeated line of some length stays
LEAD_WORDS: Final = 4.0


@dataclass(frozen=True, slots=True)
class Shape:
    """What is known of the standing lines without their words. `length`: in words of a script with spaces; `holders`:
    distinct pages of the source it stands on, `share`: of the other pages; `again`: more than once on its page; `lone`: the
    source has one page.
    """

    length: NDArray[np.float64]
    final: NDArray[np.bool_]
    prose: NDArray[np.bool_]
    holders: NDArray[np.int64]
    share: NDArray[np.float64]
    again: NDArray[np.bool_]
    lone: NDArray[np.bool_]


def find_flattened(
    lines: LineTable, rows: NDArray[np.int64], unit: NDArray[np.int64], source: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Rows of the line table that go, and the units that were decided to be flattened pages (others lose nothing).

    `rows`: lines that stay, in order; `unit`: the output document of each; `source`: of each unit. Looked at until nothing
    more goes: what is left would be left alone (promise P4).
    """
    flattened = np.zeros(len(source), np.bool_)
    gone = np.zeros(len(rows), np.bool_)
    standing = np.arange(len(rows))
    # A page is first judged whole, whatever articles were cut out of it before; then each part as a document of its own.
    for page in (lines.document[rows].astype(np.int64), unit):
        while len(standing):
            shape = measure(lines, rows[standing], page[standing], source[unit[standing]])
            asked = find_pages(shape, page[standing])
            chosen = standing[asked]
            keep = choose(lines, rows[chosen], unit[chosen], select(shape, asked)) if len(chosen) else np.zeros(0, np.bool_)
            if keep.all():
                break
            flattened[unit[chosen[~keep]]] = True
            gone[chosen[~keep]] = True
            standing = standing[~gone[standing]]
    return rows[gone], flattened


def measure(lines: LineTable, rows: NDArray[np.int64], page: NDArray[np.int64], place: NDArray[np.int64]) -> Shape:
    """The shape of lines. `page`: of each line, in order; `place`: its source."""
    words, characters = lines.words[rows].astype(np.float64), lines.characters[rows]
    length = np.where(characters < UNSPACED[0] * words, UNSPACED[1] * words, (words + characters / WORD_CHARACTERS) / 2)
    final = (lines.flags[rows] & FINAL) != 0
    opens = np.flatnonzero(np.r_[True, page[1:] != page[:-1]])
    number = np.repeat(np.arange(len(opens)), np.diff(np.r_[opens, len(page)]))
    size = 1 << max(4, (2 * len(rows)).bit_length())
    slot = kernels.find_slots(lines.first[rows], place, np.zeros(size, np.uint64))
    holders = kernels.count_pages(slot, number, np.ones(len(opens), np.bool_), size)
    distinct = kernels.find_firsts(slot, number, length, holders, size, len(opens))
    holders = kernels.count_pages(slot, number, distinct, size)
    pages = np.bincount(place[opens], distinct)[place]
    again = kernels.count_inside(slot, number, size)
    share = (holders - 1) / np.maximum(pages - 1, 1)
    return Shape(length, final, (length >= LONG_WORDS) | (final & (length >= PROSE_WORDS)), holders, share, again, pages <= 1)


def select(shape: Shape, asked: NDArray[np.bool_]) -> Shape:
    """The shape of some of the lines."""
    return Shape(*(getattr(shape, name)[asked] for name in Shape.__slots__))


def find_pages(shape: Shape, page: NDArray[np.int64]) -> NDArray[np.bool_]:
    """For each line, whether its page is a flattened one: many short lines that are no sentences, around some prose."""
    short = (shape.length <= SHORT) & (shape.length > WORDLESS) & ~shape.final
    sentence = shape.final & (shape.length >= PROSE_WORDS)
    opens = np.r_[True, page[1:] != page[:-1]]
    number = np.cumsum(opens) - 1
    count, shorts, prose, head, repeated = kernels.measure_pages(number, short, sentence, shape.holders > 1, int(opens.sum()))
    flat = (shorts >= SHORT_LINES) & (shorts >= SHORT_SHARE * count) & (prose > 0)
    mostly = (shorts >= MOSTLY_SHORT[0]) & (shorts >= MOSTLY_SHORT[1] * count)
    known = (repeated >= REPEATED[0]) & (repeated >= REPEATED[1] * count) & (prose > 0)
    return np.asarray((flat & ((head >= HEAD_LINES) | mostly) | known)[number], np.bool_)


def choose(lines: LineTable, rows: NDArray[np.int64], unit: NDArray[np.int64], shape: Shape) -> NDArray[np.bool_]:
    """Which lines of flattened pages stay."""
    features = kernels.describe(unit, shape.length, shape.final, shape.prose, shape.share, shape.again, shape.lone)
    bias, *weights = WEIGHTS.values()
    score = kernels.weigh(features, np.array(weights), bias + SHIFT)
    return finish(lines, rows, unit, shape, score)


def lift(score: NDArray[np.float64], page: NDArray[np.int64]) -> NDArray[np.float64]:
    """Scores with those of a page where hardly any line would stay raised until its densest place stays."""
    opens = np.flatnonzero(np.r_[True, page[1:] != page[:-1]])
    best = np.maximum.reduceat(score, opens)
    return np.asarray(score + np.repeat(np.maximum(BEST - best, 0.0), np.diff(np.r_[opens, len(page)])), np.float64)


def finish(
    lines: LineTable, rows: NDArray[np.int64], unit: NDArray[np.int64], shape: Shape, score: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """From scores to lines that stay: the best runs, the gaps in them, and the title before them."""
    score = lift(score, lines.document[rows].astype(np.int64))
    repeated = shape.holders > 1
    keep = kernels.best_path(score, unit, SWITCH)
    filled = kernels.fill_gaps(keep, unit, shape.length < TINY, repeated, *GAP)
    words = lines.words[rows]
    shaped = (words >= TITLE_WORDS[0]) & (words <= TITLE_WORDS[1]) & (lines.characters[rows] <= TITLE_CHARACTERS)
    lead = shaped & ~repeated & (shape.length >= LEAD_WORDS)
    shaped &= (~repeated | shape.again) & (~repeated | (shape.share <= TITLE_SHARE))
    per_word, twice, ended = TITLE_APPEAL
    appeal = per_word * np.minimum(shape.length, 8.0) + twice * shape.again + ended * shape.final
    return kernels.add_titles(keep, filled, unit, shape.length, shape.final, shape.prose, shaped, appeal, lead, TITLE_REACH, LEAD_REACH)


def find_flattened_sites(
    lines: LineTable, rows: NDArray[np.int64], unit: NDArray[np.int64], source: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Rows that go, on sites whose pages are flattened by habit.

    A scraper flattens all pages of a site or none: a single page of lists among a site's articles is an article of lists (five
    of 28,000 real articles look flattened, each alone at its site).
    """
    gone, flattened = find_flattened(lines, rows, unit, source)
    if not len(gone):
        return gone
    filled = ascending(unit)
    pages = np.bincount(source[filled], minlength=int(source.max()) + 1)
    flat = np.bincount(source, flattened, int(source.max()) + 1)
    habit = flat >= SITE_SHARE * pages
    holder = np.zeros(len(lines), np.int64)
    holder[rows] = unit
    return gone[habit[source[holder[gone]]]]
