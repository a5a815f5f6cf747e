"""Columns that are made part by part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from dedup.resting import Resting
from dedup.threads import Behind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from dedup.io.store import BlockStore

MANY: Final = 1 << 19  # from so many rows the parts are given back to the system column by column, which takes a millisecond each


def empty_columns(size: int, *kinds: type[np.generic]) -> list[NDArray[Any]]:
    """Columns to be filled in."""
    return [np.empty(size, kind) for kind in kinds]


class Columns:
    """Columns that grow together: in memory, or in files, each from where it is large, and at rest there when it is whole."""

    def __init__(self, names: Iterable[str], store: BlockStore, threads: int) -> None:
        """`store`: says what is large, and where files go. With more threads than one a part is added while the next one is made."""
        self._store = store
        self._adding = Behind(self._add, threads)
        self._parts: dict[str, list[NDArray[Any]]] = {name: [] for name in names}
        self._files: dict[str, Resting] = {}
        self._bytes = dict.fromkeys(self._parts, 0)

    def add(self, parts: Mapping[str, NDArray[Any]]) -> None:
        """The next part of each; the parts of one column are all of one type, and stay as they are. Raises OSError where the disk is
        full, at once or later.
        """
        self._adding.put(parts)

    def _add(self, parts: Mapping[str, NDArray[Any]]) -> None:
        for name, part in parts.items():
            held = self._parts[name]
            held.append(part)
            self._bytes[name] += part.nbytes
            if self._store.should_rest(self._bytes[name]):
                file = self._files.setdefault(name, Resting(self._store.folder))
                for each in held:
                    file.add(each)
                del held[:-1]
                held[0] = part[:0]  # says what type they are

    def whole(self) -> dict[str, NDArray[Any]]:
        """Each column as one array. Nothing is left here, so that no column is held twice but the one that is put together."""
        self._adding.close()
        whole: dict[str, NDArray[Any]] = {}
        for name in list(self._parts):
            held = self._parts.pop(name)
            file = self._files.pop(name, None)
            whole[name] = held[0] if len(held) == 1 else np.concatenate(held)
            if file is not None:
                whole[name] = file.column(held[0].dtype)
            if len(whole[name]) >= MANY:
                del held
                self._store.give_back()
        return whole
