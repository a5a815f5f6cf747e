"""How much memory a run may take."""

from __future__ import annotations

import pytest
from dedup.config import Config
from dedup.errors import UsageError
from dedup.memory import memory_limit, parse_size


@pytest.mark.parametrize(("text", "size"), [("2G", 2 << 30), ("512m", 512 << 20), ("1.5 GB", 3 << 29), ("64MiB", 64 << 20)])
def test_a_size_is_read_with_its_unit(text, size):
    assert parse_size(text) == size == memory_limit(Config(memory=text))


@pytest.mark.parametrize("text", ["2", "lots", "-1G", "1M", "2 X"])
def test_what_is_no_size_is_refused(text):
    with pytest.raises(UsageError, match="memory must be a size"):
        Config(memory=text)


def test_half_of_what_is_free_is_taken_where_nothing_is_asked():
    assert memory_limit(Config()) >= 64 << 20
