"""Output rows made by kernel: pieces of a batch, one behind the other."""

from __future__ import annotations

import itertools
from json.encoder import encode_basestring
from typing import TYPE_CHECKING

import numpy as np

from dedup.kernels.emit import join_pieces, pieces_size

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.io.store import BlockStore


def literal(text: str) -> str:
    """A JSON string literal."""
    return encode_basestring(text)


class Ready:
    """Byte strings by number, for one buffer."""

    def __init__(self) -> None:
        """None yet."""
        self._parts: list[bytes] = []

    def add(self, data: bytes) -> int:
        """Keep a byte string; returns its number."""
        self._parts.append(data)
        return len(self._parts) - 1

    def bounds(self) -> NDArray[np.int64]:
        """Where each begins in the buffer; one entry more."""
        return np.cumsum([0, *map(len, self._parts)])

    def buffer(self) -> NDArray[np.uint8]:
        """All of them, one behind the other."""
        return np.frombuffer(b"".join(self._parts), np.uint8)


def join(kinds: NDArray[np.uint8], first: NDArray[np.int64], second: NDArray[np.int64], ready: Ready, text: NDArray[np.uint8]) -> bytes:
    """Pieces one behind the other, see `kernels.emit.join_pieces`."""
    out = np.empty(pieces_size(kinds, first, second, text), np.uint8)
    join_pieces(kinds, first, second, ready.buffer(), text, out)
    return out.tobytes()


def text_of(
    store: BlockStore, block: NDArray[np.int32], start: NDArray[np.int64], end: NDArray[np.int64]
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Stretches of the store one behind the other, and for each what is to be added to a place in its block."""
    return store.gathered(block, start, end), np.cumsum(end - start) - end


def ranges(first: NDArray[np.int64], stop: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """All numbers of ranges [first, stop): which range each is of, its place in that range, and the number."""
    count = stop - first
    owner = np.repeat(np.arange(len(first)), count)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    return owner, within, first[owner] + within


def batches(sizes: NDArray[np.int64], limit: int) -> list[slice]:
    """Runs of things of these sizes, of about `limit` bytes each."""
    if not len(sizes):
        return []
    number = (np.cumsum(sizes) - sizes) // limit
    borders = [0, *(np.flatnonzero(np.diff(number)) + 1).tolist(), len(sizes)]
    return [slice(low, high) for low, high in itertools.pairwise(borders)]
