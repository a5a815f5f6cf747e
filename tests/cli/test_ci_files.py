"""What continuous integration takes from the project: the action, the hook, and `make`, which a corpus as it was does not wake."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
import regex

ROOT = Path(__file__).resolve().parents[2]
BASH = shutil.which("bash")
MAKE = shutil.which("make")


@pytest.fixture
def path_with_dedup(tmp_path_factory):
    """A PATH on which `dedup` is the one under test."""
    folder = tmp_path_factory.mktemp("bin")
    script = folder / "dedup"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m dedup "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def script_of_the_action() -> str:
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    return textwrap.dedent(text.rpartition("run: |\n")[2])


def run_action(home, path, **inputs):
    names = ("src", "max-boilerplate", "max-duplicates", "config", "sarif")
    given = {"max-boilerplate": "0", "max-duplicates": "0"} | {name.replace("_", "-"): value for name, value in inputs.items()}
    env = {f"CHECK_{name.upper().replace('-', '_')}": given.get(name, "") for name in names}
    command = [BASH, "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script_of_the_action()]
    return subprocess.run(command, cwd=home, env=os.environ | path | env, capture_output=True, text=True, check=False)


@pytest.mark.skipif(BASH is None, reason="no bash")
def test_the_action_marks_places_and_fails_and_a_limit_lets_it_pass(cli, page, path_with_dedup):
    ran = run_action(cli.home, path_with_dedup, src="pages\n", sarif="found.sarif")
    assert ran.returncode == 1, ran.stderr
    assert ran.stdout.startswith("::error file=pages/bridge.txt,")
    assert (cli.home / "found.sarif").exists()
    assert run_action(cli.home, path_with_dedup, src="pages\n", max_boilerplate="0.5").returncode == 0


@pytest.mark.skipif(BASH is None, reason="no bash")
def test_the_action_takes_nothing_of_its_inputs_for_commands_or_options(cli, page, path_with_dedup):
    ran = run_action(cli.home, path_with_dedup, src="$(touch broken)\n--show-config\n")
    assert ran.returncode == 2
    assert "$(touch broken): no such file or folder" in ran.stderr
    assert os.listdir(cli.home) == ["pages"]


def test_the_action_hands_every_input_on_as_a_variable():
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    inputs = regex.findall(r"(?m)^  ([a-z-]+):$", text.partition("runs:")[0])
    assert sorted(regex.findall(r"CHECK_\w+: \$\{\{ inputs\.([a-z-]+) \}\}", text)) == sorted(inputs)
    assert "${{" not in script_of_the_action()


def test_the_hook_runs_a_command_that_there_is(cli):
    text = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    for entry in regex.findall(r"(?m)^  entry: dedup (.*)$", text):
        assert cli(*entry.split(), "--help").code == 0
    assert "pass_filenames: false" in text


@pytest.mark.skipif(MAKE is None, reason="no make")
def test_make_builds_nothing_on_a_corpus_that_is_as_it_was(cli, page, path_with_dedup):
    """The recipe is the one of the README."""
    recipe = regex.search(r"(?s)```make\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert recipe
    page.rename(cli.home / "scraped")
    (cli.home / "Makefile").write_text(recipe[1], encoding="utf-8")
    source = cli.home / "scraped" / "bridge.txt"
    made = cli.home / "corpus" / "corpus.jsonl"
    index = cli.home / "words.txt"

    def make() -> str:
        ran = subprocess.run(
            [MAKE, "words.txt"], cwd=cli.home, env=os.environ | path_with_dedup, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def stamps() -> tuple[int, int]:
        return made.stat().st_mtime_ns, index.stat().st_mtime_ns

    assert "dedup clean" in make()
    first = stamps()
    assert "dedup clean" not in make()
    later = max(first) / 1e9 + 5
    os.utime(source, (later, later))
    assert "dedup clean" in make()  # the pages look new ...
    assert stamps() == first  # ... but nothing is: neither the corpus nor what is made of it
    os.utime(cli.home / "corpus.stamp", (later + 1, later + 1))
    assert "dedup clean" not in make()
    source.write_text(source.read_text(encoding="utf-8").replace("القصب", "الياسمين"), encoding="utf-8")
    os.utime(source, (later + 5, later + 5))
    assert "dedup clean" in make()
    assert all(now > before for now, before in zip(stamps(), first, strict=True))
