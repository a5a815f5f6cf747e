"""Many JSON values at once are those that they are one by one."""

from __future__ import annotations

import json

from dedup.io.rows import to_json
from dedup.io.together import dumps_all, loads_all
from hypothesis import example, given
from hypothesis import strategies as st

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(["\ud83d", ",", '"', "][", "حروف"]),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=3), inside, max_size=3),
    max_leaves=5,
)
pieces = st.sampled_from(['"a"', "1", "[1", "2]", "1,2", '{"a":', "}", "{}", " ", "", "]", "[", ",", '"', "x", "\n3\n", "[[1]]"])


@given(st.lists(values, max_size=6))
def test_values_are_written_as_each_is_written(rows):
    assert dumps_all(rows) == [to_json(row)[:-1] for row in rows]


@given(st.lists(pieces | values.map(json.dumps), max_size=5))
@example(["1,2", "[3", "4]"])
@example(["1],[2"])
def test_texts_are_read_together_only_where_each_is_a_value(texts):
    try:
        expected = [json.loads(text) for text in texts]
    except ValueError:
        expected = None
    assert loads_all(texts) == expected
