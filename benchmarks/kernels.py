"""Throughput of the stages that are kernels, on one thread and on two: python -m benchmarks.kernels [--megabytes 100]

Each stage is run on what the stage before it gives in a real run, in this process, compiled before. MB are those of the corpus, so
1 / MB/s is what a stage costs a run for each MB that is read. The search is the join with the shingles that it goes by. Median of
--rounds.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np
from benchmarks.compare import HERE, corpus_of, say
from benchmarks.measure import load, machine
from dedup.boilerplate.scan import scan
from dedup.cli.interpreter import collect_seldom, take_short_turns
from dedup.config import Config
from dedup.decide import decide
from dedup.io.write_out import write_all
from dedup.neardup.banding import banding_of
from dedup.neardup.join import join
from dedup.neardup.lookalikes import band_keys
from dedup.neardup.tokens import Tokens
from dedup.neardup.verify import FLOOR, Pairs, verify
from dedup.pipeline import Silent, read_corpus, rules_of, triggers_of
from dedup.text.groups import unpack

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
    collect_seldom()  # as in a command
    take_short_turns()
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
            clear = stage(threads)
            if number:
                seconds[threads].append(time.perf_counter() - begin)
            if callable(clear):
                clear()
    found = {str(threads): round(size / median(taken), 1) for threads, taken in seconds.items()}
    say(f"{name:<12}" + "".join(f"{value:10.1f} MB/s" for value in found.values()))
    return found


def stages_of(corpus: Corpus, decision: Decision, config: Config, scratch: Path) -> dict[str, Callable[[int], object]]:
    """What is timed, by name; each takes the number of threads. What it returns, where that can be called, clears away what it wrote."""
    store = corpus.store
    triggers = triggers_of(config)
    blocks = [(store.get(block), bounds_of(corpus, block)) for block in range(len(store))]
    placed = decision.search.spans
    tokens = Tokens(placed, store, config, 2)
    found = join(tokens, FLOOR, config)
    left, right = unpack(found.pairs)
    pairs = Pairs(left, right, found.common, tokens.sizes)

    def search(threads: int) -> None:
        with closing(Tokens(placed, store, config, threads)) as made:
            join(made, FLOOR, config)

    def signatures(threads: int) -> None:
        tokens.threads = threads
        banding = banding_of(config)
        band_keys(tokens, np.ones(len(placed), np.bool_), banding, 0, banding.bands, config.seed)

    def scan_all(threads: int) -> None:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(lambda block: scan(block[0], block[1], triggers), blocks))

    def write(threads: int) -> Callable[[], None]:
        out = tempfile.TemporaryDirectory(dir=scratch)
        write_all(corpus, decision, config, Path(out.name), 0, lambda _: None, threads)
        return out.cleanup

    return {
        "scan": scan_all,
        "shingles": lambda threads: Tokens(placed, store, config, threads).close(),
        "signatures": signatures,
        "search": search,
        "verify": lambda threads: verify(tokens.spans, store, pairs, config, threads),
        "write": write,
    }


def bounds_of(corpus: Corpus, block: int) -> np.ndarray:
    """Where the documents of a block begin and end."""
    inside = corpus.block == block
    return np.r_[corpus.start[inside], corpus.end[inside][-1]]


if __name__ == "__main__":
    main()
