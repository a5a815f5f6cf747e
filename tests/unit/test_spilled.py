"""The candidate search by files: the pairs that the search in memory finds, whatever it may take."""

from __future__ import annotations

import numpy as np
import pytest
from dedup.config import Config
from dedup.errors import UsageError
from dedup.io.store import BlockStore
from dedup.memory import memory_limit, parse_size
from dedup.neardup import match
from dedup.neardup.sets import Spans
from dedup.neardup.spilled import Records
from hypothesis import given, settings
from hypothesis import strategies as st

WORDS = [f"كلمة{k}" for k in range(40)]


def laid_out(texts: list[str], folder, limit: int) -> tuple[Spans, BlockStore]:
    """Two texts a block."""
    store = BlockStore(limit, folder)
    block, start, end = [], [], []
    for at in range(0, len(texts), 2):
        raw = [text.encode() for text in texts[at : at + 2]]
        ends = np.cumsum([len(each) for each in raw])
        block += [store.add(b"".join(raw))] * len(raw)
        start += [0, *ends[:-1].tolist()]
        end += ends.tolist()
    keys = np.arange(len(texts), dtype=np.uint64)
    return Spans(np.array(block, np.int32), np.array(start, np.int64), np.array(end, np.int64), keys), store


@st.composite
def corpora(draw):
    """Paragraphs, among them copies with a word changed and longer versions."""
    texts = draw(st.lists(st.lists(st.sampled_from(WORDS), min_size=8, max_size=40), min_size=2, max_size=12))
    for source in draw(st.lists(st.integers(0, len(texts) - 1), max_size=12)):
        words = list(texts[source])
        words[draw(st.integers(0, len(words) - 1))] = draw(st.sampled_from(WORDS))
        texts.append(words + draw(st.lists(st.sampled_from(WORDS), max_size=10)))
    return [" ".join(words) for words in texts]


@given(corpora(), st.sampled_from([1, 2]), st.booleans(), st.booleans())
@settings(max_examples=60, deadline=None)
def test_files_give_the_graph_that_memory_gives(tmp_path_factory, texts, threads, exact, on_disk):
    folder = tmp_path_factory.mktemp("spill")
    spans, store = laid_out(texts, folder, 0 if on_disk else 1 << 30)
    config = Config(exact=exact)
    whole = match.build_graph(spans, store, config, threads)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(match, "BYTES_PER_BYTE", 1 << 40)
        patch.setattr(match, "PAIR_BYTES", 1 << 34)  # a pair at a time
        pieces = match.build_graph(spans, store, config, threads)
    store.close()

    def edges(graph: match.Graph) -> list[tuple]:
        columns = (graph.removed, graph.kept, graph.similarity, graph.jaccard, graph.by_characters)
        return sorted(zip(*(column.tolist() for column in columns), strict=True))

    assert edges(pieces) == edges(whole)
    assert (pieces.candidates, pieces.large_groups) == (whole.candidates, whole.large_groups)
    assert pieces.fullness.tolist() == whole.fullness.tolist()


def test_records_come_back_sorted_and_the_file_is_empty(tmp_path):
    with Records(tmp_path) as records:
        records.add(np.array([5, 1], np.uint64))
        records.add(np.array([3], np.uint64))
        assert records.sorted().tolist() == [1, 3, 5]
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("text", "size"), [("2G", 2 << 30), ("512m", 512 << 20), ("1.5 GB", 3 << 29), ("64MiB", 64 << 20)])
def test_a_size_is_read_with_its_unit(text, size):
    assert parse_size(text) == size == memory_limit(Config(memory=text))


@pytest.mark.parametrize("text", ["2", "lots", "-1G", "1M", "2 X"])
def test_what_is_no_size_is_refused(text):
    with pytest.raises(UsageError, match="memory must be a size"):
        Config(memory=text)


def test_half_of_what_is_free_is_taken_where_nothing_is_asked():
    assert memory_limit(Config()) >= 64 << 20
