"""A corpus of made-up Arabic news of any size, with planted repeats whose truth is known.

    python benchmarks/generate.py OUT --megabytes 100 [--seed 1] [--format jsonl]

Words follow Zipf's law and hang together in collocations; an article has 5 to 19 paragraphs of about 310 bytes. Of the paragraphs,
20 % are exact copies of earlier ones, 10 % near-copies (a word in twenty-four changed, or a fifth of it dropped at the end), 3 %
templates (an earlier one with another number: no duplicates), 5 % site furniture. OUT is a folder of .txt, or with `--format jsonl`
of .jsonl files of 64 MB. Beside it, OUT.truth.jsonl has a row for each paragraph that is not new: `paragraph` (document#ordinal,
counted from 0), `of` (the one it was made of), `kind` (exact, near, template, furniture). The same seed makes the same bytes.
"""

from __future__ import annotations

import argparse
import json
from collections import deque
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numba import njit

LETTERS = np.array(list("ابتثجحخدذرزسشصضطظعغفقكلمنهوي"))
VOCABULARY = 60_000
STOCK = 30_000  # paragraphs that may still be copied: ten times the mean distance of a copy, and no more memory at 5 GB than at 1
PART_BYTES = 64_000_000  # of a JSONL file
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


class Paragraph(NamedTuple):
    """A new paragraph that stands somewhere."""

    place: str
    words: list[str]
    number: int  # which of the words is a number; -1: none


class Newsroom:
    """Makes paragraphs, and remembers those that may be copied."""

    def __init__(self, seed: int) -> None:
        self.generator = np.random.default_rng(seed)
        self.words = vocabulary(self.generator)
        weights = 1.0 / (np.arange(VOCABULARY) + 2.7)
        self.cumulative = np.cumsum(weights / weights.sum())
        self.links = np.searchsorted(self.cumulative, self.generator.random((VOCABULARY, 8))).astype(np.int32)
        self.stock: deque[Paragraph] = deque(maxlen=STOCK)
        self.numbered: deque[Paragraph] = deque(maxlen=STOCK)
        self.fresh: list[list[str]] = []

    def new(self, place: str) -> Paragraph:
        """A fresh paragraph, two in five with a number in it."""
        if not self.fresh:
            numbers = draw(2000, 90, self.generator.random((2000, 180)), self.links, np.minimum(self.cumulative, 1 - 1e-9))
            lengths = np.clip(self.generator.normal(46, 16, 2000), 15, 90).astype(int)
            self.fresh = [[self.words[min(n, VOCABULARY - 1)] for n in row[:length]] for row, length in zip(numbers, lengths, strict=True)]
        words, at = self.fresh.pop(), -1
        if self.generator.random() < 0.4:
            at = int(self.generator.integers(len(words)))
            words[at] = str(int(self.generator.integers(2, 5000)))
        made = Paragraph(place, words, at)
        self.stock.append(made)
        if at >= 0:
            self.numbered.append(made)
        return made

    def old(self, stock: deque[Paragraph]) -> Paragraph:
        """An earlier paragraph, recent ones more often: wire copy."""
        return stock[-1 - int(min(self.generator.exponential(3000), len(stock) - 1))]

    def near(self, words: list[str]) -> list[str]:
        """A near-copy: a word in twenty-four changed, or the end dropped."""
        words = list(words)
        if self.generator.random() < 0.3:
            return words[: max(12, int(len(words) * 0.8))]
        for _ in range(max(1, len(words) // 24)):
            words[int(self.generator.integers(len(words)))] = self.words[int(self.generator.integers(200, 20_000))]
        return words

    def template(self, source: Paragraph) -> list[str]:
        """The same paragraph with another number."""
        words = list(source.words)
        words[source.number] = str(int(self.generator.integers(5001, 99_999)))
        return words

    def paragraph(self, place: str) -> tuple[str, dict[str, str] | None]:
        """The next paragraph, and its row of the truth where it is not new."""
        kind = self.generator.random()
        if kind < 0.05:
            return FURNITURE[int(self.generator.integers(len(FURNITURE)))], {"paragraph": place, "of": "", "kind": "furniture"}
        if kind >= 0.38 or not self.numbered:
            return " ".join(self.new(place).words) + ".", None
        label = "exact" if kind < 0.25 else "near" if kind < 0.35 else "template"
        source = self.old(self.numbered if label == "template" else self.stock)
        words = source.words if label == "exact" else self.near(source.words) if label == "near" else self.template(source)
        return " ".join(words) + ".", {"paragraph": place, "of": source.place, "kind": label}


class Folder:
    """Articles as .txt files."""

    def __init__(self, out: Path) -> None:
        self.out = out

    def add(self, name: str, text: str) -> int:
        """Write one; returns its bytes."""
        path = self.out / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.write_bytes(text.encode("utf-8"))


class Lines:
    """Articles as rows of .jsonl files."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.part = self.left = 0
        out.mkdir(parents=True, exist_ok=True)

    def add(self, name: str, text: str) -> int:
        """Write one; returns the bytes of its text."""
        if self.left <= 0:
            self.part, self.left = self.part + 1, PART_BYTES
        row = json.dumps({"id": f"{name}.txt", "source": name.split("/", maxsplit=1)[0], "text": text}, ensure_ascii=False) + "\n"
        with (self.out / f"{self.part:03}.jsonl").open("ab") as file:
            self.left -= file.write(row.encode("utf-8"))
        return len(text.encode("utf-8"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--megabytes", type=float, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--format", choices=["txt", "jsonl"], default="txt")
    args = parser.parse_args()
    if args.out.exists() and any(args.out.iterdir()):
        parser.error(f"{args.out} is there already: remove it, or give another folder")
    files, size = generate(args.out, args.megabytes, args.seed, args.format)
    print(f"{files:,} documents, {size / 1e6:.1f} MB")


def generate(out: Path, megabytes: float, seed: int = 1, form: str = "txt") -> tuple[int, int]:
    """Write a corpus and its truth; returns documents and bytes of text."""
    room = Newsroom(seed)
    writer = Folder(out) if form == "txt" else Lines(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    written = number = 0
    with Path(f"{out}.truth.jsonl").open("w", encoding="utf-8") as truth:
        while written < megabytes * 1e6:
            name = f"{number % 12:02}/{number:07}"
            made = [room.paragraph(f"{name}.txt#{k}") for k in range(int(room.generator.integers(5, 20)))]
            written += writer.add(name, "\n\n".join(text for text, _ in made) + "\n")
            truth.writelines(json.dumps(row) + "\n" for _, row in made if row)
            number += 1
    return number, written


if __name__ == "__main__":
    main()
