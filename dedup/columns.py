"""Columns of many parts, put together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from dedup.memory import give_back

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.io.store import BlockStore

MANY: Final = 1 << 19  # from so many rows the parts are given back to the system column by column, which takes a millisecond each


def put_together(parts: dict[str, list[NDArray[Any]]], store: BlockStore) -> dict[str, NDArray[Any]]:
    """Each column as one array, which may rest in a file. `parts` is emptied, so that no column is held twice but the one that is
    put together.
    """
    whole: dict[str, NDArray[Any]] = {}
    for name in list(parts):
        whole[name] = store.rest(np.concatenate(parts.pop(name)))
        if len(whole[name]) >= MANY:
            give_back()
    return whole
