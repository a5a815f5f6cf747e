"""Throughput of the stages that are kernels, on one thread and on two: python -m benchmarks.kernels [--megabytes 100]

Each stage is run on what the stage before it gives in a real run, in this process, compiled before. MB are those of the corpus, so
that figures of stages add up: 1 / MB/s is what a stage costs a run for each MB that is read. Median of --rounds.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np
from benchmarks.compare import HERE, corpus_of, say
from benchmarks.measure import load, machine
from dedup.boilerplate.scan import scan
from dedup.config import Config
from dedup.decide import decide
from dedup.io.write_out import write_all
from dedup.neardup import match
from dedup.neardup.exact import bucket_bits, join
from dedup.neardup.sets import Sets
from dedup.pipeline import Silent, read_corpus, rules_of, triggers_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from dedup.corpus import Corpus
    from dedup.decide import Decision

THREADS = (1, 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--build", type=Path, default=Path("build/bench"))
    args = parser.parse_args()
    folder = corpus_of(args.build, args.megabytes)
    result = {"command": f"python -m benchmarks.kernels --megabytes {args.megabytes} --rounds {args.rounds}", "machine": machine()}
    with tempfile.TemporaryDirectory(dir=args.build) as scratch:
        config = Config(report=False)
        corpus, _ = read_corpus([str(folder)], config, Path(scratch), Silent())
        decision = decide(corpus, rules_of(config), config, 2)
        size = int((corpus.end - corpus.start).sum()) / 1e6
        stages = stages_of(corpus, decision, config, Path(scratch))
        result["stages"] = {name: throughput(name, stage, size, args.rounds) for name, stage in stages.items()}
        corpus.store.close()
    result["machine"]["load_after"] = load()
    target = HERE / "results" / "kernels.json"
    target.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    say(f"{target}")


def throughput(name: str, stage: Callable[[int], object], size: float, rounds: int) -> dict[str, Any]:
    """MB/s for each number of threads, in alternation; after a first run of each that compiles."""
    seconds: dict[int, list[float]] = {threads: [] for threads in THREADS}
    for number in range(rounds + 1):
        for threads in THREADS:
            begin = time.perf_counter()
            stage(threads)
            if number:
                seconds[threads].append(time.perf_counter() - begin)
    found = {str(threads): round(size / median(taken), 1) for threads, taken in seconds.items()}
    say(f"{name:<12}" + "".join(f"{value:10.1f} MB/s" for value in found.values()))
    return found


def stages_of(corpus: Corpus, decision: Decision, config: Config, scratch: Path) -> dict[str, Callable[[int], object]]:
    """What is timed, by name; each takes the number of threads."""
    spans, store = decision.search.spans, corpus.store
    triggers = triggers_of(config)
    blocks = [(store.get(block), bounds_of(corpus, block)) for block in range(len(store))]
    everything = np.arange(len(spans))
    words = Sets(spans, store, everything, "words", 2)
    keys = match._sign(words, config, 2)
    contained, heavy = join(words.pool, words.bounds, bucket_bits(spans), match.FLOOR, match.HEAVY, 2)
    found, large = match._banded(keys)
    left, right = match.unpack(match._unique(np.concatenate((found, contained))))

    def scan_all(threads: int) -> None:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(lambda block: scan(block[0], block[1], triggers), blocks))

    def write(threads: int) -> None:
        with tempfile.TemporaryDirectory(dir=scratch) as out:
            write_all(corpus, decision, config, Path(out), 0, lambda _: None, threads)

    return {
        "scan": scan_all,
        "shingles": lambda threads: Sets(spans, store, everything, "words", threads),
        "signatures": lambda threads: match._sign(words, config, threads),
        "banding": lambda _: match._banded(keys),
        "join": lambda threads: join(words.pool, words.bounds, bucket_bits(spans), match.FLOOR, match.HEAVY, threads),
        "verify": lambda threads: match._verify(
            spans, store, words, decision.graph.fullness, left, right, large + heavy if heavy else 0, config, threads
        ),
        "write": write,
    }


def bounds_of(corpus: Corpus, block: int) -> np.ndarray:
    """Where the documents of a block begin and end."""
    inside = corpus.block == block
    return np.r_[corpus.start[inside], corpus.end[inside][-1]]


if __name__ == "__main__":
    main()
