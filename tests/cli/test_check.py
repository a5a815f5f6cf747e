"""`dedup check`: exit codes, limits, and reports that other programs read."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest

ODD_NAME = "صفحة 1,5%#: أ.txt"  # everything that some format has to escape
PATIENCE = 120  # seconds before a process that hangs is given up
NOISE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256))


@pytest.fixture(scope="module")
def dirty(shared_cli, prose):
    """Two files that say the same, in words that no format may take literally, and one in order; and a file that is no text."""
    folder = shared_cli.home / "dirty"
    (folder / "site").mkdir(parents=True)
    twin = prose(1) + " \x08\x1b ]]> <b>&amp; ::error::"
    (folder / "site" / "a.txt").write_text("\n\n".join([prose(2), twin, prose(3)]) + "\n", encoding="utf-8")
    (folder / "site" / ODD_NAME).write_text(
        prose(5) + prose(6) + "\r\n\r\n" + twin + "\r\n\r\nالمصدر: وكالات\r\n", encoding="utf-8", newline=""
    )
    (folder / "clean.txt").write_text(prose(4) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def reports(shared_cli, dirty, files_in):
    before = files_in(dirty)
    found = dict(
        zip(FORMATS, shared_cli.all(*[("check", "dirty", "--format", name) for name in FORMATS]), strict=True),
    )
    assert files_in(dirty) == before
    return found


FORMATS = ("text", "json", "junit", "sarif", "github")


def text_of(path):
    return path.read_bytes().decode("utf-8")


@pytest.mark.parametrize("name", FORMATS)
def test_a_dirty_folder_exits_1_in_every_format(reports, name):
    assert reports[name].code == 1, reports[name].stderr


def test_the_text_names_file_line_rule_and_twin_and_arabic_stands_alone(reports):
    lines = reports["text"].lines
    assert lines[0].endswith("; 1 would change")
    assert f"  dirty/site/{ODD_NAME}:3: duplicate" in lines
    assert "    stands in dirty/site/a.txt:3" in lines
    assert any(f"dirty/site/{ODD_NAME}:5: " in line and "ar/" in line for line in lines)
    assert "    المصدر: وكالات" in lines


def test_the_json_holds_shares_limits_and_every_place_of_the_worst(reports, dirty):
    report = json.loads(reports["json"].stdout)
    assert report["clean"] is False
    assert report["over"] == ["boilerplate", "duplicates"]
    assert (report["files"], report["documents"], report["would_change"]) == (3, 3, 1)
    (page,) = report["worst"]
    assert page["file"] == f"dirty/site/{ODD_NAME}"
    text = text_of(dirty / "site" / ODD_NAME)
    assert [place["text"] for place in page["places"]] == [text[place["start"] : place["end"]] for place in page["places"]]
    breaks = 2  # a line end goes with each of the two places
    assert page["boilerplate"] + page["duplicates"] == sum(len(place["text"]) for place in page["places"]) + 2 * breaks
    assert all(place["rule"] in report["rules"] for place in page["places"])


def test_sarif_has_what_its_schema_requires(reports):
    log = json.loads(reports["sarif"].stdout)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "dedup"
    for rule in driver["rules"]:
        assert rule["id"]
        assert rule["shortDescription"]["text"]
        assert rule["fullDescription"]["text"]
    assert len({rule["id"] for rule in driver["rules"]}) == len(driver["rules"])
    assert all(note["message"]["text"] for each in run["invocations"] for note in each["toolExecutionNotifications"])
    assert all(each["executionSuccessful"] is True for each in run["invocations"])
    for result in run["results"]:
        assert result["message"]["text"]
        assert result["level"] in {"none", "note", "warning", "error"}
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    marks = [result["partialFingerprints"]["dedupText/v1"] for result in run["results"]]
    assert len(set(marks)) == len(marks) == 2


def test_sarif_places_are_relative_encoded_and_point_at_the_very_characters(reports, dirty):
    for result in json.loads(reports["sarif"].stdout)["runs"][0]["results"]:
        (location,) = result["locations"]
        uri, region = location["physicalLocation"]["artifactLocation"]["uri"], location["physicalLocation"]["region"]
        assert uri.isascii()
        assert not {" ", ":", "#", ","} & set(uri)
        assert unquote(uri) == f"dirty/site/{ODD_NAME}"
        text = text_of(dirty.parent / unquote(uri))
        start, length = region["charOffset"], region["charLength"]
        assert text[start : start + length] == region["snippet"]["text"]
        lines = text.split("\n")
        assert lines[region["startLine"] - 1][region["startColumn"] - 1 :].startswith(region["snippet"]["text"])
        assert lines[region["endLine"] - 1][: region["endColumn"] - 1].endswith(region["snippet"]["text"])


def test_junit_has_a_case_a_file_and_is_xml_whatever_the_text_holds(reports):
    root = ET.fromstring(reports["junit"].stdout)
    cases = root.findall("testsuite/testcase")
    assert [case.get("file") for case in cases] == ["dirty/clean.txt", "dirty/site/a.txt", f"dirty/site/{ODD_NAME}"]
    assert [case.find("failure") is not None for case in cases] == [False, False, True]
    for suite in (root, root.find("testsuite")):
        assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("3", "1", "0")
    failure = cases[2].find("failure")
    assert "duplicates" in failure.get("message")
    assert f"dirty/site/{ODD_NAME}:3: duplicate" in failure.text
    assert "\x08" not in failure.text


def test_github_commands_are_one_line_each_and_escaped(reports):
    lines = reports["github"].lines
    assert len(lines) == 2
    assert lines[0].startswith("::error file=dirty/site/صفحة 1%2C5%25#%3A أ.txt,line=3,endLine=3,title=dedup%3A duplicate::3: ")
    assert "%0A" in lines[0]
    assert lines[1] == "::notice title=dedup check::1 of 3 documents would change, 1 shown here"


def test_reports_are_the_same_bytes_again_and_are_all_that_is_written(shared_cli, dirty, reports, tmp_path):
    at = tmp_path / "report.sarif"
    before = sorted(os.listdir(shared_cli.home))
    ran = shared_cli("check", "dirty", "--format", "sarif", "-o", at)
    assert ran.code == 1
    assert ran.stdout == b""
    assert "1 would change" in ran.stderr
    assert at.read_bytes() == reports["sarif"].stdout
    assert sorted(os.listdir(tmp_path)) == ["report.sarif"]
    assert sorted(os.listdir(shared_cli.home)) == before


def test_a_reader_who_leaves_early_does_not_turn_the_verdict(shared_cli, dirty):
    process = shared_cli.start("check", "dirty", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    process.stdout = None
    _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert errors == b""


LIMITS = {
    "both within": (("--max-boilerplate", "0.5", "--max-duplicates", "0.5"), 0),
    "boilerplate over": (("--max-boilerplate", "0.0001", "--max-duplicates", "0.5"), 1),
    "duplicates over": (("--max-boilerplate", "0.5"), 1),
}


@pytest.mark.parametrize("name", LIMITS)
def test_limits_are_shares_of_the_characters(shared_cli, dirty, name):
    flags, code = LIMITS[name]
    ran = shared_cli("check", "dirty", *flags, "--format", "github")
    assert ran.code == code, ran.stdout.decode()
    assert ran.lines[0].startswith("::error" if code else "::warning")


def test_within_the_limits_no_test_case_fails_and_what_was_found_is_still_said(shared_cli, dirty):
    ran = shared_cli("check", "dirty", "--format", "junit", env={"DEDUP_MAX_BOILERPLATE": "0.5", "DEDUP_MAX_DUPLICATES": "0.5"})
    assert ran.code == 0
    root = ET.fromstring(ran.stdout)
    assert root.get("failures") == "0"
    assert "within the limits" in root.find(".//system-out").text


def test_a_cleaned_corpus_is_clean(cli, done):
    ran = cli("check", done.out)
    assert ran.code == 0, ran.stdout.decode()
    assert "; 0 would change" in ran.lines[0]


def test_a_second_article_alone_fails_a_check_without_limits(cli, prose):
    (cli.home / "pages").mkdir()
    parts = ["عنوان الخبر الأول في الصفحة", prose(1), prose(2), prose(3), "إقرأ أيضاً:"]
    parts += ["عنوان الخبر الثاني وقد جاء كاملاً", "وكالات_ الميناء", prose(4), prose(5), prose(6)]
    (cli.home / "pages" / "two.txt").write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    report = json.loads(cli("check", "pages", "--format", "json").stdout)
    assert report["appended"] == 1
    assert report["over"] == ["boilerplate"]
    assert any(place["rule"].startswith("appended/") for place in report["worst"][0]["places"])


def test_unreadable_inputs_exit_3_where_the_rest_is_within_the_limits_and_are_named_in_every_format(cli, prose):
    (cli.home / "pages").mkdir()
    (cli.home / "pages" / "noise.txt").write_bytes(NOISE)
    record = json.dumps({"id": "a", "text": prose(1)}, ensure_ascii=False)
    (cli.home / "pages" / "more.jsonl").write_text(record + "\n{half\n", encoding="utf-8")
    ran = dict(zip(FORMATS, cli.all(*[("check", "pages", "--format", name) for name in FORMATS]), strict=True))
    assert {each.code for each in ran.values()} == {3}
    assert "! 2 inputs could not be read, e.g. pages/more.jsonl:2: " in ran["text"].stdout.decode()
    assert [row["path"] for row in json.loads(ran["json"].stdout)["unreadable"]] == ["pages/more.jsonl", "pages/noise.txt"]
    root = ET.fromstring(ran["junit"].stdout)
    assert (root.get("tests"), root.get("errors")) == ("2", "2")
    notes = json.loads(ran["sarif"].stdout)["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    assert [note["level"] for note in notes] == ["error", "error"]
    assert sum(line.startswith("::warning file=pages/") for line in ran["github"].lines) == 2


def test_a_record_is_named_by_its_line_also_in_a_packed_file(cli, prose):
    rows = [
        json.dumps({"id": name, "text": text}, ensure_ascii=False) for name, text in (("a", prose(1)), ("b", prose(2) + "\n" + prose(1)))
    ]
    with gzip.open(cli.home / "pages.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write("\n".join(rows) + "\n")
    (page,) = json.loads(cli("check", "pages.jsonl.gz", "--format", "json").stdout)["worst"]
    assert (page["file"], page["line"]) == ("pages.jsonl.gz", 1 if page["id"] == "a" else 2)
    assert {place["line"] for place in page["places"]} == {page["line"]}


def test_the_report_never_replaces_an_input(cli, page, files_in):
    before = files_in(page)
    ran = cli("check", page, "-o", page / "bridge.txt")
    assert ran.code == 2
    assert "is one of the inputs" in ran.stderr
    assert files_in(page) == before


REFUSED = {
    "check pages --format xml": "--format must be one of text, json, junit, sarif, github, not 'xml'",
    "check pages --max-duplicates 5": "max_duplicates must be at least 0 and at most 1, not 5.0",
    "check pages --max-boilerplate some": "--max-boilerplate",
    "check pages -o no-such-folder/report.txt": "no-such-folder/report.txt: cannot write there",
    "check nowhere": "nowhere: no such file or folder",
    "check": "SRC",
}
QUESTIONS = {command: {"arguments": command.split()} for command in REFUSED}


@pytest.mark.parametrize("command", REFUSED)
def test_a_wrong_check_exits_2_and_says_why(answers, command):
    ran = answers[command].ran
    assert ran.code == 2, ran.stderr
    assert REFUSED[command] in ran.stderr
    assert ran.stdout == b""
