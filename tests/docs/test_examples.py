"""What the READMEs say becomes of a page is true; Arabic stands in blocks that run right to left, code does not."""

from __future__ import annotations

from pathlib import Path

import dedup
import pytest
import regex

ROOT = Path(__file__).resolve().parents[2]
READMES = ("README.md", "README.ar.md")


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", READMES)
def test_what_becomes_of_the_page_is_true(name):
    table = regex.search(r"(?m)^\| (?:line|السطر) \|.*\n\|---\|---\|\n((?:\|.*\n)+)", text_of(name))[1]
    rows = [row.strip("|\n ").split(" | ") for row in table.rstrip("\n").split("\n")]
    lines = [(line, "".join(regex.findall("`(.*)`", home))) for line, home in rows]
    result = dedup.clean([{"id": "page.txt", "text": "\n\n".join(line for line, _ in lines) + "\n"}])
    kept = {document.id: document.text.rstrip("\n").split("\n\n") for document in result.kept}
    assert kept == {home: [line for line, its in lines if its == home] for home in ("page.txt", "page.txt#2")}


@pytest.mark.parametrize("name", READMES)
def test_the_python_of_a_readme_runs(name, monkeypatch):
    monkeypatch.chdir(ROOT)
    for block in regex.findall(r"(?s)```python\n(.*?)```", text_of(name)):
        exec(compile(block, name, "exec"), {})


def test_arabic_stands_right_to_left_and_code_left_to_right():
    rest = text_of("README.ar.md")
    outside = regex.sub(r'(?s)<div dir="rtl">\n\n.*?\n\n</div>', "", rest)
    assert not regex.search(r"[\u0600-\u06ff]", regex.sub(r"(?s)^```.*?^```", "", outside, flags=regex.MULTILINE))
    for block in regex.findall(r'(?s)<div dir="rtl">(.*?)</div>', rest):
        assert "```" not in block


def test_both_readmes_show_the_same_summary_of_the_samples():
    summaries = [regex.search(r"(?s)37 documents read.*?most used", text_of(name)) for name in READMES]
    assert summaries[0]
    assert summaries[1]
    assert summaries[0][0] == summaries[1][0]
