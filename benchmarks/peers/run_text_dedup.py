"""text-dedup: its command `python -m text_dedup.minhash` over paragraphs as documents, as its README calls it."""

from __future__ import annotations

import os
import subprocess
import sys

from common import NGRAM, NUM_PERM, THRESHOLD, arguments, paragraphs, write
from datasets import load_from_disk


def main() -> None:
    folder, kept, scratch = arguments()
    rows, out = scratch / "paragraphs.jsonl", scratch / "out"
    write(rows, paragraphs(folder))
    options = {
        "path": "json", "data_files": rows, "split": "train", "cache_dir": scratch / "cache", "output": out, "column": "text",
        "batch_size": 10_000, "ngram": NGRAM, "min_length": 0, "num_perm": NUM_PERM, "threshold": THRESHOLD,
        "num_proc": len(os.sched_getaffinity(0)),
    }  # fmt: skip
    flags = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    environment = {**os.environ, "HF_DATASETS_OFFLINE": "1", "HF_HOME": str(scratch / "home")}
    subprocess.run([sys.executable, "-m", "text_dedup.minhash", *flags], check=True, env=environment)
    write(kept, ((row["document"], row["paragraph"], row["text"]) for row in load_from_disk(str(out))))


if __name__ == "__main__":
    main()
