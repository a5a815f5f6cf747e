"""How well a run did against labels: lines of pages, and pairs of paragraphs.

A line of a page is labelled `content` (stays), `appended` (another article on the page: it stays too, as a document of its
own), `either` (not scored), or with a kind of noise, which should go. It counts as gone when more than half of its
characters, white space aside, were removed as boilerplate or as repeated; moves and duplicates are not asked about.

A pair of paragraphs is labelled `copy` (either may go), `subset` (the one that is not `fuller` may go), or `template`,
`revision` or `other` (both must stay).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

STAYS = ("content", "appended")
COUNTED = ("boilerplate", "repeated")
TO_MERGE = ("copy", "subset")

Span = tuple[int, int]


def spans_removed(ledger: Iterable[Mapping[str, Any]]) -> dict[str, list[Span]]:
    """Where boilerplate went, by document."""
    found: dict[str, list[Span]] = defaultdict(list)
    for row in ledger:
        if row["action"] == "remove" and row["reason"] in COUNTED:
            found[row["document"]].append((row["start"], row["end"]))
    return found


def ink(text: str) -> int:
    """Characters that are no white space."""
    return sum(not character.isspace() for character in text)


def judge_lines(text: str, labels: Iterable[tuple[int, str]], gone: Sequence[Span]) -> Iterable[tuple[str, int, bool]]:
    """For each scored line its label, its ink, and whether it went."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    for number, label in labels:
        if label != "either":
            begin, end = starts[number - 1], starts[number] - 1
            lost = sum(ink(text[max(begin, start) : min(end, stop)]) for start, stop in gone if start < end and stop > begin)
            size = ink(text[begin:end])
            yield label, size, 2 * lost > size


def line_scores(
    texts: Mapping[str, str], gold: Mapping[str, Sequence[tuple[int, str]]], gone: Mapping[str, Sequence[Span]]
) -> dict[str, float]:
    """Noise precision, recall and F1, and content recall, by line (and the last two by character). Raises KeyError for a
    labelled document that was not read.
    """
    count: Counter[tuple[str, bool, bool]] = Counter()
    for document, labels in gold.items():
        for label, size, went in judge_lines(texts[document], labels, gone.get(document, ())):
            noise = label not in STAYS
            count["line", noise, went] += 1
            count["character", noise, went] += size
    scores: dict[str, float] = {}
    for unit, ending in (("line", ""), ("character", "_by_character")):
        hits, misses, errors, kept = (count[unit, *key] for key in ((True, True), (True, False), (False, True), (False, False)))
        precision, recall = share(hits, hits + errors), share(hits, hits + misses)
        scores[f"noise_f1{ending}"] = share(2 * hits, 2 * hits + errors + misses)
        scores[f"content_recall{ending}"] = share(kept, kept + errors)
        if unit == "line":
            scores |= {"noise_precision": precision, "noise_recall": recall}
    return scores


def share(part: float, whole: float) -> float:
    return part / whole if whole else 1.0


def merges(texts: Sequence[str]) -> set[tuple[str, str]]:
    """Every (text that may go, text that may stand for it), by what the program finds among all of them at once."""
    import dedup

    known = {f"{number:06}": text for number, text in enumerate(dict.fromkeys(texts))}
    result = dedup.clean([dedup.Document(name, text) for name, text in known.items()], repeats=False)
    equal = {name: name for name in known}
    for match in result.matches:
        if match.witness == "equal":
            equal[match.removed.document] = match.kept.document
    alike = {(equal[match.removed.document], equal[match.kept.document]) for match in result.matches if match.witness != "equal"}
    members: dict[str, list[str]] = defaultdict(list)
    for name, leader in equal.items():
        members[leader].append(known[name])
    alike |= {(leader, leader) for leader in members}
    return {(gone, kept) for one, two in alike for gone in members[one] for kept in members[two]}


def pair_scores(pairs: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Of the pairs that should be merged how many are, and of those merged how many should."""
    found = merges([pair[side] for pair in pairs for side in ("a", "b")])
    wanted = right = merged = 0
    for pair in pairs:
        ways = {"a": (pair["b"], pair["a"]), "b": (pair["a"], pair["b"])}  # by the one that stays
        taken = {side for side, way in ways.items() if way in found}
        allowed = {"copy": {"a", "b"}, "subset": {pair["fuller"]}}.get(pair["label"], set())
        wanted += bool(allowed)
        merged += bool(taken)
        right += bool(taken & allowed)
    return {"pairs_precision": share(right, merged), "pairs_recall": share(right, wanted)}
