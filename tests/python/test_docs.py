"""The examples of docs/python.md give what they say."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest
import regex

ROOT = Path(__file__).resolve().parents[2]
SECTIONS = regex.split(r"(?m)^## ", (ROOT / "docs" / "python.md").read_text(encoding="utf-8"))[1:]
LIBRARIES = ("pandas", "pyarrow", "polars", "datasets")


def examples_of(section):
    blocks = regex.findall(r"(?ms)^```python\n(.*?)^```", section)
    wanted = [library for library in LIBRARIES if regex.search(rf"(?m)^>>> import {library}", section)]
    return blocks, wanted


@pytest.mark.parametrize("section", [pytest.param(section, id=section.split("\n")[0]) for section in SECTIONS])
def test_the_examples_of_a_section_give_what_they_say(section, monkeypatch):
    blocks, wanted = examples_of(section)
    for library in wanted:
        pytest.importorskip(library, reason=f"make test-adapters has {library}")
    monkeypatch.chdir(ROOT)
    said: list[str] = []
    test = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, section.split("\n")[0], "docs/python.md", 0)
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=said.append)
    assert not said, "".join(said)


def test_there_are_examples():
    assert sum(len(examples_of(section)[0]) for section in SECTIONS) >= 10
