"""`dedup audit`: the recall of a run, measured on what it left."""

from __future__ import annotations

import json

import pytest
from dedup.audit import wilson


@pytest.fixture
def out(cli, prose):
    pages = cli.home / "pages"
    pages.mkdir()
    for k in range(12):
        (pages / f"{k:02}.txt").write_text(f"{prose(k)}\n\n{prose(100 + k // 2)}\n", encoding="utf-8")
    assert cli("clean", pages, "-o", "out").code == 0
    return cli.home / "out"


def audit(cli, out, *more):
    ran = cli("audit", out, "--json", *more)
    assert ran.code == 0, ran.stderr
    return json.loads(ran.stdout)


def test_what_a_run_left_holds_no_twin(cli, out):
    found = audit(cli, out)
    assert (found["missed"], found["recall"], found["removed"]) == (0, 1.0, 6)
    assert found["low"] < 1.0 == found["high"]


def test_a_twin_that_was_left_is_found_and_lowers_the_recall(cli, out):
    lines = (out / "corpus.jsonl").read_text(encoding="utf-8").splitlines()
    again = json.loads(lines[0]) | {"id": "zz.txt"}
    (out / "corpus.jsonl").write_text("\n".join([*lines, json.dumps(again, ensure_ascii=False)]) + "\n", encoding="utf-8")
    found = audit(cli, out)
    assert found["missed"] > 0
    assert found["recall"] < 1.0


def test_a_folder_that_is_no_output_is_refused(cli):
    (cli.home / "empty").mkdir()
    assert cli("audit", cli.home / "empty").code in (2, 3)


def test_an_output_of_input_texts_is_refused(cli, out):
    assert cli("clean", cli.home / "pages", "-o", "dolma", "--format", "dolma").code == 0
    ran = cli("audit", cli.home / "dolma")
    assert (ran.code, "another format" in ran.stderr) == (2, True)


@pytest.mark.parametrize(("hits", "trials", "low", "high"), [(0, 100, 0.0, 0.037), (1, 10, 0.018, 0.404), (0, 0, 0.0, 1.0)])
def test_the_interval_of_a_share_is_the_score_interval(hits, trials, low, high):
    assert wilson(hits, trials) == pytest.approx((low, high), abs=5e-4)
