"""A folder of made-up Arabic news of any size, with planted repeats whose truth is known.

    python benchmarks/generate.py OUT --megabytes 100 [--seed 1]

Words follow Zipf's law and hang together in collocations; an article has 5 to 20 paragraphs of about 480 bytes. Of the paragraphs,
20 % are copies of earlier ones, 10 % near-copies (a word in twelve changed, or a clause dropped), 3 % templates (a copy with other
numbers: no duplicates), 5 % site furniture. Beside OUT, OUT.truth.jsonl says for each planted paragraph what it is made of.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from numba import njit

LETTERS = np.array(list("ابتثجحخدذرزسشصضطظعغفقكلمنهوي"))
VOCABULARY = 60_000
FURNITURE = ["إعلان", "المصدر: وكالات", "اقرأ أيضا", "تابعونا على مواقع التواصل الاجتماعي", "كلمات دلالية: أخبار اقتصاد مجتمع"]


def vocabulary(generator: np.random.Generator) -> list[str]:
    """Made-up words, shorter ones first: frequent words are short."""
    words: set[str] = set()
    while len(words) < VOCABULARY:
        lengths = np.clip(generator.poisson(4.2, VOCABULARY) + 1, 2, 11)
        words |= {"".join(generator.choice(LETTERS, length)) for length in lengths}
    return sorted(sorted(words)[:VOCABULARY], key=len)


@njit(cache=True)
def draw(rows: int, width: int, uniforms: np.ndarray, links: np.ndarray, cumulative: np.ndarray) -> np.ndarray:
    """Word numbers: Zipf, or (two in five) one of the eight words that usually follow."""
    out = np.empty((rows, width), np.int32)
    for r in range(rows):
        for k in range(width):
            first, second = uniforms[r, 2 * k], uniforms[r, 2 * k + 1]
            if k and first < 0.4:
                out[r, k] = links[out[r, k - 1], int(second * 8)]
            else:
                out[r, k] = np.searchsorted(cumulative, second)
    return out


class Newsroom:
    """Makes paragraphs, and remembers those that may be copied."""

    def __init__(self, seed: int) -> None:
        self.generator = np.random.default_rng(seed)
        self.words = vocabulary(self.generator)
        weights = 1.0 / (np.arange(VOCABULARY) + 2.7)
        self.cumulative = np.cumsum(weights / weights.sum())
        self.links = np.searchsorted(self.cumulative, self.generator.random((VOCABULARY, 8))).astype(np.int32)
        self.stock: list[tuple[str, list[str]]] = []
        self.fresh: list[list[str]] = []

    def new(self) -> list[str]:
        """A fresh paragraph."""
        if not self.fresh:
            numbers = draw(2000, 90, self.generator.random((2000, 180)), self.links, np.minimum(self.cumulative, 1 - 1e-9))
            lengths = np.clip(self.generator.normal(46, 16, 2000), 15, 90).astype(int)
            self.fresh = [[self.words[min(n, VOCABULARY - 1)] for n in row[:length]] for row, length in zip(numbers, lengths, strict=True)]
        words = self.fresh.pop()
        if self.generator.random() < 0.4:
            words[int(self.generator.integers(len(words)))] = str(int(self.generator.integers(2, 5000)))
        return words

    def old(self) -> tuple[str, list[str]]:
        """An earlier paragraph, recent ones more often: wire copy."""
        back = int(min(self.generator.exponential(3000), len(self.stock) - 1))
        return self.stock[-1 - back]

    def near(self, words: list[str]) -> list[str]:
        """A near-copy: a word in twelve changed, or the last clause dropped."""
        words = list(words)
        if self.generator.random() < 0.3:
            return words[: max(12, int(len(words) * 0.8))]
        for _ in range(max(1, len(words) // 24)):
            words[int(self.generator.integers(len(words)))] = self.words[int(self.generator.integers(200, 20_000))]
        return words

    def template(self, words: list[str]) -> list[str]:
        """The same sentence with another number."""
        return [*words[:-1], str(int(self.generator.integers(5001, 99_999))), words[-1]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--megabytes", type=float, default=100)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    room = Newsroom(args.seed)
    written = number = 0
    with Path(f"{args.out}.truth.jsonl").open("w", encoding="utf-8") as truth:
        while written < args.megabytes * 1e6:
            name = f"{number % 12:02}/{number:07}.txt"
            text = article(room, name, truth)
            path = args.out / name
            path.parent.mkdir(parents=True, exist_ok=True)
            raw = text.encode("utf-8")
            path.write_bytes(raw)
            written += len(raw)
            number += 1
    print(f"{number:,} files, {written / 1e6:.1f} MB")


def article(room: Newsroom, name: str, truth) -> str:
    """One file; planted paragraphs are noted."""
    lines = []
    for k in range(int(room.generator.integers(5, 20))):
        place, kind = f"{name}#{k}", room.generator.random()
        if kind < 0.05:
            lines.append(FURNITURE[int(room.generator.integers(len(FURNITURE)))])
            continue
        words, origin, label = room.new(), "", ""
        if kind < 0.38 and room.stock:
            origin, source = room.old()
            label = "copy" if kind < 0.25 else "near" if kind < 0.35 else "template"
            words = source if label == "copy" else room.near(source) if label == "near" else room.template(source)
            truth.write(json.dumps({"paragraph": place, "of": origin, "kind": label}) + "\n")
        if not origin:
            room.stock.append((place, words))
        lines.append(" ".join(words) + ".")
    return "\n\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
