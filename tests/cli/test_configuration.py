"""`dedup init` and `--show-config`: the options as text that the program reads again."""

from __future__ import annotations

import json
import tomllib
from dataclasses import fields
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import regex
from dedup.cli.diff import diff
from dedup.cli.gate import check
from dedup.cli.jobs import clean
from dedup.config import Config
from dedup.config_file import schema, schema_text, template, toml_value
from dedup.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]


def plain(config: Config) -> dict:
    return {each.name: getattr(config, each.name) for each in fields(Config)}


def test_the_template_sets_nothing_and_uncommented_sets_every_key_to_its_default(tmp_path):
    lines = list(template())
    assert tomllib.loads("\n".join(lines)) == {}
    setting = [line[2:] for line in lines if regex.match(r"# [a-z_]+ = ", line)]
    assert set(tomllib.loads("\n".join(setting))) == set(plain(Config()))
    (tmp_path / "dedup.toml").write_text("\n".join(setting), encoding="utf-8")
    assert load_settings(tmp_path, {}, {}).config == Config()


def test_every_key_has_a_meaning_and_a_group_of_the_template():
    for each in fields(Config):
        assert each.metadata["means"].endswith("."), each.name
    assert sum(regex.match(r"# [a-z_]+ = ", line) is not None for line in template()) == len(fields(Config))


def test_check_and_diff_take_every_option_that_decides_what_clean_does():
    def keys(command: Callable[..., None]) -> set[str]:
        return {{"pack": "packs", "category": "categories"}.get(name, name) for name in signature(command).parameters} - {"format"}

    known = {each.name for each in fields(Config)} - {"report"}  # neither writes a folder
    wanted = keys(clean) & known
    assert {"recall", "prefer", "date_key", "extractor", "threshold"} <= wanted
    for command in (check, diff):
        assert wanted - keys(command) == set()
        assert "show_config" in keys(command)


def test_the_schema_in_docs_is_the_one_of_the_code():
    """A change is written with `make docs`."""
    assert (ROOT / "docs" / "dedup.schema.json").read_text(encoding="utf-8") == schema_text()


def test_the_schema_knows_every_key_its_type_choices_and_bounds():
    known = schema()["properties"]
    assert list(known) == [each.name for each in fields(Config)]
    assert known["appended"]["enum"] == ["split", "drop", "keep"]
    assert "enum" not in known["prefer"], "sources may be named, too"
    assert (known["threshold"]["exclusiveMinimum"], known["threshold"]["maximum"]) == (0, 1)
    assert known["bands"] | {"description": ""} == {"description": "", "default": 0, "type": "integer", "minimum": 0}
    assert known["packs"]["items"] == {"type": "string"}


@pytest.mark.parametrize("value", [True, 0, 0.85, "", 'a"b\\c\n\x7f\x00ّ', (), ("a", "b, c"), 1e-07])
def test_values_are_written_so_that_toml_reads_them_back(value):
    found = tomllib.loads(f"key = {toml_value(value)}")["key"]
    assert (tuple(found) if isinstance(found, list) else found) == value


def test_settings_know_where_each_key_was_set(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n\n[tool.dedup]\nbands = 20\nmin-words = 5\n', encoding="utf-8")
    settings = load_settings(tmp_path, {"DEDUP_ROWS": "4", "PATH": "x"}, {"seed": 2})
    assert settings.origins == {"bands": "pyproject.toml:5", "min_words": "pyproject.toml:6", "rows": "DEDUP_ROWS", "seed": "flag"}


COMMANDS = {
    "clean": ("clean", "pages", "-o", "out"),
    "strip": ("strip", "pages", "-o", "out"),
    "pairs": ("pairs", "pages", "-o", "pairs.jsonl"),
    "check": ("check", "pages", "-o", "report.txt"),
}
QUESTIONS = {
    name: {
        "arguments": (*command, "--show-config", "--disable", "ar/tags", "--text-key", "body"),
        "files": {"dedup.toml": "# ours\nappended = 'keep'\ntext-key = 'page'\n"},
        "env": {"DEDUP_SOURCE_KEY": "site"},
    }
    for name, command in COMMANDS.items()
}


@pytest.mark.parametrize("name", COMMANDS)
def test_show_config_prints_every_key_with_its_origin_and_does_nothing(answers, name):
    ran, home = answers[name]
    assert ran.code == 0, ran.stderr
    shown = tomllib.loads(ran.stdout.decode())
    assert set(shown) == set(plain(Config()))
    origins = dict([*line.split(" = ")[:1], line.rpartition("# ")[2]] for line in ran.lines)
    expected = {"appended": "dedup.toml:2", "source_key": "DEDUP_SOURCE_KEY", "disable": "--disable", "text_key": "--text-key"}
    assert {key: origin for key, origin in origins.items() if origin != "default"} == expected
    assert (shown["appended"], shown["source_key"], shown["disable"], shown["text_key"]) == ("keep", "site", ["ar/tags"], "body")
    assert sorted(path.name for path in home.iterdir()) == ["dedup.toml", "pages"]


def test_what_show_config_prints_can_be_pasted(cli, page):
    flags = ("--stages", "rules,repeats", "--minhash", "--threads", "2", "--pack", "odd name.toml")
    first = cli("clean", page, "-o", "out", *flags, "--show-config")
    for line in ("structure = false", "repeats = true", "exact = false", "threads = 2", 'packs = ["odd name.toml"]'):
        assert line in first.stdout.decode()
    (cli.home / "dedup.toml").write_bytes(first.stdout)
    second = cli("clean", page, "-o", "out", "--show-config")
    assert tomllib.loads(second.stdout.decode()) == tomllib.loads(first.stdout.decode())


def test_init_writes_a_file_that_changes_nothing_and_does_not_replace_one(cli):
    assert cli("init").code == 0
    written = (cli.home / "dedup.toml").read_bytes()
    assert written.startswith(b"#:schema ./dedup.schema.json\n")
    ran = cli("init")
    assert ran.code == 2
    assert "dedup.toml: is there already; --force replaces it" in ran.stderr
    (cli.home / "dedup.toml").write_text("threshold = 0.9\n", encoding="utf-8")
    assert cli("init", "--force").code == 0
    assert (cli.home / "dedup.toml").read_bytes() == written


def test_init_prints_the_schema_and_writes_nothing(cli):
    ran = cli("init", "--schema")
    assert json.loads(ran.stdout) == schema()
    assert list(cli.home.iterdir()) == []


def test_recall_preference_and_dates_are_heard_and_stand_in_the_manifest(cli, rows, prose):
    pages = [{"id": name, "text": prose(1), "site": f"site-{name}", "day": day} for name, day in (("a", "2025-03-02"), ("b", "2025-03-01"))]
    (cli.home / "pages.jsonl").write_text("\n".join(map(json.dumps, pages)), encoding="utf-8")
    flags = ("--recall", "0.9", "--source-key", "site", "--date-key", "day", "--no-report")
    ran = cli.all(
        *(
            ("clean", "pages.jsonl", "-o", f"out-{k}", *flags, "--prefer", each)
            for k, each in enumerate(("first", "site-b,site-a", "site-a"))
        )
    )
    assert [each.code for each in ran] == [0, 0, 0], ran[0].stderr
    assert [[row["id"] for row in rows(cli.home / f"out-{k}" / "corpus.jsonl")] for k in range(3)] == [["b"], ["b"], ["a"]]
    manifest = json.loads((cli.home / "out-0" / "manifest.json").read_bytes())
    found = manifest["candidate_recall"]
    assert (found["asked"], manifest["config"]["prefer"], manifest["config"]["date_key"]) == (0.9, "first", "day")
    assert found["banding"]["recall"] >= 0.9
    assert found["banding"]["bands"] * found["banding"]["rows"] <= found["banding"]["num_perm"]
