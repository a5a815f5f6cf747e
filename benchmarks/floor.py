"""The floor: read, decode, split and write the same bytes, nothing else. python floor.py FOLDER KEPT SCRATCH."""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> None:
    folder, kept = Path(sys.argv[1]), Path(sys.argv[2])
    with kept.open("w", encoding="utf-8") as out:
        for path in sorted(folder.rglob("*.txt")):
            lines = path.read_text(encoding="utf-8").split("\n")
            out.writelines(f"{line}\n" for line in lines if line.strip())


if __name__ == "__main__":
    main()
