"""dedup, other tools and the floor, side by side: python -m benchmarks.compare --megabytes 100 [--rounds 3]

One run of each in turn, round after round, so that whatever else the machine does meets all of them; medians of the rounds, and of
the ratios to dedup within a round. A first round warms up and is not counted; a tool that takes longer than --slow seconds in it
is not run again, and that run is its figure. Then what each removed is held against the truth. Results: benchmarks/results/.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from benchmarks.generate import generate
from benchmarks.measure import Cost, FailedRunError, load, machine, measure, middle
from benchmarks.score import by_kind, kept_by_dedup, kept_by_peer, score
from benchmarks.truth import read_corpus, truths_of

HERE = Path(__file__).parent
PEERS = ("datasketch", "rensa", "gaoya", "daft", "text-dedup", "datatrove")
DEDUP = {"dedup": [], "dedup, one thread": ["--threads", "1"], "dedup --exact": ["--exact"]}
JACCARD = 0.7  # what the peers are set to
JUDGED = 200  # MB beyond which only time and memory are compared: the truth is found by brute force


class Tool(NamedTuple):
    """A command, called as `prefix FOLDER + suffix`, and what it leaves: an output folder of dedup, or kept paragraphs."""

    name: str
    prefix: list[str]

    def command(self, folder: Path, scratch: Path) -> list[str]:
        """The command for one run."""
        if self.name.startswith("dedup"):
            return [*self.prefix, str(folder), "-o", str(scratch / "out"), *DEDUP[self.name]]
        return [*self.prefix, str(folder), str(scratch / "kept.jsonl"), str(scratch)]

    def kept(self, folder: Path, scratch: Path, corpus: Any) -> Any:
        """Which paragraphs are left."""
        if self.name.startswith("dedup"):
            return kept_by_dedup(scratch / "out", folder, corpus)
        return kept_by_peer(scratch / "kept.jsonl", corpus)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--slow", type=float, default=60, help="seconds beyond which a tool runs once")
    parser.add_argument("--timeout", type=float, default=1800, help="seconds a run may take")
    parser.add_argument("--peers-python", default=".venv-peers/bin/python", help="where the peers are installed")
    parser.add_argument("--only", nargs="*", default=[], help="names of tools; all where none is given")
    parser.add_argument("--no-quality", action="store_true", help=f"time and memory only, as always beyond {JUDGED} MB")
    parser.add_argument("--build", type=Path, default=Path("build/bench"))
    args = parser.parse_args()
    folder = corpus_of(args.build, args.megabytes)
    tools = [tool for tool in all_tools(args.peers_python) if not args.only or tool.name in args.only]
    corpus = None if args.no_quality or args.megabytes > JUDGED else read_corpus(folder)
    truths = {} if corpus is None else truths_of(folder, corpus, JACCARD)
    result = {
        "command": " ".join(["python -m benchmarks.compare", *sys.argv[1:]]),
        "date": datetime.now(UTC).date().isoformat(),
        "machine": machine(),
        "corpus": describe(folder, corpus),
        "versions": versions(args.peers_python),
        "jaccard": JACCARD,
        "rounds": args.rounds,
    }
    result["tools"] = run_all(tools, folder, args, corpus, truths)
    result["machine"]["load_after"] = load()
    target = HERE / "results" / f"compare-{args.megabytes}.json"
    target.parent.mkdir(exist_ok=True)
    if args.only and target.exists():
        result = renewed(json.loads(target.read_text(encoding="utf-8")), result)
    target.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    say(f"{target}")


def renewed(before: dict[str, Any], result: dict[str, Any]) -> dict[str, Any]:
    """Earlier results with some tools measured anew, each row with what it was measured with. dedup and the floor stay what they
    were for the rest.
    """
    taken = {name: row for name, row in result["tools"].items() if name not in ("floor", "dedup")}
    apart = {"command": result["command"], "load": result["machine"]["load"], "dedup": result["tools"].get("dedup", {}).get("wall")}
    tools = before["tools"] | {name: row | {"apart": apart} for name, row in taken.items()}
    return before | {"tools": tools, "versions": before["versions"] | {name: result["versions"].get(name, "") for name in taken}}


def run_all(tools: list[Tool], folder: Path, args: argparse.Namespace, corpus: Any, truths: dict[str, Any]) -> dict[str, Any]:
    """All rounds; what each tool keeps is judged once, after the warm-up."""
    rows: dict[str, dict[str, Any]] = {tool.name: {} for tool in tools}
    rounds: list[dict[str, Cost]] = []
    for number in range(args.rounds + 1):
        rounds.append({})
        for tool in tools:
            if "failed" in rows[tool.name] or (number and rounds[0][tool.name].wall > args.slow):
                continue
            with tempfile.TemporaryDirectory(dir=args.build) as name:
                try:
                    cost = measure(tool.command(folder, Path(name)), args.timeout)
                except FailedRunError as error:
                    rows[tool.name]["failed"] = str(error)
                    say(f"{tool.name}: {error}")
                    continue
                rounds[number][tool.name] = cost
                say(f"{f'round {number}' if number else 'warm-up'}  {tool.name:<18} {cost.wall:8.2f} s {cost.peak_mb:8.0f} MB")
                if truths and not number and tool.name != "floor":
                    rows[tool.name]["quality"] = judge(tool.kept(folder, Path(name), corpus), corpus, truths)
    for name, row in rows.items():
        row.update(summed(name, rounds, args.slow))
    return rows


def summed(name: str, rounds: list[dict[str, Cost]], slow: float) -> dict[str, Any]:
    """Medians of a tool, and of its ratio to dedup: in the rounds that both ran in, else of the medians."""

    def counted(tool: str) -> list[Cost]:
        once = [rounds[0][tool]] if tool in rounds[0] and rounds[0][tool].wall > slow else []
        return once or [each[tool] for each in rounds[1:] if tool in each]

    costs, base = counted(name), counted("dedup")
    if not costs:
        return {}
    both = [each for each in rounds[1:] if name in each and "dedup" in each]
    ratios = [each[name].wall / each["dedup"].wall for each in both]
    if base and not ratios:
        ratios = [median(cost.wall for cost in costs) / median(cost.wall for cost in base)]
    return middle(costs) | ({"ratio": round(median(ratios), 2)} if ratios else {})


def judge(kept: Any, corpus: Any, truths: dict[str, Any]) -> dict[str, Any]:
    """Scores against each truth."""
    return {name: score(kept, truth)._asdict() for name, truth in truths.items()} | {"kinds": by_kind(kept, corpus)}


def all_tools(peers_python: str) -> list[Tool]:
    """What is compared, in the order of a round."""
    found = [Tool("floor", [sys.executable, str(HERE / "floor.py")])]
    found += [Tool(name, [sys.executable, "-m", "dedup", "clean", "--quiet"]) for name in DEDUP]
    if not Path(peers_python).exists():
        say(f"{peers_python} is not there: no peers; `make bench-peers` installs them")
        return found
    return found + [Tool(name, [peers_python, str(HERE / "peers" / f"run_{name.replace('-', '_')}.py")]) for name in PEERS]


def corpus_of(build: Path, megabytes: int) -> Path:
    """The corpus of this size; made where it is not there."""
    folder = build / f"{megabytes}"
    if not (build / f"{megabytes}.done").exists():
        shutil.rmtree(folder, ignore_errors=True)
        generate(folder, megabytes)
        (build / f"{megabytes}.done").touch()
    return folder


def describe(folder: Path, corpus: Any) -> dict[str, Any]:
    """What the corpus is."""
    files = list(folder.rglob("*.txt"))
    size = sum(path.stat().st_size for path in files)
    said = {"documents": len(files), "bytes": size, "seed": 1}
    return said | ({"paragraphs": len(corpus.number), "planted": corpus.kinds} if corpus else {})


VERSIONS = """
import importlib.metadata, json, sys
found = {}
for name in sys.argv[1:]:
    try:
        found[name] = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        found[name] = "(not installed)"
print(json.dumps(found))
"""


def versions(peers_python: str) -> dict[str, str]:
    """Of dedup and the peers."""
    found = {"python": sys.version.split()[0]}
    for python, names in ((sys.executable, ["dedup"]), (peers_python, PEERS)):
        if Path(python).exists():
            found |= json.loads(subprocess.run([python, "-c", VERSIONS, *names], check=True, capture_output=True).stdout)
    return found


def say(text: str) -> None:
    """Progress."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
