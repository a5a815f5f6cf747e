"""What `dedup clean samples/scraped` must give: `python -m tests.samples` writes samples/expected anew."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCRAPED = ROOT / "samples" / "scraped"
EXPECTED = ROOT / "samples" / "expected"
FILES = ("corpus.jsonl", "ledger.jsonl")


def cleaned() -> dict[str, bytes]:
    """The files that a run over the samples writes now."""
    settings = {name: value for name, value in os.environ.items() if not name.startswith("DEDUP_")}
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "dedup", "clean", SCRAPED, "-o", "out", "--quiet"]
        subprocess.run(command, check=True, cwd=folder, env=settings)
        return {name: Path(folder, "out", name).read_bytes() for name in FILES}


def main() -> None:
    """Write the expected files."""
    EXPECTED.mkdir(exist_ok=True)
    for name, content in cleaned().items():
        changed = not (EXPECTED / name).exists() or (EXPECTED / name).read_bytes() != content
        (EXPECTED / name).write_bytes(content)
        sys.stdout.write(f"{EXPECTED / name}: {'written anew' if changed else 'as it was'}\n")


if __name__ == "__main__":
    main()
