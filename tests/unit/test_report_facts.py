"""What the report keeps of a big run."""

from __future__ import annotations

import json

import pytest
from dedup.errors import InputError
from dedup.io import whole_lines
from dedup.report import ledger
from dedup.report.documents import DOCUMENTS
from dedup.report.facts import RULES, UNREADABLE, gather
from dedup.report.ledger import CLUSTERS, EXAMPLES, NEAREST
from dedup.report.page import render

LONG = "كلمة طويلة في نص لا ينتهي " * 400
RULE_COUNT = 100
COUNTS = {
    "documents_in": 500, "documents_out": 400, "appended": 0, "bytes_in": 1, "characters_in": 10_000_000, "characters_out": 1_000_000,
    "status": {"kept": 400, "empty": 100}, "removed": {}, "removed_characters": {}, "rules": {}, "clusters": 200, "flagged": 200,
    "unreadable": 300, "passed_files": 0, "renamed_ids": 0, "candidates": 1, "large_groups": 0, "rewalked": 0, "unsettled": 0,
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """An output folder of 500 long documents: all but one line of each went, by 100 rules or for 200 leaders."""
    out = tmp_path_factory.mktemp("out")
    files = {"corpus": [], "ledger": [], "documents": [], "unreadable": []}
    for number in range(500):
        name = f"{number:03}-{'n' * 200}"
        kept, gone = f"{number} {LONG}\n", f"{number % 400} <{LONG}>\n"
        twin = f"{number % 200:03}-{'n' * 200}"
        row = {"document": name, "start": len(kept), "end": len(kept) + len(gone), "action": "remove", "reason": "boilerplate"}
        row |= {"rule": f"mine/{number % RULE_COUNT}", "text": gone}
        files["ledger"].append(row)
        if number >= 200:
            at = len(kept) + len(gone)
            canonical = {"document": twin, "start": 0, "end": len(f"{number % 200} {LONG}")}
            row = {"document": name, "start": at, "end": at + len(gone), "action": "remove", "reason": "duplicate"}
            files["ledger"].append(row | {"canonical": canonical, "similarity": 0.85 + number % 15 / 100, "text": gone})
        files["corpus"].append({"id": name, "text": kept, "source": f"site {number}"})
        files["documents"].append({
            "id": name, "source": f"site {number}", "status": "kept" if number % 5 else "empty",
            "characters_in": len(kept) + len(gone) * (1 + (number >= 200)), "characters_out": len(kept),
            "removed": {"boilerplate": len(gone)}, "moved": [], "flagged": number % 5 in (1, 2), "restore": {"path": name, "line": 0},
        })  # fmt: skip
    files["unreadable"] = [{"path": f"{number}{LONG}", "line": 3, "why": "no text"} for number in range(300)]
    for name, rows in files.items():
        lines = (json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
        (out / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    config = {"format": "jsonl", "threshold": 0.85, "character_threshold": 0.9, "packs": []}
    (out / "manifest.json").write_text(json.dumps({"dedup": "0", "config": config, "packs": {}, "counts": COUNTS}), encoding="utf-8")
    return out


@pytest.fixture(scope="module")
def facts(folder):
    return gather(folder)


def test_of_everything_only_as_much_is_kept_as_is_shown(facts):
    assert (len(facts.rules), len(facts.clusters), len(facts.nearest)) == (RULE_COUNT, CLUSTERS, NEAREST)
    assert (len(facts.flagged), len(facts.gone), len(facts.unreadable)) == (DOCUMENTS, DOCUMENTS, UNREADABLE)
    assert all(len(tally.examples) <= EXAMPLES for tally in facts.rules.values())


def test_counts_are_of_all(facts):
    assert all(tally.hits == 5 for tally in facts.rules.values())
    assert sum(facts.similarities.values()) == 300
    assert sum(size * count for size, count in facts.cluster_sizes.items()) == 300
    assert facts.clusters[0].size == 2


def test_an_example_says_how_often_its_text_went(facts):
    assert any(example.seen == 2 for tally in facts.rules.values() for example in tally.examples)


def test_the_nearest_pairs_are_those_of_the_lowest_similarity(facts):
    assert {row["similarity"] for row in facts.nearest} == {0.85, 0.86}


def test_the_page_stays_small_and_says_what_it_leaves_out(facts):
    page = render(facts)
    assert len(page.encode()) < 2_000_000
    assert f"{RULES} of {RULE_COUNT} rules shown." in page
    assert f"{CLUSTERS} of 200 clusters shown." in page
    assert f"{DOCUMENTS} of 200 flagged documents shown." in page
    assert f"{UNREADABLE} of 300 inputs shown." in page
    assert "more characters" in page


def test_both_thresholds_are_marked(facts):
    page = render(facts)
    assert "threshold 0.85" in page
    assert "of characters 0.9" in page


def test_the_page_is_the_same_each_time(folder, facts):
    assert render(gather(folder)) == render(facts)


def test_a_ledger_read_in_small_pieces_tells_the_same(folder, facts, monkeypatch):
    monkeypatch.setattr(whole_lines, "PIECE", 100)
    again = gather(folder)
    assert (again.rules, again.similarities, again.clusters, again.cluster_sizes) == (
        facts.rules, facts.similarities, facts.clusters, facts.cluster_sizes,
    )  # fmt: skip
    assert again.nearest == facts.nearest


def test_a_ledger_that_is_none_is_told(folder, tmp_path):
    (tmp_path / "ledger.jsonl").write_bytes(b'{"document":"a","start":0,"action":"remove","reason":"boilerplate","rule":"x\n')
    with pytest.raises(InputError, match=r"ledger\.jsonl cannot be read"):
        ledger.read_ledger(tmp_path)
