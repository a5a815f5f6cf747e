"""The tables of benchmarks/README.md, written from benchmarks/results: python -m benchmarks.report

A table stands between `<!-- NAME -->` and `<!-- /NAME -->`; what is around them is written by hand and left alone.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import regex

if TYPE_CHECKING:
    from collections.abc import Iterable

HERE = Path(__file__).parent
TRUTHS = {"planted": "planted", "rule": "rule", "jaccard": "Jaccard"}


def main() -> None:
    page = HERE / "README.md"
    text = page.read_text(encoding="utf-8")
    for name, table in tables().items():
        marked = regex.compile(f"(<!-- {name} -->\n).*?(<!-- /{name} -->)", regex.DOTALL)
        if not marked.search(text):
            raise SystemExit(f"{page}: no place for the table '{name}': put <!-- {name} --> and <!-- /{name} --> where it belongs")
        text = marked.sub(lambda match, table=table: f"{match[1]}\n{table}\n{match[2]}", text)
    page.write_text(text, encoding="utf-8")


def tables() -> dict[str, str]:
    """Every table there are results for, by its name."""
    compared = [read(path) for path in sorted((HERE / "results").glob("compare-*.json"), key=lambda path: int(path.stem.split("-")[1]))]
    found = {"cost": "\n\n".join(map(cost, compared)), "quality": "\n\n".join(quality(each) for each in compared if judged(each))}
    for name, make in (("scaling", scaling), ("kernels", kernels)):
        path = HERE / "results" / f"{name}.json"
        found[name] = make(read(path)) if path.exists() else "Not measured yet: `make bench-scaling`."
    return found


def cost(result: dict[str, Any]) -> str:
    """Time and memory of every tool."""
    size = result["corpus"]["bytes"] / 1e6
    rows = []
    for name, tool in result["tools"].items():
        if "failed" in tool:
            rows.append([named(result, name), "failed: " + tool["failed"].split("\n")[0][:80], "", "", "", "", ""])
            continue
        ratio = f"{tool['ratio']:.2f}" if "ratio" in tool else ""
        figures = [seconds(tool["wall"]), ratio, f"{size / tool['wall']:.1f}", seconds(tool["cpu"])]
        rows.append([named(result, name), *figures, f"{tool['peak_mb']:,.0f}", str(len(tool["runs"]))])
    head = ["", "time, s", "of dedup's", "MB/s", "CPU, s", "peak MB", "runs"]
    apart = [
        f"{name}: measured anew, in turn with dedup ({seconds(tool['apart']['dedup'])} s then), load {tool['apart']['load']}."
        for name, tool in result["tools"].items()
        if "apart" in tool
    ]
    said = f"{size:,.0f} MB, {result['corpus']['documents']:,} files. {circumstances(result)}"
    return "\n\n".join([said, grid(head, rows), *apart])


def quality(result: dict[str, Any]) -> str:
    """Recall and precision of removals against each truth."""
    head = ["", "removed", *(f"{name}: {what}" for name in TRUTHS.values() for what in ("recall", "precision"))]
    head += ["near-copies found", "texts lost"]
    rows = []
    for name, tool in result["tools"].items():
        if "quality" not in tool:
            continue
        found = tool["quality"]
        scores = [found[truth][what] for truth in TRUTHS for what in ("recall", "precision")]
        removed, near, lost = found["planted"]["removed"], found["kinds"]["near_recall"], found["kinds"]["lost"]
        rows.append([named(result, name), f"{removed:,}", *map(share, [*scores, near]), f"{lost:,}"])
    corpus = result["corpus"]
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in corpus["planted"].items())
    said = f"{corpus['bytes'] / 1e6:,.0f} MB: {corpus['paragraphs']:,} paragraphs without the furniture; planted: {kinds}."
    return f"{said}\n\n{grid(head, rows)}"


def scaling(result: dict[str, Any]) -> str:
    """Time and memory at each size, and how they grow."""
    rows = []
    for found in result["sizes"].values():
        one, two, floor = found["one thread"], found["two threads"], found["floor"]
        figures = [seconds(each["wall"]) for each in (floor, one, two)]
        speed = f"{found['megabytes'] / two['wall']:.1f}"
        memory = [f"{each['peak_mb']:,.0f}" for each in (one, two)]
        rows.append([f"{found['megabytes']:,.0f}", *figures, f"{one['wall'] / two['wall']:.2f}", speed, *memory])
    head = ["MB", "floor, s", "one thread, s", "two, s", "one / two", "MB/s (two)", "peak MB (one)", "(two)"]
    grown = [
        f"from {row['from']:,} to {row['to']:,} MB ({row['tool']}): time ~ size^{row['wall']:.2f}, memory ~ size^{row['peak_mb']:.2f}"
        for row in result["growth"]
        if row["tool"] != "floor"
    ]
    return f"{circumstances(result)}\n\n{grid(head, rows)}\n\n" + "\n".join(f"- {line}" for line in grown)


def kernels(result: dict[str, Any]) -> str:
    """Throughput of each stage."""
    rows = [[name, *(f"{value:,.0f}" for value in found.values())] for name, found in result["stages"].items()]
    return f"{circumstances(result)}\n\n{grid(['stage', 'MB/s, one thread', 'two'], rows)}"


def circumstances(result: dict[str, Any]) -> str:
    """Machine, load, and the command that made the figures."""
    machine = result["machine"]
    where = f"{machine['cores']} cores of {machine['processor']}, {machine['memory_gb']:.0f} GB"
    load = f"load {machine['load']} before, {machine['load_after']} after"
    return f"`{result['command']}`; {where}; {load}."


def named(result: dict[str, Any], name: str) -> str:
    """A tool, with its version."""
    version = result["versions"].get(name)
    return f"**{name}**" if name == "dedup" else f"{name} {version}" if version else name


def judged(result: dict[str, Any]) -> bool:
    """Whether removals were held against the truth."""
    return any("quality" in tool for tool in result["tools"].values())


def read(path: Path) -> dict[str, Any]:
    """A file of results."""
    return json.loads(path.read_text(encoding="utf-8"))


def seconds(value: float) -> str:
    """Three figures."""
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def share(value: float) -> str:
    """As .987."""
    return f"{value:.3f}".removeprefix("0")


def grid(head: list[str], rows: Iterable[list[str]]) -> str:
    """A table of Markdown, numbers to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


if __name__ == "__main__":
    main()
