"""The help pages are what is committed; a change that is meant is made with `make docs`."""

from __future__ import annotations

import difflib

import pytest
from tests.docs import options
from tests.docs.help import FOLDER, pages

PAGES = pages()


def test_every_command_has_its_page_and_no_page_is_left_over():
    assert sorted(path.name for path in FOLDER.glob("*.txt")) == sorted(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_a_help_page_is_the_one_that_is_committed(name):
    committed = (FOLDER / name).read_text(encoding="utf-8") if (FOLDER / name).exists() else ""
    if committed != PAGES[name]:
        difference = "\n".join(difflib.unified_diff(committed.split("\n"), PAGES[name].split("\n"), "committed", "now", lineterm=""))
        pytest.fail(f"{name} differs; if that is meant, run make docs\n{difference}")


def test_the_table_of_options_is_the_one_that_is_committed():
    assert options.PAGE.read_text(encoding="utf-8") == options.page(), "make docs writes it"


@pytest.mark.parametrize("name", PAGES)
def test_a_help_page_is_at_most_80_columns_wide_and_has_no_escape_codes(name):
    assert max(map(len, PAGES[name].split("\n"))) <= 80
    assert "\x1b" not in PAGES[name]
