"""What every peer's script shares: paragraphs of a folder of .txt in, paragraphs kept out, and the settings they are given.

A script is called as `python run_X.py FOLDER KEPT.jsonl SCRATCH`. A kept paragraph is a row {"document", "paragraph", "text"}: the
file's path below FOLDER, the ordinal of the non-blank line in it, the line.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

THRESHOLD = 0.7  # Jaccard similarity: what text-dedup documents as its default; the others name 0.7 to 0.8
NUM_PERM = 128  # what datasketch, rensa and daft document
NGRAM = 2  # words of a shingle, as in dedup; text-dedup and datatrove would take 5 and see fewer near-copies
SEED = 1


def arguments() -> tuple[Path, Path, Path]:
    """Folder, file of kept paragraphs, scratch folder."""
    folder, kept, scratch = map(Path, sys.argv[1:4])
    return folder, kept, scratch


def paragraphs(folder: Path) -> Iterator[tuple[str, int, str]]:
    """Document, ordinal and text of every paragraph, documents by name."""
    for path in sorted(folder.rglob("*.txt")):
        document = path.relative_to(folder).as_posix()
        lines = (line for line in path.read_text(encoding="utf-8").split("\n") if line.strip())
        for ordinal, line in enumerate(lines):
            yield document, ordinal, line


def shingles(text: str) -> list[str]:
    """Word n-grams; the whole text where it has fewer words."""
    words = text.split()
    return [" ".join(words[k : k + NGRAM]) for k in range(max(len(words) - NGRAM + 1, 1))]


def write(kept: Path, rows: Iterable[tuple[str, int, str]]) -> None:
    """The paragraphs that stay."""
    with kept.open("w", encoding="utf-8") as file:
        for document, ordinal, text in rows:
            file.write(json.dumps({"document": document, "paragraph": ordinal, "text": text}, ensure_ascii=False) + "\n")


class Clusters:
    """Union-find: the smallest member stands for its cluster."""

    def __init__(self, count: int) -> None:
        self.parent = list(range(count))

    def find(self, each: int) -> int:
        """Who stands for the cluster of this one."""
        while self.parent[each] != each:
            self.parent[each] = self.parent[self.parent[each]]
            each = self.parent[each]
        return each

    def join(self, one: int, two: int) -> None:
        """Make one cluster of two."""
        one, two = self.find(one), self.find(two)
        self.parent[max(one, two)] = min(one, two)

    def leads(self, each: int) -> bool:
        """Whether this one stays."""
        return self.parent[each] == each
