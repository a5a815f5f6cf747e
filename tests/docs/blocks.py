"""Code blocks of Markdown pages: found, run as a reader would, and what they print held against what the page shows.

Blocks of ```sh are run whole. Of ```console, lines after `$ ` are commands (`> ` continues one) and the lines below are what they
print, stdout and stderr together; `...` stands for anything on a line, and on a line of its own for any lines. A comment above a
block says what is otherwise: `<!-- exit 1 -->` with which code its last command leaves, `<!-- not run: REASON -->` that it is not.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    from pathlib import Path

PATIENCE = 120  # seconds before a command that hangs is given up: no measure of speed
FENCE = regex.compile(r"(?ms)^(?:<!-- (?P<note>[^\n]*?) -->\n+)?```(?P<language>\w+)\n(?P<body>.*?)^```$")


@dataclass(frozen=True)
class Block:
    """A block of a page. `line`: where it begins; `code`: with which its last command leaves; `reason`: why it is not run."""

    page: str
    line: int
    language: str
    body: str
    code: int
    reason: str


@dataclass(frozen=True)
class Command:
    """A command, and what the page says it prints (None where it says nothing)."""

    text: str
    shown: str | None


def blocks(page: Path, languages: tuple[str, ...]) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    found = []
    for match in FENCE.finditer(text):
        note = match["note"] or ""
        code = regex.fullmatch(r"exit (\d+)", note)
        reason = note.removeprefix("not run: ") if note.startswith("not run: ") else ""
        line = text.count("\n", 0, match.start("language")) + 1
        if match["language"] in languages:
            found.append(Block(page.name, line, match["language"], match["body"], int(code[1]) if code else 0, reason))
    return found


def commands(block: Block) -> list[Command]:
    if block.language == "sh":
        return [Command(block.body, None)]
    lines = block.body.split("\n")[:-1]
    starts = [number for number, line in enumerate(lines) if line.startswith("$ ")]
    assert starts, f"{block.page}:{block.line}: a console block without a `$ ` line"
    assert starts[0] == 0, f"{block.page}:{block.line}: a console block begins with its first command"
    found = []
    for start, stop in pairwise([*starts, len(lines)]):
        end = start + 1
        while end < stop and lines[end].startswith("> "):
            end += 1
        text = "\n".join(line[2:] for line in lines[start:end])
        found.append(Command(text, "".join(f"{line}\n" for line in lines[end:stop])))
    return found


def run_block(block: Block, home: Path, environment: dict[str, str]) -> str:
    """Run a block in a folder; what is wrong, in words, or nothing."""
    listed = commands(block)
    for number, command in enumerate(listed):
        ran = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", command.text],
            cwd=home, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=PATIENCE, check=False,
        )  # fmt: skip
        printed = ran.stdout.decode("utf-8")
        expected = block.code if number == len(listed) - 1 else 0
        where = f"{block.page}:{block.line}: $ {command.text.strip()}\n"
        if ran.returncode != expected:
            return f"{where}left with {ran.returncode}, not {expected}, and printed\n{printed}"
        if command.shown is not None and not matches(command.shown, printed):
            return f"{where}the page shows\n{command.shown}but it printed\n{printed}"
    return ""


def matches(shown: str, printed: str) -> bool:
    """Whether what was printed is what is shown, `...` standing for anything."""
    pattern = ""
    for line in shown.split("\n")[:-1]:
        if line.strip() == "...":
            pattern += r"(?:[^\n]*\n)*?"
        else:
            pattern += r"[^\n]*".join(regex.escape(part, literal_spaces=True) for part in line.split("...")) + r"[^\n\S]*\n"
    return regex.fullmatch(pattern, printed) is not None


def plain_environment(folder_of_dedup: Path) -> dict[str, str]:
    """The environment of a reader who has just installed the program."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DEDUP_")}
    return kept | {"PATH": f"{folder_of_dedup}{os.pathsep}{os.environ['PATH']}", "LC_ALL": "C.UTF-8", "COLUMNS": "80", "NO_COLOR": "1"}
