"""Charts as inline SVG. Every figure of a chart stands in a table beside it, too, so charts are hidden from screen readers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dedup.report.markup import Html, fill, join

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH: Final = 420  # units of a histogram; shown at about one pixel each, so its letters stay readable on a phone
HEIGHT: Final = 170
BASE: Final = 140  # where the bars stand
LEAST: Final = 0.4  # per cent of a bar that something small still gets, to be seen at all


def stacked(parts: Sequence[tuple[str, int]]) -> Html:
    """One bar of parts, each with its class, over the full width."""
    total = sum(value for _, value in parts) or 1
    shares = [(name, max(100 * value / total, LEAST)) for name, value in parts if value]
    scale = 100 / (sum(share for _, share in shares) or 1)
    at = 0.0
    bars = []
    for name, share in shares:
        bars.append(
            fill('<rect class="f-$name" x="$x" width="$width" height="1"/>', name=name, x=f"{at:.3f}", width=f"{share * scale:.3f}")
        )
        at += share * scale
    drawn = '<svg class="stack" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true" focusable="false">$bars</svg>'
    return fill(drawn, bars=join(bars))


def share(value: float, name: str) -> Html:
    """A thin bar for one figure of a table; `value` from 0 to 1."""
    drawn = (
        '<svg class="share" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="f-$name" width="$width" height="1"/></svg>'
    )
    return fill(drawn, name=name, width=f"{max(100 * value, LEAST if value else 0):.3f}")


def histogram(counts: Sequence[int], labels: Sequence[tuple[int, str]], marks: Sequence[tuple[float, str]]) -> Html:
    """Columns with `labels` (column, text) under them and `marks` (position in columns, text) as lines across."""
    top = max([*counts, 1])
    step = (WIDTH - 20) / max(len(counts), 1)
    drawn = [
        fill(
            '<rect class="f-duplicate" x="$x" y="$y" width="$width" height="$height"/>',
            x=f"{10 + k * step + step * 0.1:.1f}", y=f"{BASE - 110 * count / top:.1f}",
            width=f"{step * 0.8:.1f}", height=f"{110 * count / top:.1f}",
        )
        for k, count in enumerate(counts)
    ]  # fmt: skip
    drawn += [
        fill('<text x="$x" y="$y" text-anchor="middle">$text</text>', x=f"{10 + (k + 0.5) * step:.1f}", y=str(BASE + 16), text=text)
        for k, text in labels
    ]
    tallest = max(range(len(counts)), key=counts.__getitem__, default=0)
    x, y = 10 + (tallest + 0.5) * step, BASE - 110 - 4
    drawn.append(fill('<text x="$x" y="$y" text-anchor="middle">$text</text>', x=f"{x:.1f}", y=str(y), text=top))
    for at, text in marks:
        x = 10 + at * step
        anchor, shift = ("start", 4) if at < len(counts) / 2 else ("end", -4)
        drawn.append(fill('<path class="mark" d="M$x 4V$base"/>', x=f"{x:.1f}", base=str(BASE)))
        drawn.append(fill('<text x="$x" y="14" text-anchor="$anchor">$text</text>', x=f"{x + shift:.1f}", anchor=anchor, text=text))
    page = (
        '<svg class="columns" viewBox="0 0 $width $height" aria-hidden="true" focusable="false">'
        '<path class="axis" d="M8 ${base}H$end"/>$drawn</svg>'
    )
    return fill(page, width=str(WIDTH), height=str(HEIGHT), base=str(BASE), end=str(WIDTH - 8), drawn=join(drawn))
