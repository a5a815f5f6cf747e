"""Escaping in the reports of `dedup check`, for every character there is; and witnesses that nobody describes."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import regex
from dedup.report.github import command
from dedup.report.junit import attribute, content
from dedup.report.sentences import WITNESSES, sentences_of
from hypothesis import given
from hypothesis import strategies as st

SOURCES = Path(__file__).parents[2] / "dedup"


@given(st.text(st.characters(exclude_categories=[])))
def test_any_text_makes_well_formed_xml_and_comes_back_but_for_what_xml_forbids(text):
    root = ET.fromstring(f"<a b={attribute(text)}>{content(text)}</a>")
    expected = "".join(each if allowed(ord(each)) else "\ufffd" for each in text)
    assert root.get("b") == expected
    assert (root.text or "") == expected.replace("\r\n", "\n").replace("\r", "\n")  # as every XML reader takes line ends


def allowed(code: int) -> bool:
    return code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000


@given(st.text(), st.text())
def test_a_workflow_command_is_one_line_and_can_be_read_back(value, message):
    line = command("error", {"file": value, "line": "1"}, message)
    assert "\n" not in line
    assert "\r" not in line
    found = regex.fullmatch(r"::error file=([^,:]*),line=1::(.*)", line, regex.DOTALL)
    assert found
    assert unescape(found[1]) == value
    assert unescape(found[2]) == message


def unescape(text: str) -> str:
    for code, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, character)
    return text


def test_every_witness_of_the_code_has_a_sentence():
    named = set()
    for path in (SOURCES / "boilerplate").glob("*.py"):
        named |= set(regex.findall(r'Final = "([a-z]+/[a-z-]+)"', path.read_text(encoding="utf-8")))
    assert len(named) > 10
    assert named <= set(WITNESSES)


def test_a_witness_without_a_sentence_speaks_by_its_id():
    assert sentences_of([])["new/witness"] == "found by new/witness"
