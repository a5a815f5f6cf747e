"""How time and memory grow: python -m benchmarks.scaling [--sizes 10 100 1000] [--five] [--rounds 3]

`dedup clean` with one thread, with two, and the floor, in turn on each size (MB). Growth: the exponent k of time ~ size^k between
two sizes; 1 is linear. Sizes from 1,000 MB on run once, after a warm-up on the smallest size. Needs a quiet machine, and disk space of
four times the largest size.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.compare import HERE, corpus_of, say
from benchmarks.measure import Cost, load, machine, measure, middle

LARGE = 1000  # MB from which a size runs once
TOOLS = ("floor", "one thread", "two threads")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 100, 1000])
    parser.add_argument("--five", action="store_true", help="5,000 MB, too")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--build", type=Path, default=Path("build/bench"))
    args = parser.parse_args()
    sizes = sorted({*args.sizes, *([5000] if args.five else [])})
    run("two threads", corpus_of(args.build, sizes[0]), args.build)
    found: dict[int, dict[str, Any]] = {}
    result = {
        "command": "python -m benchmarks.scaling " + " ".join(["--sizes", *map(str, sizes), "--rounds", str(args.rounds)]),
        "machine": machine(),
    }
    for size in sizes:
        folder = corpus_of(args.build, size)
        costs: dict[str, list[Cost]] = {name: [] for name in TOOLS}
        for _ in range(1 if size >= LARGE else args.rounds):
            for name in TOOLS:
                costs[name].append(run(name, folder, args.build))
                say(f"{size:>6} MB  {name:<12} {costs[name][-1].wall:8.2f} s {costs[name][-1].peak_mb:8.0f} MB")
        megabytes = sum(path.stat().st_size for path in folder.rglob("*.txt")) / 1e6
        found[size] = {"megabytes": round(megabytes, 1), **{name: middle(each) for name, each in costs.items()}}
    result |= {"sizes": found, "growth": growth(found)}
    result["machine"]["load_after"] = load()
    target = HERE / "results" / "scaling.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    say(f"{target}")


def run(name: str, folder: Path, build: Path) -> Cost:
    """One run."""
    with tempfile.TemporaryDirectory(dir=build) as scratch:
        out = str(Path(scratch) / "out")
        if name == "floor":
            return measure([sys.executable, str(HERE / "floor.py"), str(folder), out], 7200)
        threads = "1" if name == "one thread" else "2"
        return measure([sys.executable, "-m", "dedup", "clean", "--quiet", str(folder), "-o", out, "--threads", threads], 7200)


def growth(found: dict[int, dict[str, Any]]) -> list[dict[str, Any]]:
    """Between each size and the next: the exponent of time, and of memory."""
    rows = []
    sizes = sorted(found)
    for less, more in pairwise(sizes):
        ratio = math.log(found[more]["megabytes"] / found[less]["megabytes"])
        for name in TOOLS:
            one, two = found[less][name], found[more][name]
            exponents = {key: round(math.log(two[key] / one[key]) / ratio, 2) for key in ("wall", "peak_mb")}
            rows.append({"from": less, "to": more, "tool": name, **exponents})
    return rows


if __name__ == "__main__":
    main()
