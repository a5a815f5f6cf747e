"""Pages flattened by a naive scraper, menus and all: what is like the article stays, what surrounds it goes.

Which pages those are is told by their many short lines, what of them stays by `dedup.boilerplate.likeness`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from dedup.boilerplate.likeness import hash_words_of, weigh
from dedup.boilerplate.page import LONG_WORDS, PROSE_WORDS, TITLE_CHARACTERS, TITLE_WORDS
from dedup.boilerplate.shape import Shape, are_short, lengths, measure, select
from dedup.boilerplate.titles import MIN_TAIL
from dedup.kernels import density as kernels
from dedup.text.groups import ascending
from dedup.text.lines import FINAL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.boilerplate.likeness import Reader
    from dedup.text.lines import LineTable

RULE: Final = "density/flattened"
SITE_SHARE: Final = 0.3  # of the pages of a site that must look flattened before any is touched; see find_flattened_sites

# When a page counts as flattened. Of 728 flattened pages in English, Greek and Polish 669 are found after the packs, and 57 of the
# others by HABIT (43 are of one site, of whose menus the packs leave four lines). Limits were tightened on 27,956 clean Arabic
# articles until 5 were left (two poems, a list of tweets, a table of votes, 418 numbers of applicants); of 2,000 pages in the seeds'
# shapes none.
SHORT_LINES: Final = 15
SHORT_SHARE: Final = 0.3
HEAD_LINES: Final = 3  # menus come before the first prose; articles with lists begin with prose
REPEATED: Final = (10, 0.15)  # so many short lines, this share of all, that stand on other pages of the source tell by themselves
HABIT: Final = (5, 0.8)  # so many pages of a source, this share of all, flattened as they were read: all are. Of Arabic ones 3 %
MOSTLY_SHORT: Final = (60, 0.5)  # ... or are so many that it does not matter where they stand

# What is added to the log odds of `likeness.weigh`. Trees that have not seen a site score by line on its pages (five parts, two
# draws) noise F1 .951 at content recall .897 with a shift of 1.0, .949 at .917 with 1.5, .948 at .919 with 1.6, .947 at .920 with
# 1.7, .943 at .929 with 2.0; trees that have not seen a language .949 at .895, .946 at .917, .945 at .918, .943 at .920, .937 at .929.
# That is one pass, before repetition over the corpus takes its part (.004 of F1 on all pages). It flatters a little: the other
# constants were chosen on all pages. From benchmarks/fit_density.py.
SHIFT: Final = 1.7
BEST: Final = 2.5  # what the densest line of a page scores at least: a short article among long menus is still one
SWITCH: Final = 0.5  # cost of a change between keeping and removing, in the same unit

# After that, found by trying on the same pages:
GAP: Final = (25, 0.5)  # lines between two kept ones stay: at most so many, at most this share of them tiny
TINY: Final = 3.0
TRIMMED: Final = 2.0  # shorter lines at either end of what stays go: menus of a word or two beside the title; none of these is labelled
TITLE_REACH: Final = 10  # lines before the first prose among which the title is looked for
TITLE_APPEAL: Final = (0.1, 1.0, -0.5)  # for each word up to eight; standing twice on the page; ending like a sentence
TITLE_SHARE: Final = 0.3  # of its source's pages may carry a title, in their lists of news
LEAD_REACH: Final = 4  # so near the first prose every unrepeated line of some length stays
LEAD_WORDS: Final = 4.0


def find_flattened(
    lines: LineTable, rows: NDArray[np.int64], unit: NDArray[np.int64], source: NDArray[np.int64], read: Reader
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Rows of the line table that go, and the units that were decided to be flattened pages (others lose nothing).

    `rows`: lines that stay, in order; `unit`: the output document of each; `source`: of each unit; `read`: gives the bytes of
    rows. Looked at until nothing more goes: what is left would be left alone (promise P4).
    """
    flattened = np.zeros(len(source), np.bool_)
    gone = np.zeros(len(rows), np.bool_)
    standing = np.arange(len(rows))
    sources = int(source.max(initial=-1)) + 1
    habit = habits_as_read(lines, rows, source[unit], sources)
    # A page is first judged whole, whatever articles were cut out of it before; then each part as a document of its own.
    for page in (lines.document[rows].astype(np.int64), unit):
        while len(standing):
            place = source[unit[standing]]
            shape = measure(lines, rows[standing], page[standing], place)
            asked = find_pages(shape, page[standing]) | habit[place]
            chosen = standing[asked]
            keep = choose(lines, rows[chosen], unit[chosen], select(shape, asked), read) if len(chosen) else np.zeros(0, np.bool_)
            keep[keep] = ~find_crumbs(lines, rows[chosen[keep]], unit[chosen[keep]], read)
            if keep.all():
                break
            flattened[unit[chosen[~keep]]] = True
            gone[chosen[~keep]] = True
            standing = standing[~gone[standing]]
            habit = find_habits(lines, rows[standing], page[standing], source[unit[standing]], sources)
    return rows[gone], flattened


def find_habits(
    lines: LineTable, rows: NDArray[np.int64], page: NDArray[np.int64], place: NDArray[np.int64], sources: int
) -> NDArray[np.bool_]:
    """For each source whether nearly all its pages look flattened: then all of them are. `page`, `place`: see `measure`."""
    opens = np.flatnonzero(np.r_[True, page[1:] != page[:-1]])[: len(rows)]
    number = np.repeat(np.arange(len(opens)), np.diff(np.r_[opens, len(rows)]))
    source = place[opens]
    pages = np.bincount(source, minlength=sources)

    def among(flat: NDArray[np.bool_]) -> NDArray[np.bool_]:
        found = np.bincount(source[flat], minlength=sources)
        return (found >= HABIT[0]) & (found >= HABIT[1] * pages)

    # Most corpora hold no such source, and are not measured for it: pages with few short lines are out at once.
    short = are_short(lengths(lines, rows), (lines.flags[rows] & FINAL) != 0)
    likely = among(np.bincount(number, short, len(opens)) >= REPEATED[1] * np.bincount(number, minlength=len(opens)))
    chosen = likely[place]
    if not chosen.any():
        return likely
    rows, number, place = rows[chosen], number[chosen], place[chosen]
    flat = np.zeros(len(opens), np.bool_)
    flat[number[find_pages(measure(lines, rows, number, place), number)]] = True
    return among(flat)


def habits_as_read(lines: LineTable, rows: NDArray[np.int64], source: NDArray[np.int64], sources: int) -> NDArray[np.bool_]:
    """Habits of the sources of documents as they were read: with the lines that rules took. `source`: of each of `rows`."""
    place = np.full(int(lines.document.max(initial=-1)) + 1, -1, np.int64)
    place[lines.document[rows]] = source
    every = np.flatnonzero(place[lines.document] >= 0)
    page = lines.document[every].astype(np.int64)
    return find_habits(lines, every, page, place[page], sources)


def find_pages(shape: Shape, page: NDArray[np.int64]) -> NDArray[np.bool_]:
    """For each line, whether its page is a flattened one: many short lines that are no sentences, around some prose."""
    short = are_short(shape.length, shape.final)
    sentence = shape.final & (shape.length >= PROSE_WORDS)
    opens = np.r_[True, page[1:] != page[:-1]]
    number = np.cumsum(opens) - 1
    count, shorts, prose, head, repeated = kernels.measure_pages(number, short, sentence, shape.holders > 1, int(opens.sum()))
    flat = (shorts >= SHORT_LINES) & (shorts >= SHORT_SHARE * count) & (prose > 0)
    mostly = (shorts >= MOSTLY_SHORT[0]) & (shorts >= MOSTLY_SHORT[1] * count)
    known = (repeated >= REPEATED[0]) & (repeated >= REPEATED[1] * count) & (prose > 0)
    return np.asarray((flat & ((head >= HEAD_LINES) | mostly) | known)[number], np.bool_)


def choose(lines: LineTable, rows: NDArray[np.int64], unit: NDArray[np.int64], shape: Shape, read: Reader) -> NDArray[np.bool_]:
    """Which lines of flattened pages stay."""
    return finish(lines, rows, unit, shape, weigh(lines, rows, unit, shape, read) + SHIFT)


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
    tiny = shape.length < TINY
    filled = kernels.trim_runs(kernels.fill_gaps(keep, unit, tiny, repeated, *GAP), unit, (shape.length < TRIMMED) & ~shape.final)
    words = lines.words[rows]
    shaped = (words >= TITLE_WORDS[0]) & (words <= TITLE_WORDS[1]) & (lines.characters[rows] <= TITLE_CHARACTERS)
    lead = shaped & ~repeated & (shape.length >= LEAD_WORDS)
    shaped &= (~repeated | shape.again) & (~repeated | (shape.share <= TITLE_SHARE))
    per_word, twice, ended = TITLE_APPEAL
    appeal = per_word * np.minimum(shape.length, 8.0) + twice * shape.again + ended * shape.final
    return kernels.add_titles(keep, filled, unit, shape.length, shape.final, shape.prose, shaped, appeal, lead, TITLE_REACH, LEAD_REACH)


def find_crumbs(lines: LineTable, rows: NDArray[np.int64], unit: NDArray[np.int64], read: Reader) -> NDArray[np.bool_]:
    """First lines of units that end in the whole of a later line: the way through the site to the page, with its title at the end.

    If they stayed, the title itself would go for the tail of one (`dedup.boilerplate.titles`).
    """
    crumbs = np.zeros(len(rows), np.bool_)
    opens = np.flatnonzero(np.r_[True, unit[1:] != unit[:-1]])[: len(rows)]
    doubtful = (lines.words[rows[opens]] > MIN_TAIL) & (lines.words[rows[opens]] < LONG_WORDS)
    stops = np.r_[opens[1:], len(rows)][doubtful]
    opens = opens[doubtful]
    if len(opens):
        words, line = hash_words_of(lines, rows[opens], read)
        crumbs[opens] = kernels.end_in_others(
            words, np.searchsorted(line, np.arange(len(opens) + 1)), lines.first[rows], opens, stops, MIN_TAIL
        )
    return crumbs


def find_flattened_sites(
    lines: LineTable, rows: NDArray[np.int64], unit: NDArray[np.int64], source: NDArray[np.int64], read: Reader
) -> NDArray[np.int64]:
    """Rows that go, on sites whose pages are flattened by habit.

    A scraper flattens all pages of a site or none: a single page of lists among a site's articles is an article of lists (five
    of 28,000 real articles look flattened, each alone at its site).
    """
    gone, flattened = find_flattened(lines, rows, unit, source, read)
    if not len(gone):
        return gone
    filled = ascending(unit)
    pages = np.bincount(source[filled], minlength=int(source.max()) + 1)
    flat = np.bincount(source, flattened, int(source.max()) + 1)
    habit = flat >= SITE_SHARE * pages
    holder = np.zeros(len(lines), np.int64)
    holder[rows] = unit
    return gone[habit[source[holder[gone]]]]
