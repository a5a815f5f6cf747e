"""Of the keys of a set, the cheapest without a token in common are chosen."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from dedup.kernels.jit import kernel
from dedup.kernels.prefix import COSTLY, LANES, take_least
from hypothesis import given
from hypothesis import strategies as st

COSTS = st.sampled_from([0, 2, 3, 5, 40, 65_538, int(COSTLY)])


@kernel
def taken(costs, wanted):
    """What `take_least` takes: kernels that only kernels call have no other way in."""
    size = costs.shape[1]
    least, chosen = np.empty((size + 2) * (wanted + LANES + 1), np.int32), np.empty(size, np.int64)
    return chosen[: take_least(costs, size, wanted, least, chosen)]


def ways(costs: list[list[int]], wanted: int) -> list[list[tuple[int, int]]]:
    """All choices of so many keys (linked, place) that cost something finite and share no token."""
    keys = [(linked, i) for linked in range(2) for i in range(len(costs[0])) if costs[linked][i] < COSTLY]
    return [
        list(some) for some in combinations(keys, wanted)
        if len({i + step for linked, i in some for step in range(linked + 1)}) == sum(1 + linked for linked, _ in some)
    ]  # fmt: skip


@given(st.integers(1, 6).flatmap(lambda n: st.tuples(*[st.lists(COSTS, min_size=n, max_size=n)] * 2)), st.data())
def test_the_cheapest_keys_are_those_that_brute_force_finds(costs, data):
    tokens, links = costs
    links[-1] = int(COSTLY)  # no token follows the last one
    wanted = data.draw(st.integers(0, sum(cost < COSTLY for cost in tokens)))
    rows = [tokens, links]
    chosen = [(int(key) & 1, int(key) >> 1) for key in taken(np.array(rows, np.int32), wanted)]
    least = min(sum(rows[linked][i] for linked, i in way) for way in ways(rows, wanted))
    assert sum(rows[linked][i] for linked, i in chosen) == least
    assert all(rows[linked][i] > 0 for linked, i in chosen)
    spare = [(linked, i) for linked in range(2) for i in range(len(tokens)) if rows[linked][i] == 0]
    assert any(
        sorted(chosen + list(free)) in [sorted(way) for way in ways(rows, wanted)] for free in combinations(spare, wanted - len(chosen))
    )
