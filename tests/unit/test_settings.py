"""Options: defaults, file, environment, flags; and what is said about wrong ones."""

from __future__ import annotations

import pytest
from dedup.config import Config, configure
from dedup.errors import UsageError
from dedup.settings import load_settings


def load_config(*where) -> Config:
    return load_settings(*where).config


def wrong(folder, environment=None, flags=None, file=None) -> str:
    with pytest.raises(UsageError) as caught:
        load_config(folder, environment or {}, flags or {}, file)
    return str(caught.value)


def test_without_anything_the_defaults_hold(tmp_path):
    assert load_config(tmp_path, {}, {}) == Config()


def test_a_file_beats_defaults_the_environment_a_file_and_flags_all(tmp_path):
    (tmp_path / "dedup.toml").write_text("threshold = 0.5\nmin_words = 3\nseed = 7\n", encoding="utf-8")
    config = load_config(tmp_path, {"DEDUP_MIN_WORDS": "4", "DEDUP_SEED": "8", "HOME": "/root"}, {"seed": 9})
    assert (config.threshold, config.min_words, config.seed, config.rows) == (0.5, 4, 9, Config().rows)


def test_the_projects_own_file_is_read_where_there_is_no_other(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n[tool.dedup]\nappended = 'drop'\n", encoding="utf-8")
    assert load_config(tmp_path, {}, {}).appended == "drop"
    (tmp_path / "dedup.toml").write_text("seed = 2\n", encoding="utf-8")
    assert load_config(tmp_path, {}, {}) == Config(seed=2)


def test_a_project_without_our_table_changes_nothing(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n", encoding="utf-8")
    assert load_config(tmp_path, {}, {}) == Config()


def test_a_named_file_is_read_instead_of_the_one_in_the_folder(tmp_path):
    (tmp_path / "dedup.toml").write_text("seed = 2\n", encoding="utf-8")
    (tmp_path / "other.toml").write_text("num_perm = 64\n", encoding="utf-8")
    assert load_config(tmp_path, {}, {}, tmp_path / "other.toml") == Config(num_perm=64)


def test_names_may_be_written_with_hyphens(tmp_path):
    (tmp_path / "dedup.toml").write_text("min-words = 3\ntext-key = 'body'\n", encoding="utf-8")
    assert load_config(tmp_path, {}, {}) == Config(min_words=3, text_key="body")


@pytest.mark.parametrize(
    ("name", "value", "option", "meant"),
    [
        ("DEDUP_REPEATS", "no", "repeats", False), ("DEDUP_REPEATS", "TRUE", "repeats", True),
        ("DEDUP_THRESHOLD", "0.9", "threshold", 0.9),
        ("DEDUP_PACKS", "a.toml,b.toml", "packs", ("a.toml", "b.toml")), ("DEDUP_FORMAT", "txt", "format", "txt"),
        ("DEDUP_NUM_PERM", "12", "num_perm", 12), ("DEDUP_RECALL", "0.9", "recall", 0.9),
        ("DEDUP_SEED", "", "seed", 1),
    ],
)  # fmt: skip
def test_the_environment_is_read_by_the_kind_of_the_option(tmp_path, name, value, option, meant):
    assert getattr(load_config(tmp_path, {name: value}, {}), option) == meant


def test_an_unknown_key_is_named_with_file_line_and_the_right_one(tmp_path):
    (tmp_path / "dedup.toml").write_text("# ours\nseed = 1\n\ntreshold = 0.9\n", encoding="utf-8")
    assert wrong(tmp_path) == "dedup.toml:4: unknown key 'treshold'. Did you mean 'threshold'?"


def test_a_key_like_no_other_gets_no_suggestion(tmp_path):
    (tmp_path / "dedup.toml").write_text("qqqqqqq = 1\n", encoding="utf-8")
    assert wrong(tmp_path) == "dedup.toml:1: unknown key 'qqqqqqq'."


def test_an_unknown_key_of_the_project_file_names_the_file(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.dedup]\nband = 3\n", encoding="utf-8")
    message = wrong(tmp_path)
    assert message.startswith("pyproject.toml")
    assert "unknown key 'band'. Did you mean 'bands'?" in message


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"DEDUP_TRESHOLD": "1"}, "Did you mean 'threshold'?"), ({"DEDUP_BANDS": "many"}, "DEDUP_BANDS: cannot read 'many' as int"),
        ({"DEDUP_REPEATS": "maybe"}, "DEDUP_REPEATS: cannot read 'maybe' as bool"), ({"DEDUP_THRESHOLD": "nan"}, "threshold must be"),
        ({"DEDUP_APPENDED": "best"}, "appended must be one of split, drop, keep, not 'best'"),
        ({"DEDUP_PREFER": " "}, "prefer must be 'longest', 'first' or names of sources"),
    ],
)  # fmt: skip
def test_a_wrong_value_in_the_environment_is_named(tmp_path, environment, said):
    assert said in wrong(tmp_path, environment)


@pytest.mark.parametrize("line", ["threshold = 'high'", "bands = 1.5", "bands = true", "repeats = 1", "packs = 'a.toml'", "seed = [1]"])
def test_a_value_of_the_wrong_type_is_refused(tmp_path, line):
    (tmp_path / "dedup.toml").write_text(line, encoding="utf-8")
    assert "wrong type" in wrong(tmp_path)


@pytest.mark.parametrize(
    "options",
    [
        {"threshold": 0}, {"threshold": 1.1}, {"character_threshold": -1}, {"bands": -1}, {"rows": -1}, {"min_words": 0}, {"num_perm": -1},
        {"bands": 8}, {"rows": 2}, {"recall": 0}, {"recall": 1.01},
        {"appended": "move"},
        {"paragraphs": "page"}, {"format": "csv"}, {"prefer": ""}, {"num_perm": 128, "bands": 65, "rows": 2}, {"remnant_ratio": 2},
        {"repeats_min": 0},
    ],
)  # fmt: skip
def test_values_no_run_could_use_are_refused_by_name(options):
    with pytest.raises(UsageError) as caught:
        configure(Config(), options)
    assert any(name in str(caught.value) for name in options)


def test_a_file_that_is_no_toml_or_is_not_there_is_named(tmp_path):
    (tmp_path / "dedup.toml").write_text("threshold: 0.9\n", encoding="utf-8")
    assert "dedup.toml" in wrong(tmp_path)
    assert "line 1" in wrong(tmp_path)
    assert "absent.toml" in wrong(tmp_path, file=tmp_path / "absent.toml")


def test_usage_errors_end_with_exit_code_two():
    assert UsageError.exit_code == 2


def test_options_that_belong_together_may_come_from_different_places(tmp_path):
    (tmp_path / "dedup.toml").write_text("bands = 20\n", encoding="utf-8")
    assert load_config(tmp_path, {"DEDUP_ROWS": "4"}, {"num_perm": 128}) == Config(bands=20, rows=4, num_perm=128)
    assert wrong(tmp_path) == "dedup.toml:1: bands and rows are given together, or both follow from recall"
    assert wrong(tmp_path, {"DEDUP_ROWS": "40"}, {"num_perm": 128}) == "dedup.toml:1: bands x rows = 800 is more than num_perm = 128"


def test_a_value_that_is_set_again_is_not_looked_at(tmp_path):
    (tmp_path / "dedup.toml").write_text("threshold = 7\n", encoding="utf-8")
    assert load_config(tmp_path, {}, {"threshold": 0.9}).threshold == 0.9
    assert wrong(tmp_path, {"DEDUP_THRESHOLD": "8"}).startswith("DEDUP_THRESHOLD: threshold must be")


def test_the_number_of_threads_is_no_part_of_what_decides_the_result():
    assert Config(threads=1).public() == Config(threads=2).public()


@pytest.mark.parametrize("line", ["text_key = 5", "packs = [1]", "disable = [true]", "id_key = ['a']"])
def test_a_text_option_of_the_wrong_type_is_refused(tmp_path, line):
    (tmp_path / "dedup.toml").write_text(line, encoding="utf-8")
    assert "wrong type" in wrong(tmp_path)


@pytest.mark.parametrize("line", ["threshold = 'high'", "threshold = 3", "prefer = ''", "bands = 1000"])
def test_a_wrong_value_is_named_with_file_and_line(tmp_path, line):
    (tmp_path / "dedup.toml").write_text(f"seed = 1\n{line}\n", encoding="utf-8")
    assert wrong(tmp_path).startswith("dedup.toml:2: ")


def test_an_unknown_key_of_the_project_file_is_named_with_its_line(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.dedup]\nseed = 1\nband = 3\n", encoding="utf-8")
    assert wrong(tmp_path).startswith("pyproject.toml:3: ")
