"""The sample pages, as texts by id."""

from __future__ import annotations

from pathlib import Path

import pytest

SCRAPED = Path(__file__).resolve().parents[2] / "samples" / "scraped"


@pytest.fixture(scope="session")
def scraped():
    """The folder."""
    return SCRAPED


@pytest.fixture(scope="session")
def texts():
    """Every page, decoded."""
    from dedup.io.decode import decode

    return {path.relative_to(SCRAPED).as_posix(): decode(path.read_bytes()).utf8.decode() for path in sorted(SCRAPED.rglob("*.txt"))}
