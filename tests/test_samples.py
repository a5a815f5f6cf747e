"""The samples become exactly what is committed; a change that is meant is made with `python -m tests.samples`."""

from __future__ import annotations

import json

import pytest
from tests.samples import EXPECTED, FILES, SCRAPED, cleaned


@pytest.fixture(scope="module")
def now():
    return cleaned()


def shown(raw: bytes) -> list[dict]:
    """Rows, so that a difference can be read."""
    return [json.loads(line) for line in raw.split(b"\n") if line]


@pytest.mark.parametrize("name", FILES)
def test_the_samples_become_what_is_expected(now, name):
    expected = (EXPECTED / name).read_bytes()
    if now[name] != expected:
        before, after = shown(expected), shown(now[name])
        gone = [row for row in before if row not in after]
        new = [row for row in after if row not in before]
        pytest.fail(
            f"{name} differs; if that is meant, run python -m tests.samples\n"
            + "".join(f"- {json.dumps(row, ensure_ascii=False)[:300]}\n" for row in gone)
            + "".join(f"+ {json.dumps(row, ensure_ascii=False)[:300]}\n" for row in new)
        )


def test_nothing_of_a_sample_is_lost(now):
    """What is kept and what was removed are, together, all that was there."""
    kept: dict[str, int] = {}
    for row in shown(now["corpus.jsonl"]):
        name = row["id"].partition("#")[0]
        kept[name] = kept.get(name, 0) + len(row["text"])
    removed: dict[str, int] = {}
    for row in shown(now["ledger.jsonl"]):
        if row["action"] == "remove":
            removed[row["document"]] = removed.get(row["document"], 0) + len(row["text"])
    from dedup.io.decode import decode

    for path in SCRAPED.rglob("*.txt"):
        name = path.relative_to(SCRAPED).as_posix()
        assert kept.get(name, 0) + removed.get(name, 0) == len(decode(path.read_bytes()).utf8.decode("utf-8")), name


def test_no_paragraph_of_the_clean_samples_stands_in_them_twice(now):
    lines = [line.strip() for row in shown(now["corpus.jsonl"]) for line in row["text"].split("\n")]
    long = [line for line in lines if len(line.split()) >= 12]
    assert [line for line in set(long) if long.count(line) > 1] == []
