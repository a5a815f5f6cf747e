"""Fit the trees of `dedup/boilerplate/likeness.json`: python -m benchmarks.fit_density PAGES GOLD [--write]

PAGES: JSON lines with id, source and text; GOLD: JSON lines with id and labels, [line number from 1, "content" | "either" | a kind
of noise]. Needs lightgbm, which the program itself does not. Without --write it tells how well trees do on pages they have not seen:
those of sites, or of a language (`lang` of the records), that were left out when they were fitted. One pass of `density`, with what
rules take before and after it, without what repetition takes later; at several shifts.
"""

from __future__ import annotations

import argparse
import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from dedup.boilerplate import density, likeness
from dedup.boilerplate.shape import Shape, measure, select
from dedup.config import Config
from dedup.first_look import FirstLook
from dedup.gather import gather
from dedup.io.record import Origin, Record
from dedup.late import stripped_late
from dedup.pipeline import rules_of, triggers_of
from dedup.stages import strip_corpus
from dedup.units import make_units

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.boilerplate.packs import RuleSet
    from dedup.corpus import Corpus
    from dedup.units import Units

SETTINGS = {
    "objective": "binary", "num_leaves": 8, "learning_rate": 0.1, "min_data_in_leaf": 60, "bagging_fraction": 0.7, "bagging_freq": 1,
    "feature_fraction": 0.5, "lambda_l2": 5.0, "use_missing": False, "verbose": -1, "num_threads": 1, "deterministic": True, "seed": 1,
}  # fmt: skip
TREES = 150
SITE_WEIGHT = -0.3  # a line of a site of n lines counts n to this: pages of large sites are alike
ALONE_WEIGHT = 0.4  # each page is learnt from a second time, as the only one of its source
SHORT_WEIGHT = 0.05  # a line too short to be labelled counts so much of one that is, as what the labelled ones around it are
DIGITS = 6
FOLDS, DRAWS = 5, 2
SHIFTS = (1.0, 1.5, 1.7, 2.0)
CONTENT, NOISE, UNSCORED = 1, 0, -1


class Material(NamedTuple):
    """Lines of pages that are asked about (`rows`), with what is measured of them among their source and alone; `label` and `gone`
    (by the rules) are of all lines.
    """

    corpus: Corpus
    rules: RuleSet
    units: Units
    rows: Any
    unit: Any
    shape: Shape
    together: Any
    alone: Any
    label: Any
    gone: Any
    site: Any
    language: Any


def records(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def load(pages: Path, gold: Path) -> Material:
    rows = list(records(pages))
    labels = {row["id"]: dict(row["labels"]) for row in records(gold)}
    config, rules = Config(), rules_of(Config())
    given = (Record(row["id"], row["text"].encode(), row["source"], Origin("", k, "utf-8", bom=False), b"") for k, row in enumerate(rows))
    config = replace(config, repeats=False)
    corpus, looked = FirstLook(rules, config).finish(gather(given, triggers_of(config), 1 << 62, Path(), 1))
    stripped = strip_corpus(corpus, looked, rules, config)
    units = make_units(corpus, stripped)
    label = np.full(len(corpus.lines), UNSCORED)
    for number, row in enumerate(rows):
        at = np.cumsum([0, *(len(line) + 1 for line in row["text"].split("\n"))])
        mine = range(int(corpus.first_line[number]), int(corpus.first_line[number + 1]))
        for line in mine:
            kind = labels[row["id"]].get(int(np.searchsorted(at, corpus.lines.character[line], "right")), "either")
            label[line] = UNSCORED if kind == "either" else CONTENT if kind == "content" else NOISE
    left = np.flatnonzero(stripped.rule == 0)
    unit, page = units.of_line[left], corpus.lines.document[left].astype(np.int64)
    place = units.source[unit]
    shape = measure(corpus.lines, left, page, place)
    habit = density.habits_as_read(corpus.lines, left, place, int(place.max()) + 1)
    asked = density.find_pages(shape, page) | habit[place]
    left, unit, page, shape = left[asked], unit[asked], page[asked], select(shape, asked)

    def described(shape: Shape) -> Any:
        return np.concatenate([likeness.describe(corpus.lines, left[part], unit[part], select(shape, part), corpus.bytes_of)
                               for part in likeness.batches(corpus.lines.end[left] - corpus.lines.start[left], unit)])  # fmt: skip

    document = corpus.lines.document
    site, language = (np.array([row.get(name, "") for row in rows])[document] for name in ("source", "lang"))
    alone = described(measure(corpus.lines, left, page, page))
    return Material(corpus, rules, units, left, unit, shape, described(shape), alone, label, stripped.rule > 0, site, language)


def guessed(material: Material) -> Any:
    """Labels of the asked lines; an unscored one has that of the scored lines next before and behind it on its page, if they agree."""
    label, page = material.label[material.rows], material.corpus.lines.document[material.rows]
    at = np.arange(len(label))
    before = np.maximum.accumulate(np.where(label != UNSCORED, at, -1))
    behind = np.minimum.accumulate(np.where(label != UNSCORED, at, len(at))[::-1])[::-1]
    sure = (before >= 0) & (behind < len(at))
    before, behind = np.where(sure, before, 0), np.where(sure, behind, 0)
    sure &= (page[before] == page) & (page[behind] == page) & (label[before] == label[behind])
    return np.where(sure, label[before], label)


def fit(material: Material, among: Any) -> Any:
    """Trees from those of the asked lines that are marked in `among`."""
    import lightgbm

    scored, label = material.label[material.rows] != UNSCORED, guessed(material)
    among = among & (label != UNSCORED)
    _, number, count = np.unique(material.site[material.rows][among], return_inverse=True, return_counts=True)
    weight = count[number] ** SITE_WEIGHT
    weight *= np.where(scored[among], 1, SHORT_WEIGHT) / weight.mean()
    features = np.concatenate((material.together[among], material.alone[among]))
    data = lightgbm.Dataset(features, np.tile(label[among], 2), weight=np.concatenate((weight, ALONE_WEIGHT * weight)))
    return lightgbm.train(SETTINGS, data, TREES)


def flat(model: Any) -> dict[str, list[Any]]:
    """The trees node by node, as `likeness.trees` reads them."""
    out: dict[str, list[Any]] = {"root": [], "column": [], "limit": [], "less": [], "more": []}

    def add(node: dict[str, Any]) -> int:
        place = len(out["column"])
        leaf = "leaf_value" in node
        values = ("", node["leaf_value"], 0, 0) if leaf else (likeness.COLUMNS[node["split_feature"]], node["threshold"], 0, 0)
        for name, value in zip(("column", "limit", "less", "more"), values, strict=True):
            out[name].append(float(f"{value:.{DIGITS}g}") if name == "limit" else value)
        if not leaf:
            out["less"][place] = add(node["left_child"])
            out["more"][place] = add(node["right_child"])
        return place

    for tree in model.dump_model()["tree_info"]:
        out["root"].append(add(tree["tree_structure"]))
    return out


def folds(material: Material, seed: int) -> list[Any]:
    """Lines of each fold, whole sites together; lines of a source of many sites (more than a quarter of all) page by page."""
    lines = material.corpus.lines
    names, site, count = np.unique(material.site, return_inverse=True, return_counts=True)
    mixed = count > len(site) / 4 if len(names) > 1 else count < 0
    group = np.where(mixed[site], len(names) + lines.document, site)
    draw = np.random.default_rng(seed)
    kinds, number, size = np.unique(group, return_inverse=True, return_counts=True)
    load, fold = np.zeros(FOLDS), np.empty(len(kinds), np.int64)
    for kind in np.argsort(-size * (0.5 + draw.random(len(kinds)))):
        fold[kind] = load.argmin()
        load[fold[kind]] += size[kind]
    return [fold[number] == k for k in range(FOLDS)]


def score(material: Material, odds: Any) -> tuple[float, float]:
    """Noise F1 and content recall by line."""
    lines, gone = material.corpus.lines, material.gone.copy()
    keep = density.finish(lines, material.rows, material.unit, material.shape, odds)
    keep[keep] = ~density.find_crumbs(lines, material.rows[keep], material.unit[keep], material.corpus.bytes_of)
    gone[material.rows[~keep]] = True
    before, after = (marks.astype(np.uint8) for marks in (material.gone, gone))
    gone[list(stripped_late(material.corpus, material.rules, material.units, before, after, Config()))] = True
    noise, content = material.label == NOISE, material.label == CONTENT
    hits, misses, errors = (gone & noise).sum(), (~gone & noise).sum(), (gone & content).sum()
    return 2 * hits / (2 * hits + misses + errors), 1 - errors / content.sum()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--write", action="store_true", help="fit on all pages and write the trees into the package")
    asked = parser.parse_args()
    material = load(asked.pages, asked.gold)
    if asked.write:
        made = flat(fit(material, np.ones(len(material.rows), np.bool_)))
        place = Path(likeness.__file__).with_name("likeness.json")
        place.write_text("{\n" + ",\n".join(f'"{name}": {json.dumps(value)}' for name, value in made.items()) + "\n}\n", encoding="utf-8")
        return
    splits = {f"sites left out, draw {draw}": folds(material, draw) for draw in range(DRAWS)}
    splits["languages left out"] = [material.language == name for name in sorted(set(material.language))]
    for name, parts in splits.items():
        odds = np.zeros(len(material.rows))
        for part in parts:
            mine = part[material.rows]
            odds[mine] = fit(material, ~mine).predict(material.together[mine], raw_score=True)
        print(name)
        for shift in SHIFTS:
            f1, recall = score(material, odds + shift)
            print(f"  shift {shift:4}  noise F1 {f1:.4f}  content recall {recall:.4f}")


if __name__ == "__main__":
    main()
