"""Quality floors: `python -m tests.gate`.

Prints every score with its floor and exits 1 where one is missed. `--raise` puts the floors up to what is reached;
`--lower NAME` puts one down to it, so that a loss of quality is a line in floors.json that somebody signed. Scores of real
pages are added where PROJECT/../shared holds them; they are never part of the project.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dedup.io.decode import decode
from tests.gate.score import line_scores, pair_scores, spans_removed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SHARED = ROOT.parent / "shared"
FLOORS = HERE / "floors.json"
SET_OF_PAGES = {  # name: pages, labels
    "seeds": ("seeds", "gold/seeds.gold.jsonl"),
    "ar_pages": ("data/ar_pages.jsonl.gz", "gold/ar_pages.gold.jsonl.gz"),
    "ar_natural": ("data/ar_corpus.jsonl.gz", "gold/ar_natural.gold.jsonl.gz"),
    "web_pages": ("data/web_pages.jsonl.gz", "gold/web_pages.gold.jsonl.gz"),
}

Scores = dict[str, float]


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a file of JSON lines, packed or not."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def texts_of(pages: Path, wanted: set[str]) -> dict[str, str]:
    """The texts of labelled pages, by id: of a folder the files, else the records."""
    if pages.is_dir():
        return {name: decode((pages / name).read_bytes()).utf8.decode("utf-8") for name in wanted}
    return {row["id"]: row["text"] for row in rows(pages) if row["id"] in wanted}


def score_pages(pages: Path, labels: Path) -> Scores:
    """Strip pages with the command line and hold the ledger against the labels."""
    gold = {row["id"]: row["labels"] for row in rows(labels)}
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        subprocess.run([sys.executable, "-m", "dedup", "strip", pages, "-o", out, "--quiet"], check=True, cwd=folder)
        gone = spans_removed(rows(out / "ledger.jsonl"))
    return line_scores(texts_of(pages, set(gold)), gold, gone)


def measures() -> dict[str, Callable[[], Scores]]:
    """What can be scored here, by name."""
    found: dict[str, Callable[[], Scores]] = {
        "samples": lambda: (
            score_pages(ROOT / "samples" / "scraped", HERE / "samples.gold.jsonl") | pair_scores([*rows(HERE / "samples.pairs.jsonl")])
        )
    }
    if SHARED.is_dir():
        for name, (pages, labels) in SET_OF_PAGES.items():
            found[name] = lambda pages=pages, labels=labels: score_pages(SHARED / pages, SHARED / labels)
        found["real"] = lambda: pair_scores([*rows(SHARED / "gold" / "pairs.gold.jsonl")])
    return found


def missed(scores: Scores, floors: Scores) -> list[str]:
    """Names of the scores below their floor."""
    return [name for name, score in scores.items() if name in floors and rounded(score) < floors[name]]


def rounded(score: float) -> float:
    """Down to four places, so that a floor can be held."""
    return math.floor(score * 10_000 + 1e-6) / 10_000


def raised(scores: Scores, floors: Scores) -> Scores:
    """Floors put up to what is reached; those of scores not taken stay."""
    return floors | {name: max(rounded(score), floors.get(name, 0.0)) for name, score in scores.items()}


def lowered(scores: Scores, floors: Scores, name: str) -> Scores:
    """One floor put down to what is reached. Raises ValueError where there is nothing to lower."""
    if name not in floors or name not in scores:
        raise ValueError(f"no floor '{name}' among those scored; there are {', '.join(sorted(set(floors) & set(scores)))}")
    if name not in missed(scores, floors):
        raise ValueError(f"{name} holds: {rounded(scores[name])} is not below {floors[name]}")
    return floors | {name: rounded(scores[name])}


def table(scores: Scores, floors: Scores) -> Iterator[str]:
    """One line a score."""
    width = max(map(len, scores))
    yield f"{'score':{width}}  reached   floor"
    below = missed(scores, floors)
    for name, score in scores.items():
        floor = f"{floors[name]:.4f}" if name in floors else "     -"
        yield f"{name:{width}}   {rounded(score):.4f}  {floor}" + ("  MISSED" if name in below else "")


def main(arguments: Sequence[str] | None = None, path: Path = FLOORS) -> int:
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.gate", description=(__doc__ or "").partition("\n\n")[2])
    parser.add_argument("--raise", dest="up", action="store_true", help="put the floors up to what is reached")
    parser.add_argument("--lower", metavar="NAME", help="put this floor down to what is reached")
    parser.add_argument("--only", metavar="SET", action="append", help="score this set alone (may be given again)")
    asked = parser.parse_args(arguments)
    known = measures()
    if not SHARED.is_dir():
        sys.stderr.write(f"{SHARED} is absent: real pages are not scored, our samples alone are\n")
    unknown = set(asked.only or ()) - set(known)
    if unknown:
        parser.error(f"no set {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    floors: Scores = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    scores: Scores = {}
    for name in asked.only or known:
        sys.stderr.write(f"scoring {name}\n")
        scores |= {f"{name}.{measure}": score for measure, score in known[name]().items()}
    new = raised(scores, floors) if asked.up else floors
    if asked.lower:
        try:
            new = lowered(scores, new, asked.lower)
        except ValueError as error:
            parser.error(str(error))
    if new != floors:
        path.write_text(json.dumps(new, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    for line in table(scores, new):
        sys.stdout.write(line + "\n")
    return 1 if missed(scores, new) else 0


if __name__ == "__main__":
    sys.exit(main())
