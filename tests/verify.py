"""Check promises P1 to P3 of an output folder in plain Python, with nothing of the program: python -m tests.verify OUT.

Needs the output folder alone. Every removed duplicate is compared again with the paragraph it names.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from pathlib import Path

from tests.oracles import fold, may_go


def rows(path: Path) -> list[dict]:
    with path.open("rb") as file:
        return [json.loads(line) for line in file]


def main(folder: Path) -> int:
    config = json.loads((folder / "manifest.json").read_bytes())["config"]
    kept = {row["id"]: row["text"] for row in rows(folder / "corpus.jsonl")}
    ledger = defaultdict(list)
    for row in rows(folder / "ledger.jsonl"):
        ledger[row["document"]].append(row)
    found: Counter[str] = Counter()
    stays: dict[str, bytearray] = {}
    texts: dict[str, str] = {}
    for row in rows(folder / "documents.jsonl"):
        texts[row["id"]], stays[row["id"]] = rebuild(row, ledger[row["id"]], kept, found)
    for spans in ledger.values():
        for span in spans:
            if span["reason"] == "duplicate":
                check_duplicate(span, texts, stays, config, found)
    for what, count in sorted(found.items()):
        sys.stdout.write(f"{count:>10,}  {what}\n")
    return any("BROKEN" in what for what in found)


def rebuild(row: dict, ledger: list[dict], kept: dict[str, str], found: Counter[str]) -> tuple[str, bytearray]:
    """The input text, and which of its characters stayed."""
    length = row["characters_in"]
    owner = [row["id"]] * length
    gone = bytearray(length)
    out: list[str] = [""] * length
    for span in ledger:
        if span["action"] == "move":
            owner[span["start"] : span["end"]] = [span["to"]] * (span["end"] - span["start"])
    for span in ledger:
        if span["action"] == "remove":
            if any(gone[span["start"] : span["end"]]) or len(span["text"]) != span["end"] - span["start"]:
                found["BROKEN: removals overlap, or their text has another length"] += 1
            gone[span["start"] : span["end"]] = b"\1" * (span["end"] - span["start"])
            out[span["start"] : span["end"]] = list(span["text"])
    sources = {name: iter(kept.get(name, "")) for name in {row["id"], *row["moved"]}}
    for at in range(length):
        if not gone[at]:
            out[at] = next(sources[owner[at]], "")
    if any(next(rest, "") for rest in sources.values()) or len("".join(out)) != length:
        found["BROKEN: kept and removed do not make up the input (P1)"] += 1
    found["documents whose characters add up"] += 1
    return "".join(out), bytearray(1 - flag for flag in gone)


def check_duplicate(span: dict, texts: dict[str, str], stays: dict[str, bytearray], config: dict, found: Counter[str]) -> None:
    twin = span["canonical"]
    if not all(stays[twin["document"]][twin["start"] : twin["end"]]):
        found["BROKEN: the named twin does not stay (P3)"] += 1
    there = texts[twin["document"]][twin["start"] : twin["end"]]
    if fold(span["text"]) == fold(there):
        found["duplicates equal when folded"] += 1
    elif may_go(span["text"], there, config["threshold"], config["character_threshold"]):
        found["duplicates contained in their twin, numbers and all"] += 1
    else:
        found["BROKEN: neither equal nor contained (P3)"] += 1
        sys.stderr.write(f"{span['document']}:{span['start']} {span['similarity']}\n  {span['text'].strip()}\n  {there.strip()}\n")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
