"""The report's first screen: what came in, what stayed, what went and why; then sources and the run itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from dedup.report.charts import share, stacked
from dedup.report.markup import Html, escape, fill, identity, join
from dedup.report.whys import REASONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dedup.report.facts import Facts

SOURCES: Final = 60  # shown, those with most text first
NAMELESS: Final = "(no source given)"
NAMES: Final = {
    "boilerplate": "Boilerplate",
    "repeated": "Repeated furniture",
    "duplicate": "Duplicate paragraphs",
    "remnant": "Remnants",
    "whitespace": "White space",
}
STATUS: Final = {
    "kept": ("kept", "Stayed, whole or in part"),
    "duplicate": ("duplicate", "Every paragraph stands in another document"),
    "remnant": ("remnant", "Too little was left of it once its duplicates went"),
    "empty": ("boilerplate", "Nothing but furniture, or empty"),
}


def percent(part: int, whole: int) -> str:
    """A share in words that never says 0 % of something or 100 % of nearly all."""
    if not part or not whole:
        return "0 %"
    value = 100 * part / whole
    if value < 0.05:
        return "< 0.1 %"
    if value >= 99.95:
        return "> 99.9 %" if part < whole else "100 %"
    return f"{value:.1f} %"


def headline(facts: Facts) -> Html:
    """The answer in one sentence, and one below it."""
    counts = facts.manifest["counts"]
    before, after = counts["characters_in"], counts["characters_out"]
    more = ""
    if counts["appended"]:
        more = f" {counts['appended']:,} of them stood on another article’s page."
    return fill(
        "<h1>$stayed of the text stayed.</h1>"
        '<p class="lede">$documents documents with $before characters came in; $out documents with $after characters came out.$more</p>',
        stayed=percent(after, before), documents=counts["documents_in"], before=before, out=counts["documents_out"],
        after=after, more=more,
    )  # fmt: skip


def characters(facts: Facts) -> Html:
    """Where every character is: a bar and its table."""
    counts = facts.manifest["counts"]
    total = counts["characters_in"]
    gone = counts["removed_characters"]
    parts = [("kept", counts["characters_out"]), *((reason, gone.get(reason, 0)) for reason in NAMES)]
    rows = [_reason_row("kept", "Stayed", "the corpus", None, counts["characters_out"], total)]
    for reason, name in NAMES.items():
        if gone.get(reason):
            rows.append(_reason_row(reason, name, REASONS[reason], counts["removed"].get(reason, 0), gone[reason], total))
    table = (
        '<table class="reasons"><caption class="quiet">Characters</caption><thead><tr><th scope="col">What</th>'
        '<th scope="col" class="n">Pieces</th><th scope="col" class="n">Characters</th><th scope="col" class="n">Share</th></tr></thead>'
        "<tbody>$rows</tbody></table>"
    )
    return fill('<div class="figure"><h2>Characters</h2>$bar' + table + "</div>", bar=stacked(parts), rows=join(rows))


def _reason_row(name: str, title: str, why: str, pieces: int | None, size: int, total: int) -> Html:
    return fill(
        '<tr><th scope="row"><span class="key k-$name"></span>$title <span class="why">$why</span></th>'
        '<td class="n">$pieces</td><td class="n">$size</td><td class="n">$share</td></tr>',
        name=name, title=title, why=why, pieces="" if pieces is None else pieces, size=size, share=percent(size, total),
    )  # fmt: skip


def documents(facts: Facts) -> Html:
    """What became of the input documents: a bar and its table."""
    status = facts.manifest["counts"]["status"]
    total = facts.manifest["counts"]["documents_in"]
    rows = [
        fill(
            '<tr><th scope="row"><span class="key k-$name"></span>$title</th><td class="n">$count</td><td class="n">$share</td></tr>',
            name=name, title=title, count=status[key], share=percent(status[key], total),
        )
        for key, (name, title) in STATUS.items()
        if status.get(key)
    ]  # fmt: skip
    table = (
        '<table class="reasons"><caption class="quiet">Documents</caption><thead><tr><th scope="col">What</th>'
        '<th scope="col" class="n">Documents</th><th scope="col" class="n">Share</th></tr></thead><tbody>$rows</tbody></table>'
    )
    bar = stacked([(name, status.get(key, 0)) for key, (name, _) in STATUS.items()])
    return fill('<div class="figure"><h2>Documents</h2>$bar' + table + "</div>", bar=bar, rows=join(rows))


def warnings(facts: Facts, notes: Sequence[str]) -> Html:
    """What somebody should look at; nothing where there is nothing."""
    counts = facts.manifest["counts"]
    found = [
        (counts["flagged"], '<a href="#flagged">$n documents lost most of their text as furniture</a>: look at them first.'),
        (counts["unreadable"], '<a href="#unreadable">$n inputs could not be read</a> and were left out.'),
        (counts["renamed_ids"], "$n documents had an id that was taken: they are <bdi>&lt;id&gt;~2</bdi> and so on."),
        (counts["passed_files"], "$n files of other kinds were passed over."),
        (counts["large_groups"], "$n groups of look-alike paragraphs were compared through representatives only."),
        (counts["unsettled"], "$n pages may change when cleaned again: each looks hard-wrapped only while it is not taken for that."),
    ]
    items = [fill(f"<li>{text}</li>", n=count) for count, text in found if count]
    items += [fill("<li>$note.</li>", note=note) for note in notes]
    if not items:
        return Html("")
    return fill('<section class="look" aria-labelledby="look"><h2 id="look">To look at</h2><ul>$items</ul></section>', items=join(items))


def sources(facts: Facts) -> Html:
    """Each site with its share of everything."""
    ordered = sorted(facts.sources.items(), key=lambda item: (-item[1].characters_in, item[0]))
    rows = [
        fate_row(name or NAMELESS, tally.documents, tally.characters_in, tally.characters_out, tally.removed)
        for name, tally in ordered[:SOURCES]
    ]
    return fill(
        "$shown$table",
        shown=of_many(len(rows), len(ordered), "sources"), table=fate_table("Sources", ("Source", "Documents"), rows),
    )  # fmt: skip


def fate_table(name: str, head: Sequence[str], rows: Iterable[Html]) -> Html:
    """Rows of `fate_row` under their heads."""
    columns = [Html(f'<th scope="col"{" class=n" if number else ""}>{escape(title)}</th>') for number, title in enumerate(head)]
    return fill(
        '<div class="wide" role="region" aria-label="$name" tabindex="0"><table class="sources"><thead><tr>$columns'
        '<th scope="col" class="n">Characters</th><th scope="col" class="n">Stayed</th><th scope="col" class="bar">What became of them</th>'
        "</tr></thead><tbody>$rows</tbody></table></div>",
        name=name, columns=join(columns), rows=join(rows),
    )  # fmt: skip


def fate_row(name: str, documents: int | None, before: int, after: int, removed: Mapping[str, int]) -> Html:
    """What became of the characters of something: in figures, and as a bar that says them again to screen readers."""
    parts = [("kept", after), *((reason, removed.get(reason, 0)) for reason in NAMES)]
    losses = ", ".join(f"{NAMES[reason].lower()} {count:,}" for reason, count in parts[1:] if count)
    figures = [("documents", documents), ("characters", before), ("stayed", percent(after, before))]
    cells = [fill('<td class="n" data-what="$what">$n</td>', what=what, n=figure) for what, figure in figures if figure is not None]
    return fill(
        '<tr data-item><th scope="row">$name</th>$cells<td class="bar">$bar<span class="quiet">$losses</span></td></tr>',
        name=identity(name), cells=join(cells), bar=stacked(parts), losses=losses or "nothing went",
    )  # fmt: skip


def of_many(shown: int, total: int, what: str) -> Html:
    """Says when not all are shown."""
    return fill('<p class="shown">$shown of $total $what shown.</p>', shown=shown, total=total, what=what) if shown < total else Html("")


def the_run(facts: Facts) -> Html:
    """Version, options, packs, search, files."""
    manifest = facts.manifest
    counts = manifest["counts"]
    recall = manifest.get("candidate_recall", {}).get("by_jaccard", {})
    search = [("pairs compared", counts["candidates"]), ("paragraphs decided again", counts["rewalked"])]
    search += [(f"chance that bands meet at Jaccard {jaccard}", value) for jaccard, value in recall.items()]
    return fill(
        "<p>dedup $version.</p>$options$search$packs$outputs",
        version=manifest["dedup"],
        options=_values("Configuration", [(key, _value(value)) for key, value in manifest["config"].items()]),
        search=_values("Search for near-duplicates", search),
        packs=_values("Rule packs, by hash", sorted(manifest.get("packs", {}).items())),
        outputs=_values("Files written, by hash", sorted(manifest.get("outputs", {}).items())),
    )


def _value(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _values(title: str, pairs: Sequence[tuple[str, object]]) -> Html:
    rows = join(fill("<div><dt>$key</dt><dd>$value</dd></div>", key=identity(key), value=value) for key, value in pairs)
    return fill('<details><summary>$title</summary><dl class="values">$rows</dl></details>', title=title, rows=rows)


def bar_table(title: str, head: tuple[str, str], rows: Sequence[tuple[str, int]], colour: str) -> Html:
    """A chart that is a table: a bar beside each figure."""
    most = max([count for _, count in rows] or [1])
    body = join(
        fill(
            '<tr><th scope="row">$name</th><td class="n">$count</td><td class="bar">$bar</td></tr>',
            name=name, count=count, bar=share(count / most, colour),
        )
        for name, count in rows
    )  # fmt: skip
    return fill(
        '<table class="bars"><caption>$title</caption><thead><tr><th scope="col">$one</th><th scope="col" class="n">$other</th><td></td>'
        "</tr></thead><tbody>$body</tbody></table>",
        title=title, one=head[0], other=head[1], body=body,
    )  # fmt: skip
