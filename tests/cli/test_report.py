"""report.html as a file: when it is written, and what it says."""

from __future__ import annotations

import html
import json
import os

import pytest
import regex


@pytest.fixture(scope="module")
def run(shared_cli, samples):
    """The samples, cleaned."""
    assert shared_cli("clean", samples, "-o", "reported", "-q").code == 0
    return shared_cli.home / "reported"


@pytest.fixture(scope="module")
def page(run):
    return (run / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def text(page):
    """What a reader sees of it."""
    body = page.partition("<body>")[2].rpartition("<script>")[0]
    return html.unescape(regex.sub(r"\s+", " ", regex.sub(r"<[^>]*>", "", body)))


def test_every_run_into_a_folder_leaves_a_report_unless_told_not_to(cli, prose):
    (cli.home / "pages").mkdir()
    (cli.home / "pages" / "a.txt").write_text(f"{prose(1)}\nAdvertisement\n", encoding="utf-8")
    ran, strip, without = cli.all(
        ("clean", "pages", "-o", "clean"), ("strip", "pages", "-o", "strip"), ("clean", "pages", "-o", "without", "--no-report")
    )
    assert (ran.code, strip.code, without.code) == (0, 0, 0)
    assert "report.html" in ran.stderr
    assert "report.html" not in without.stderr
    assert "report.html" in os.listdir(cli.home / "clean")
    assert "report.html" in os.listdir(cli.home / "strip")
    assert "report.html" not in os.listdir(cli.home / "without")
    assert (cli.home / "clean" / "manifest.json").read_bytes() == (cli.home / "without" / "manifest.json").read_bytes()
    (cli.home / "dedup.toml").write_text("report = false\n", encoding="utf-8")
    assert cli("clean", "pages", "-o", "configured").code == 0
    assert "report.html" not in os.listdir(cli.home / "configured")


def test_a_report_made_again_is_the_same(shared_cli, run, files_in):
    before = files_in(run)
    ran = shared_cli("report", run)
    assert (ran.code, ran.stdout) == (0, b"")
    assert files_in(run) == before
    assert shared_cli("report", run, "-o", "page.html").code == 0
    assert (shared_cli.home / "page.html").read_bytes() == before[b"report.html"]


@pytest.mark.parametrize("how", ["jsonl.gz", "txt"])
def test_the_report_is_the_same_from_every_format_but_for_what_it_says_of_the_run(cli, samples, page, how):
    assert cli("clean", samples, "-o", "out", "-q", "--format", how).code == 0
    other = (cli.home / "out" / "report.html").read_text(encoding="utf-8")
    assert other.partition('<section id="run"')[0] == page.partition('<section id="run"')[0]


def test_what_is_no_output_folder_or_cannot_be_written_is_refused(cli, page, run):
    ran, other = cli.all(("report", "nothing"), ("report", run, "-o", "no/such/folder/page.html"))
    assert (ran.code, other.code) == (3, 2)
    assert "no output folder of dedup" in ran.stderr
    assert "cannot write there" in other.stderr


def test_the_page_loads_nothing_and_allows_nothing(page):
    assert not regex.search(r"<(?:img|link|iframe|object|embed|base|audio|video|source)\b", page)
    assert set(regex.findall(r'href="(.)', page)) == {"#"}
    assert "default-src 'none'" in html.unescape(page)
    assert "url(" not in page
    assert "@import" not in page
    assert "unsafe-inline" not in page


def test_the_first_screen_is_the_summary(text, rows, run):
    counts = json.loads((run / "manifest.json").read_bytes())["counts"]
    assert f"{counts['documents_in']:,} documents with {counts['characters_in']:,} characters came in" in text
    assert f"{counts['documents_out']:,} documents with {counts['characters_out']:,} characters came out" in text
    for reason in ("boilerplate", "duplicate"):
        assert f"{counts['removed_characters'][reason]:,}" in text


def test_every_rule_that_hit_is_there_with_its_count_and_why(text, run):
    counts = json.loads((run / "manifest.json").read_bytes())["counts"]
    for rule in counts["rules"]:
        assert rule in text
    assert "the label of an advertising slot" in text


def test_lists_that_are_cut_say_so(text):
    assert "30 of 35 clusters shown." in text
    assert regex.search(r"\d+ of 33 shown\.", text)
