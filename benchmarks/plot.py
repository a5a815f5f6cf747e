"""Draws benchmarks/results/benchmarks.png from the results beside it. Needs matplotlib: `make bench-page` brings it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")
from matplotlib import pyplot as plt

RESULTS = Path(__file__).parent / "results"
OURS, THEIRS, FLOOR = "#0b6e4f", "#8d99ae", "#d9d9d9"


def main() -> None:
    compared = [json.loads(path.read_text(encoding="utf-8")) for path in RESULTS.glob("compare-*.json")]
    largest = max(compared, key=lambda result: result["corpus"]["bytes"])
    judged = max((result for result in compared if has_quality(result)), key=lambda result: result["corpus"]["bytes"], default=None)
    grown = RESULTS / "scaling.json"
    panels = 2 + (judged is not None) + grown.exists()
    figure, axes = plt.subplots(1, panels, figsize=(4.6 * panels, 4.2), layout="constrained")
    size = f"{largest['corpus']['bytes'] / 1e6:,.0f} MB"
    bars(axes[0], largest, "wall", f"seconds for {size}")
    bars(axes[1], largest, "peak_mb", f"peak memory, MB, for {size}")
    if judged is not None:
        points(axes[2], judged)
    if grown.exists():
        curves(axes[-1], json.loads(grown.read_text(encoding="utf-8")))
    figure.savefig(RESULTS / "benchmarks.png", dpi=110)


def has_quality(result: dict[str, Any]) -> bool:
    return any("quality" in tool for tool in result["tools"].values())


def colour(name: str) -> str:
    return FLOOR if name == "floor" else OURS if name.startswith("dedup") else THEIRS


def bars(axis: Any, result: dict[str, Any], key: str, title: str) -> None:
    """One bar a tool, the best on top."""
    tools = sorted(((tool[key], name) for name, tool in result["tools"].items() if key in tool), reverse=True)
    drawn = axis.barh([name for _, name in tools], [value for value, _ in tools], color=[colour(name) for _, name in tools])
    axis.bar_label(drawn, [f"{value:,.0f}" if value >= 10 else f"{value:.1f}" for value, _ in tools], padding=3, fontsize=8)
    axis.set_xscale("log")
    axis.set_xlim(right=max(value for value, _ in tools) * 3)
    plain(axis, title)


def points(axis: Any, result: dict[str, Any]) -> None:
    """Recall and precision against what was planted."""
    names: dict[tuple[float, float], str] = {}
    for name, tool in result["tools"].items():
        if "quality" in tool:
            found = tool["quality"]["planted"]
            names.setdefault((found["recall"], found["precision"]), name)  # one point for what differs in threads only
    for number, (place, name) in enumerate(sorted(names.items())):
        axis.scatter(*place, color=colour(name), zorder=3)
        height = (7, -14, 20, -27)[number % 4]  # neighbours do not write over each other
        axis.annotate(name, place, textcoords="offset points", xytext=(0, height), fontsize=8, ha="center")
    axis.set_xlabel("recall")
    axis.set_ylabel("precision")
    axis.margins(0.25)
    plain(axis, "removals against what was planted")


def curves(axis: Any, result: dict[str, Any]) -> None:
    """Time against size."""
    sizes = list(result["sizes"].values())
    for name, style in (("floor", "#aaaaaa"), ("one thread", "#58a689"), ("two threads", OURS)):
        axis.plot([each["megabytes"] for each in sizes], [each[name]["wall"] for each in sizes], marker="o", color=style, label=name)
    axis.set_xscale("log")
    axis.set_yscale("log")
    axis.set_xlabel("MB")
    axis.legend(frameon=False, fontsize=8)
    plain(axis, "dedup clean: seconds")


def plain(axis: Any, title: str) -> None:
    axis.set_title(title, fontsize=10)
    axis.spines[["top", "right"]].set_visible(False)
    axis.tick_params(labelsize=8)


if __name__ == "__main__":
    main()
