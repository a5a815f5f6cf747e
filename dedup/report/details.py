"""The report's lists: rules with examples, duplicates and clusters with the words that differ, documents, unreadable inputs."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any, Final

from dedup.io.inputs import Rebuilt, line_of
from dedup.report.around import around, gone_spans
from dedup.report.charts import histogram, share
from dedup.report.facts import RULES
from dedup.report.markup import Html, fill, identity, join, marked, page_text
from dedup.report.overview import NAMES, bar_table, fate_row, fate_table, of_many, percent
from dedup.text.compare import Piece, compare

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dedup.report.facts import Facts
    from dedup.report.ledger import Cluster, Example, RuleTally

CONTEXT: Final = 240  # characters of a line beside an example
EXAMPLE: Final = 400
OPEN: Final = 2  # rules that lie open at first: what a card looks like
SIZES: Final = ((1, "1"), (2, "2"), (3, "3"), (5, "4–5"), (10, "6–10"), (20, "11–20"), (50, "21–50"), (100, "51–100"))
MOVED: Final = "Moved out"
NONE: Final = '<p class="none">None.</p>'


def rules(facts: Facts, whys: Mapping[str, str]) -> Html:
    """Every rule that hit, the most used first; examples of each."""
    if not facts.rules:
        return Html('<p class="none">No rule hit.</p>')
    shown = list(facts.rules.items())[:RULES]
    most = shown[0][1].hits
    cards = join(_rule(rule, tally, whys.get(rule, ""), most, facts, k < OPEN) for k, (rule, tally) in enumerate(shown))
    return fill('$shown<div class="cards">$cards</div>', shown=of_many(len(shown), len(facts.rules), "rules"), cards=cards)


def _rule(rule: str, tally: RuleTally, why: str, most: int, facts: Facts, is_open: bool) -> Html:
    examples = join(_example(example, facts.documents[example.row["document"]]) for example in tally.examples)
    kind = "kept" if tally.reason == "appended" else tally.reason
    return fill(
        '<details class="rule"$open><summary><span class="name">$rule</span> <span class="why">$why</span> '
        '<span class="n">$hits</span> $bar</summary>'
        '<p class="shown">$kind, $characters characters. $shown of $hits shown.</p><ul class="items">$examples</ul></details>',
        open=Html(" open") if is_open else "", rule=identity(rule), why=why, hits=tally.hits, bar=share(tally.hits / most, kind),
        kind=NAMES.get(tally.reason, MOVED), characters=tally.characters,
        shown=sum(example.seen for example in tally.examples), examples=examples,
    )  # fmt: skip


def _example(example: Example, document: Rebuilt) -> Html:
    """What went, between the lines that stayed around it."""
    row = example.row
    before, behind = around(document.text, gone_spans(document.text, document.ledger), row["start"], row["end"])
    text = row.get("text", document.text[row["start"] : row["end"]])
    times = fill(", $seen times in this run", seen=example.seen) if example.seen > 1 else Html("")
    lines = [
        *(_near(document.text[start:end]) for start, end in before),
        _removed(row, text),
        *(_near(document.text[start:end]) for start, end in behind),
    ]
    return fill(
        '<li data-item><p class="where">$place$times</p>$lines</li>',
        place=_place(document, row["start"]), times=times, lines=join(lines),
    )  # fmt: skip


def _near(line: str) -> Html:
    return fill('<p class="text near" dir="auto">$text</p>', text=page_text(line, CONTEXT))


def _removed(row: Mapping[str, Any], text: str) -> Html:
    if row["action"] == "move":
        return fill(
            '<p class="text moved" dir="auto">$text</p><p class="where">now $to</p>',
            text=page_text(text, EXAMPLE), to=identity(row["to"]),
        )  # fmt: skip
    return fill('<p class="text gone" dir="auto"><del>$text</del></p>', text=page_text(text, EXAMPLE))


def _place(document: Rebuilt, at: int) -> Html:
    return fill("$name, line $line", name=identity(document.row["id"]), line=line_of(document.text, at))


def similarity(facts: Facts) -> Html:
    """How like their twins the duplicates are, with the thresholds; and how many went for one paragraph."""
    total = sum(facts.similarities.values())
    if not total:
        return Html('<p class="none">No paragraph went as a duplicate.</p>')
    config = facts.manifest["config"]
    same = facts.similarities.get(100, 0)
    floor = min([ceil(100 * config["threshold"] - 1e-9), ceil(100 * config["character_threshold"] - 1e-9), *facts.similarities])
    lead = fill(
        "<p>$total paragraphs went, for $clusters that stay. $same of them ($share) hold nothing that their twin does not: "
        "a similarity of 1.</p>",
        total=total, clusters=sum(facts.cluster_sizes.values()), same=same, share=percent(same, total),
    )  # fmt: skip
    return fill(
        '$lead<div class="two">$columns$sizes</div>',
        lead=lead, columns=_columns(facts, floor) if floor < 100 and same < total else Html(""), sizes=_sizes(facts),
    )  # fmt: skip


def _columns(facts: Facts, floor: int) -> Html:
    config = facts.manifest["config"]
    counts = [facts.similarities.get(hundredth, 0) for hundredth in range(floor, 100)]
    every = max(len(counts) // 5, 1)
    labels = [(k, f"{(floor + k) / 100:.2f}") for k in range(0, len(counts), every)]
    words, characters = config["threshold"], config["character_threshold"]
    marks = [(100 * words - floor, f"threshold {words}")]
    if characters != words:
        marks.append((100 * characters - floor, f"of characters {characters}"))
    rows = join(
        fill('<tr><th scope="row">$from</th><td class="n">$count</td></tr>', **{"from": f"{(floor + k) / 100:.2f}"}, count=count)
        for k, count in enumerate(counts)
    )
    return fill(
        '<figure><figcaption>The others, by similarity</figcaption>$chart<details><summary>As a table</summary><table class="bars">'
        '<thead><tr><th scope="col">Similarity from</th><th scope="col" class="n">Paragraphs</th></tr></thead><tbody>$rows</tbody></table>'
        "</details></figure>",
        chart=histogram(counts, labels, marks), rows=rows,
    )  # fmt: skip


def _sizes(facts: Facts) -> Html:
    rows = []
    below = 0
    for limit, name in SIZES:
        count = sum(number for size, number in facts.cluster_sizes.items() if below < size <= limit)
        rows.append((name, count))
        below = limit
    rows.append(("over 100", sum(number for size, number in facts.cluster_sizes.items() if size > below)))
    while rows and not rows[-1][1]:
        rows.pop()
    return bar_table("How many went for one paragraph", ("Went", "Clusters"), rows, "duplicate")


def clusters(facts: Facts) -> Html:
    """The biggest clusters: the paragraph that stays, and those least like it."""
    items = join(_cluster(cluster, facts.documents) for cluster in facts.clusters)
    return _items(items, len(facts.clusters), sum(facts.cluster_sizes.values()), "clusters")


def _cluster(cluster: Cluster, documents: Mapping[str, Rebuilt]) -> Html:
    """The leader, marked against the one least like it, and each different text once with the places it went from."""
    name, start, end = cluster.leader
    kept = documents[name].text[start:end].strip()
    places: dict[str, list[tuple[float, str, int]]] = {}
    for similarity, document, at in cluster.members:
        places.setdefault(_text_at(documents[document], at), []).append((similarity, document, at))
    compared = {text: compare(text, kept) for text in places}
    leader = next((there for _, there in compared.values() if any(piece.differs for piece in there)), [Piece(kept)])
    members = join(_gone_side([(documents[d], at) for _, d, at in found], found[0][0], compared[text][0]) for text, found in places.items())
    more = cluster.size - len(cluster.members)
    return fill(
        '<li data-item><p class="size"><b>$size</b> went for this paragraph</p><div class="pair">$kept<div>$members$more</div></div></li>',
        size=cluster.size, kept=_kept_side(documents[name], start, leader), members=members,
        more=fill('<p class="where">and $more more</p>', more=more) if more else "",
    )  # fmt: skip


def nearest(facts: Facts) -> Html:
    """The pairs that only just went: where to look when in doubt about the threshold."""
    items = join(_pair(row, facts.documents) for row in facts.nearest)
    below = sum(facts.similarities.values()) - facts.similarities.get(100, 0)
    return _items(items, len(facts.nearest), below, "pairs, one of each cluster,")


def _pair(row: Mapping[str, Any], documents: Mapping[str, Rebuilt]) -> Html:
    canonical = row["canonical"]
    twin = documents[canonical["document"]]
    pieces, there = compare(row["text"].strip(), twin.text[canonical["start"] : canonical["end"]].strip())
    return fill(
        '<li data-item><div class="pair">$kept$gone</div></li>',
        kept=_kept_side(twin, canonical["start"], there),
        gone=_gone_side([(documents[row["document"]], row["start"])], row["similarity"], pieces),
    )  # fmt: skip


def _text_at(document: Rebuilt, start: int) -> str:
    return next(str(row["text"]).strip() for row in document.ledger if row["start"] == start and row["action"] == "remove")


def _kept_side(document: Rebuilt, start: int, pieces: Iterable[Piece]) -> Html:
    return fill(
        '<div class="side"><p class="where">Stays in $place</p><p class="text" dir="auto">$text</p></div>',
        place=_place(document, start), text=marked(pieces, "ins"),
    )  # fmt: skip


def _gone_side(places: Iterable[tuple[Rebuilt, int]], similarity: float, pieces: Sequence[Piece]) -> Html:
    """A text that went, with the words that only it has; no text where no word differs."""
    differs = any(piece.differs for piece in pieces)
    text = fill('<p class="text" dir="auto">$text</p>', text=marked(pieces, "del")) if differs else Html("")
    named = Html("; ".join(_place(document, start) for document, start in places))
    return fill(
        '<div class="side"><p class="where">Went from $places (similarity $similarity$alike)</p>$text</div>',
        places=named, similarity=f"{similarity:.4g}", alike="" if differs else ": no other word", text=text,
    )  # fmt: skip


def flagged(facts: Facts) -> Html:
    """Documents that lost most of their text as furniture."""
    return _documents(facts.flagged, facts.manifest["counts"]["flagged"], "flagged documents")


def gone(facts: Facts) -> Html:
    """Documents of which nothing stays."""
    status = facts.manifest["counts"]["status"]
    return _documents(facts.gone, sum(count for name, count in status.items() if name != "kept"), "documents of which nothing stays")


def _documents(documents: Sequence[Mapping[str, Any]], total: int, what: str) -> Html:
    if not total:
        return Html(NONE)
    rows = [fate_row(row["id"], None, row["characters_in"], row["characters_out"], row["removed"]) for row in documents]
    return fill("$shown$table", shown=of_many(len(rows), total, what), table=fate_table(what, ("Document",), rows))


def unreadable(facts: Facts) -> Html:
    """Inputs that were left out."""
    rows = join(
        fill(
            '<li data-item><p class="where">$path$line</p><p class="line">$why</p></li>',
            path=identity(row["path"]), line=fill(", line $n", n=row["line"]) if row["line"] else "", why=row["why"],
        )
        for row in facts.unreadable
    )  # fmt: skip
    return _items(rows, len(facts.unreadable), facts.manifest["counts"]["unreadable"], "inputs")


def _items(items: Html, shown: int, total: int, what: str) -> Html:
    if not total:
        return Html(NONE)
    return fill('$shown<ul class="items">$items</ul>', shown=of_many(shown, total, what), items=items)
