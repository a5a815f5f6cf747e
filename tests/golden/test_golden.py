"""Pages and what must become of them: one plain text file a case.

A case holds the sections `# input` and `# output` (without `# output` the page must not change), `# appended` once for each
article that moves out, in order, and before them, if need be, `# options` in TOML: those of `dedup.strip`, and
`newline = "crlf"` for a page written that way, `xfail = "reason"` for what is known not to hold yet. The blank lines at the
ends of a section do not belong to it, but for an input that must not change.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dedup
import pytest

CASES = sorted((Path(__file__).parent / "cases").glob("*.txt"))
HEADINGS = ("# options", "# input", "# output", "# appended")


@dataclass(frozen=True)
class Case:
    """What a file says. `output` is None where the page must not change."""

    text: str
    output: str | None
    appended: tuple[str, ...]
    options: dict[str, Any]
    xfail: str


def sections(text: str) -> list[tuple[str, str]]:
    """(heading, body) in order."""
    found: list[tuple[str, list[str]]] = []
    for line in text.split("\n"):
        if line in HEADINGS:
            found.append((line, []))
        elif found:
            found[-1][1].append(line)
        else:
            raise ValueError(f"the file begins with {line!r}, not with a heading")
    return [(heading, "\n".join(body)) for heading, body in found]


def read_case(path: Path) -> Case:
    found = sections(path.read_text(encoding="utf-8"))
    options = tomllib.loads("".join(body for heading, body in found if heading == "# options"))
    xfail = options.pop("xfail", "")
    newline = {"lf": "\n", "crlf": "\r\n"}[options.pop("newline", "lf")]

    def bodies(wanted: str, *, trim: bool = True) -> list[str]:
        texts = [body.strip("\n") + "\n" if trim else body for heading, body in found if heading == wanted]
        return [("" if text == "\n" else text).replace("\n", newline) for text in texts]

    output = bodies("# output")
    (text,) = bodies("# input", trim=bool(output))
    return Case(text, output[0] if output else None, tuple(bodies("# appended")), options, xfail)


def case_of(path: Path) -> Any:
    case = read_case(path)
    marks = [pytest.mark.xfail(strict=True, reason=case.xfail)] if case.xfail else []
    return pytest.param(case, id=path.stem, marks=marks)


@pytest.mark.parametrize("case", [case_of(path) for path in CASES])
def test_the_page_becomes_what_the_case_says(case):
    result = dedup.strip(case.text, **case.options)
    assert result.text == (case.text if case.output is None else case.output)
    assert result.appended == case.appended
    if case.output is None:
        assert not result.removals
        assert not result.moves


@pytest.mark.parametrize("case", [pytest.param(read_case(path), id=path.stem) for path in CASES])
def test_what_is_left_loses_nothing_when_stripped_again(case):
    result = dedup.strip(case.text, **case.options)
    for text in (result.text, *result.appended):
        again = dedup.strip(text, **case.options)
        assert (again.text, again.appended) == (text, ())


def test_there_is_a_case_for_every_way_to_treat_appended_articles():
    assert {read_case(path).options.get("appended", "split") for path in CASES} == {"split", "drop", "keep"}
