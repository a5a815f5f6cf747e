"""Which paragraph may go for which: as planted, by our rule, by Jaccard. Found without any of the program's code.

Every answer is a `Truth`: a class for each paragraph (members of one class may go for each other), and edges between classes.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import xxhash
from benchmarks.peers.common import paragraphs
from numba import njit
from tests import oracles
from tests.oracles import character_shingles, containment, letters, numbers, word_shingles

if TYPE_CHECKING:
    from numpy.typing import NDArray

THRESHOLD, CHARACTERS, FLOOR = 0.85, 0.85, 0.65  # the defaults of dedup; FLOOR: of word pairs, below which letters are not asked


class Corpus(NamedTuple):
    """All paragraphs of a folder but the furniture. `text_class`: equal texts have one number; `texts`: one of each."""

    number: dict[tuple[str, int], int]
    kinds: dict[str, int]
    cluster: NDArray[np.int64]
    text_class: NDArray[np.int64]
    texts: list[str]


class Truth(NamedTuple):
    """`class_of` each paragraph; class goes[e] may go as long as a member of class stays[e] is kept."""

    class_of: NDArray[np.int64]
    goes: NDArray[np.int64]
    stays: NDArray[np.int64]


def read_corpus(folder: Path) -> Corpus:
    """A generated folder and its truth."""
    origin: dict[str, str] = {}
    kinds = {"exact": 0, "near": 0, "template": 0, "furniture": 0}
    furniture = set()
    with open(f"{folder}.truth.jsonl", encoding="utf-8") as file:
        for row in map(json.loads, file):
            kinds[row["kind"]] += 1
            if row["kind"] == "furniture":
                furniture.add(row["paragraph"])
            elif row["kind"] != "template":  # a template is a text of its own
                origin[row["paragraph"]] = row["of"]
    number: dict[tuple[str, int], int] = {}
    places: dict[str, int] = {}
    classes: dict[str, int] = {}
    text_class = []
    for document, ordinal, text in paragraphs(folder):
        place = f"{document}#{ordinal}"
        if place in furniture:
            continue
        places[place] = number[document, ordinal] = len(number)
        text_class.append(classes.setdefault(text, len(classes)))
    cluster = np.arange(len(number))
    for place, of in origin.items():
        cluster[places[place]] = places[of]
    return Corpus(number, kinds, cluster, np.array(text_class, np.int64), list(classes))


def truths_of(folder: Path, corpus: Corpus, jaccard: float) -> dict[str, Truth]:
    """All three. What takes minutes is kept beside the folder, under a name that changes with what finds it."""
    finders = (Path(__file__), Path(oracles.__file__), Path(f"{folder}.truth.jsonl"))
    digest = xxhash.xxh3_64_hexdigest(b"".join(path.read_bytes() for path in finders) + str(jaccard).encode())
    file = Path(f"{folder}.{digest}.npz")
    if not file.exists():
        found = {"rule": by_rule(corpus), "jaccard": by_jaccard(corpus, jaccard)}
        np.savez(file, **{f"{name}_{side}": getattr(truth, side) for name, truth in found.items() for side in ("goes", "stays")})
    with np.load(file) as kept:
        edges = {name: (kept[f"{name}_goes"], kept[f"{name}_stays"]) for name in ("rule", "jaccard")}
    return {"planted": planted(corpus)} | {name: Truth(corpus.text_class, *both) for name, both in edges.items()}


def planted(corpus: Corpus) -> Truth:
    """What the generator copied: a paragraph, its copies and its near-copies are one class."""
    none = np.zeros(0, np.int64)
    return Truth(corpus.cluster, none, none)


def by_jaccard(corpus: Corpus, threshold: float) -> Truth:
    """Pairs of texts with so much Jaccard similarity of their word pairs (split at white space), brute force."""
    words = (text.split() for text in corpus.texts)
    sets = [{" ".join(each[k : k + 2]) for k in range(max(len(each) - 1, 1))} for each in words]
    left, right, common, sizes = overlaps(sets, threshold)
    alike = common / (sizes[left] + sizes[right] - common) >= threshold
    left, right = left[alike], right[alike]
    return Truth(corpus.text_class, np.r_[left, right], np.r_[right, left])


def by_rule(corpus: Corpus) -> Truth:
    """Pairs that pass the rule of `docs/how-it-decides.md`, by brute force and the tests' oracle of it."""
    sets = [word_shingles(text) for text in corpus.texts]
    left, right, _, _ = overlaps([{" ".join(each) for each in some} for some in sets], FLOOR)
    asked = np.unique(np.r_[left, right]).tolist()
    known = {k: (sets[k], character_shingles(corpus.texts[k]), numbers(corpus.texts[k]), letters(corpus.texts[k])) for k in asked}
    goes, stays = [], []
    for one, two in zip(left.tolist(), right.tolist(), strict=True):
        forth, back = _may_go(known[one], known[two]), _may_go(known[two], known[one])
        for passed, a, b in ((forth, one, two), (back, two, one)):
            if passed and (known[a][3] <= known[b][3] or (forth and back)):
                goes.append(a)
                stays.append(b)
    return Truth(corpus.text_class, np.array(goes, np.int64), np.array(stays, np.int64))


def _may_go(removed: tuple, kept: tuple) -> bool:
    words = containment(removed[0], kept[0])
    if words < THRESHOLD and (words < FLOOR or containment(removed[1], kept[1]) < CHARACTERS):
        return False
    return removed[2] <= kept[2]


def overlaps(sets: list, share: float) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """All pairs of which the smaller has `share` of its members in the larger: left, right, members shared; and sizes of all."""
    sizes = np.array([len(each) for each in sets], np.int64)
    hashes = np.fromiter((xxhash.xxh3_64_intdigest(member.encode()) for each in sets for member in each), np.uint64, int(sizes.sum()))
    _, tokens = np.unique(hashes, return_inverse=True)
    bounds = np.r_[0, np.cumsum(sizes)]
    holder = np.repeat(np.arange(len(sets)), sizes)
    order = np.argsort(tokens, kind="stable")
    starts = np.r_[0, np.cumsum(np.bincount(tokens))]
    found = _count_all(tokens, bounds, holder[order], starts, share)
    return found[:, 0], found[:, 1], found[:, 2], sizes


@njit(cache=True)
def _count_all(tokens, bounds, holders, starts, share):
    """For each set, how many members it shares with every earlier one: all of them, through the lists of holders."""
    count = np.zeros(bounds.size - 1, np.int64)
    met = np.empty(bounds.size - 1, np.int64)
    out = np.empty((1024, 3), np.int64)
    rows = 0
    for x in range(bounds.size - 1):
        size, seen = bounds[x + 1] - bounds[x], 0
        for i in range(bounds[x], bounds[x + 1]):
            for h in range(starts[tokens[i]], starts[tokens[i] + 1]):
                y = holders[h]
                if y >= x:
                    break
                if count[y] == 0:
                    met[seen] = y
                    seen += 1
                count[y] += 1
        for k in range(seen):
            y = met[k]
            if count[y] >= share * min(size, bounds[y + 1] - bounds[y]) - 1e-9:
                if rows == len(out):
                    larger = np.empty((2 * rows, 3), np.int64)
                    larger[:rows] = out
                    out = larger
                out[rows, 0], out[rows, 1], out[rows, 2] = y, x, count[y]
                rows += 1
            count[y] = 0
    return out[:rows]
