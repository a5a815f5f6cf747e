"""The figures of the benchmarks: what was planted is known, and removals are judged rightly."""

from __future__ import annotations

import json
import sys

import numpy as np
import pytest
from benchmarks.generate import generate
from benchmarks.measure import FailedRunError, measure
from benchmarks.peers.common import Clusters, paragraphs
from benchmarks.score import by_kind, kept_by_dedup, kept_by_peer, score
from benchmarks.truth import Truth, by_jaccard, by_rule, overlaps, planted, read_corpus
from dedup.config import Config
from dedup.pipeline import run

from benchmarks import report

NONE = np.zeros(0, np.int64)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("bench") / "news"
    generate(made, 0.3, seed=3)
    return made


def test_the_same_seed_makes_the_same_bytes_and_another_one_others(folder, tmp_path):
    generate(tmp_path / "again", 0.3, seed=3)
    generate(tmp_path / "other", 0.3, seed=4)
    files = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.txt")}
    assert files == {path.relative_to(tmp_path / "again"): path.read_bytes() for path in (tmp_path / "again").rglob("*.txt")}
    assert files != {path.relative_to(tmp_path / "other"): path.read_bytes() for path in (tmp_path / "other").rglob("*.txt")}


def test_jsonl_holds_the_same_documents_as_the_folder(folder, tmp_path):
    generate(tmp_path / "lines", 0.3, seed=3, form="jsonl")
    rows = [json.loads(line) for path in (tmp_path / "lines").iterdir() for line in path.read_text(encoding="utf-8").split("\n")[:-1]]
    assert {row["id"]: row["text"] for row in rows} == {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in folder.rglob("*.txt")
    }


def test_the_truth_names_copies_that_are_copies(folder):
    texts = {f"{document}#{ordinal}": text for document, ordinal, text in paragraphs(folder)}
    with open(f"{folder}.truth.jsonl", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    assert {row["kind"] for row in rows} == {"exact", "near", "template", "furniture"}
    for row in rows:
        here = texts[row["paragraph"]]
        if row["kind"] == "furniture":
            continue
        there = texts[row["of"]]
        one, two = here.rstrip(".").split(), there.rstrip(".").split()
        assert (here == there) or row["kind"] != "exact"
        if row["kind"] == "template":
            assert len(one) == len(two)
            assert [a.isdigit() and b.isdigit() for a, b in zip(one, two, strict=True) if a != b] == [True]


def test_all_overlaps_are_found():
    random = np.random.default_rng(5)
    sets = [{str(member) for member in random.integers(0, 30, 12)} for _ in range(60)]
    found = {(int(a), int(b)): int(common) for a, b, common in zip(*overlaps(sets, 0.5)[:3], strict=True)}
    every = {(a, b): len(sets[a] & sets[b]) for a in range(60) for b in range(a + 1, 60)}
    assert found == {(a, b): n for (a, b), n in every.items() if n >= 0.5 * min(len(sets[a]), len(sets[b]))}


def test_a_removal_is_right_while_a_twin_stays():
    truth = Truth(np.array([0, 0, 0, 1]), NONE, NONE)
    assert score(np.array([True, False, False, True]), truth)[:4] == (2, 2, 0, 0)
    assert score(np.array([True, True, False, True]), truth)[:4] == (1, 1, 0, 1)
    assert score(np.array([False, False, False, True]), truth)[:4] == (3, 0, 3, 0)


def test_an_edge_lets_one_go_for_the_other_but_not_the_other_for_the_one():
    truth = Truth(np.array([0, 1]), np.array([0]), np.array([1]))
    assert score(np.array([False, True]), truth)[:4] == (1, 1, 0, 0)
    assert score(np.array([True, False]), truth)[:4] == (1, 0, 1, 0)
    assert score(np.array([True, True]), truth)[:4] == (0, 0, 0, 1)


def test_what_dedup_removes_of_the_planted_is_right_by_every_account(folder, tmp_path):
    run([str(folder)], tmp_path / "out", Config(report=False, remnant_characters=0))
    corpus = read_corpus(folder)
    kept = kept_by_dedup(tmp_path / "out", folder, corpus)
    for truth in (planted(corpus), by_rule(corpus)):
        found = score(kept, truth)
        assert found.wrong == 0
        assert found.recall > 0.98
    assert score(kept, by_jaccard(corpus, 0.7)).right > 0
    assert by_kind(kept, corpus)["exact_recall"] == 1
    assert by_kind(kept, corpus)["lost"] == 0


def test_what_a_peer_keeps_is_found_again(folder, tmp_path):
    corpus = read_corpus(folder)
    rows = [{"document": document, "paragraph": ordinal} for document, ordinal in list(corpus.number)[::2]]
    (tmp_path / "kept.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert kept_by_peer(tmp_path / "kept.jsonl", corpus).tolist() == [k % 2 == 0 for k in range(len(corpus.number))]


def test_the_smallest_of_a_cluster_leads_it():
    clusters = Clusters(5)
    clusters.join(4, 3)
    clusters.join(3, 1)
    assert [clusters.leads(each) for each in range(5)] == [True, True, True, False, False]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc is looked at")
def test_a_command_is_measured_without_what_measures_it():
    held = bytearray(200_000_000)
    assert 0 < measure([sys.executable, "-c", "pass"]).peak_mb < 100 < len(held) / 1e6
    with pytest.raises(FailedRunError, match="exit code 3"):
        measure([sys.executable, "-c", "raise SystemExit(3)"])


def test_the_page_shows_what_the_results_say():
    text = (report.HERE / "README.md").read_text(encoding="utf-8")
    for name, table in report.tables().items():
        assert f"<!-- {name} -->\n\n{table}\n<!-- /{name} -->" in text
