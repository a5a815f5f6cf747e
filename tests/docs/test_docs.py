"""Every command of the documentation runs and prints what is shown; every link leads somewhere."""

from __future__ import annotations

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import regex
from tests.docs.blocks import FENCE, Block, blocks, commands, matches, plain_environment, run_block
from tests.docs.warm import dedup_command

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "README.ar.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
NAMES = [page.name for page in PAGES]
SHELLS = ("sh", "console")


@pytest.fixture(scope="session")
def failures(request, tmp_path_factory):
    """What is wrong with each page, its blocks run one after the other in a folder with a copy of the samples."""
    if shutil.which("bash") is None or not hasattr(os, "fork"):
        pytest.skip("no bash, or no fork")
    asked = {item.callspec.params["name"] for item in request.session.items if getattr(item, "originalname", "") == RUNNING}
    homes = {page: tmp_path_factory.mktemp(page.stem) for page in PAGES if page.name in asked}
    with dedup_command() as folder, ThreadPoolExecutor(2) as pool:
        environment = plain_environment(folder)
        done = {page.name: pool.submit(run_page, page, home, environment) for page, home in homes.items()}
        return {name: future.result() for name, future in done.items()}


def run_page(page: Path, home: Path, environment: dict[str, str]) -> str:
    shutil.copytree(ROOT / "samples", home / "samples")
    for block in blocks(page, SHELLS):
        failure = "" if block.reason else run_block(block, home, environment)
        if failure:
            return failure
    return ""


RUNNING = "test_the_commands_of_a_page_run_and_print_what_it_shows"


@pytest.mark.parametrize("name", NAMES)
def test_the_commands_of_a_page_run_and_print_what_it_shows(failures, name):
    if failures[name]:
        pytest.fail(failures[name])


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_a_block_that_is_not_run_says_why_and_every_note_is_understood(page):
    for match in FENCE.finditer(page.read_text(encoding="utf-8")):
        note = match["note"] or ""
        assert not note or regex.fullmatch(r"exit \d+|not run: \S.{9,}", note), note


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_link_to_a_file_leads_to_one(page):
    text = regex.sub(r"(?s)```.*?```", "", page.read_text(encoding="utf-8"))
    for target in regex.findall(r"\]\(([^)\s]+)\)", text):
        path, _, anchor = target.partition("#")
        if path.startswith(("http:", "https:")):
            continue
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), target
        assert not anchor or anchor in anchors(found), target


def anchors(page: Path) -> set[str]:
    """As GitHub makes them of headings."""
    headings = regex.findall(r"(?m)^#+ (.*)$", page.read_text(encoding="utf-8"))
    return {regex.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_shown_output_is_compared_and_dots_stand_for_anything():
    assert matches("a ... c\n...\nend\n", "a b c\n1\n2\nend\n")
    assert matches("...\n", "")
    assert not matches("a ... c\n", "a b d\n")
    assert not matches("a\n", "a\nb\n")
    assert matches("عنوان...\n", "عنوان الخبر\n")


def test_a_console_block_is_commands_with_what_they_print():
    block = Block("page.md", 1, "console", "$ one \\\n> two\nprinted\n$ three\n", 0, "")
    assert [(command.text, command.shown) for command in commands(block)] == [("one \\\ntwo", "printed\n"), ("three", "")]


def test_a_command_that_fails_or_prints_something_else_is_told(tmp_path):
    environment = plain_environment(tmp_path)
    assert "left with 3, not 0" in run_block(Block("p.md", 1, "sh", "exit 3\n", 0, ""), tmp_path, environment)
    assert run_block(Block("p.md", 1, "sh", "exit 3\n", 3, ""), tmp_path, environment) == ""
    assert "the page shows" in run_block(Block("p.md", 1, "console", "$ echo a\nb\n", 0, ""), tmp_path, environment)
