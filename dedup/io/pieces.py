"""What rows are made of by kernel: strings by number, the texts of a batch, buffers."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Final

import numpy as np

from dedup.kernels.emit import WIDE, Strings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from dedup.corpus import Corpus
    from dedup.units import Units

BATCH_BYTES: Final = 8 << 20
CONTROLS: Final = 32  # codes of control characters are smaller


def literal(text: str) -> str:
    """A JSON string literal."""
    return encode_basestring(text)


def strings(parts: Sequence[bytes]) -> Strings:
    """Byte strings for kernels."""
    bounds = np.zeros(len(parts) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, parts), np.int64, len(parts)), out=bounds[1:])
    return joined(parts, bounds)


def joined(parts: Iterable[bytes | memoryview], bounds: NDArray[np.int64]) -> Strings:
    """Strings that stand in these parts, one behind the other."""
    return Strings(np.frombuffer(b"".join((*parts, bytes(WIDE))), np.uint8), bounds)


def literals(texts: Iterable[str]) -> Strings:
    """JSON string literals for kernels."""
    listed = list(texts)
    lines = "\n".join(listed).encode()
    raw = np.frombuffer(lines, np.uint8)
    ends = np.r_[np.flatnonzero(raw < CONTROLS), len(raw)]
    if len(ends) != len(listed) or (raw == ord('"')).any() or (raw == ord("\\")).any():
        return strings(list(map(str.encode, map(encode_basestring, listed))))
    quoted = lines.replace(b"\n", b'""')  # as most often, none needs an escape
    return joined((b'"', quoted, b'"'), np.r_[0, ends + np.arange(2, len(ends) + 2)])


@dataclass(frozen=True, slots=True)
class Names:
    """The ids of all output documents: `texts`, and `literals` of them, those of input documents by their number, then those of
    appended articles. `of_unit`: which of them is whose. `sources`: of input documents.
    """

    texts: list[str]
    literals: Strings
    of_unit: NDArray[np.int64]
    sources: Numbered


def names_of(corpus: Corpus, units: Units) -> Names:
    """Of every unit."""
    extra = np.flatnonzero(units.part > 1)
    of_unit = units.document.copy()
    of_unit[extra] = len(corpus) + np.arange(len(extra))
    moved = map(corpus.part_id, units.document[extra].tolist(), units.part[extra].tolist())
    texts = [*corpus.ids, *moved]
    return Names(texts, literals(texts), of_unit, numbered(corpus.sources))


@dataclass(frozen=True, slots=True)
class Numbered:
    """The distinct ones of many texts as literals, and the number of each text's."""

    literals: Strings
    number: NDArray[np.int64]


def numbered(texts: Sequence[str]) -> Numbered:
    """Of sources: few, each of many documents."""
    number = {text: k for k, text in enumerate(dict.fromkeys(texts))}
    return Numbered(literals(number), np.fromiter(map(number.__getitem__, texts), np.int64, len(texts)))


class Buffer:
    """Memory for rows, used again for each batch but the next: pages that are new to a process cost more than filling them."""

    def __init__(self) -> None:
        """None yet."""
        self._memory, self._other = np.empty(0, np.uint8), np.empty(0, np.uint8)

    def of(self, size: int) -> NDArray[np.uint8]:
        """For so many bytes and those that kernels may write behind them; what was given before what was given last is lost."""
        self._memory, self._other = self._other, self._memory
        if len(self._memory) < size + WIDE:
            self._memory = np.empty(size + size // 8 + WIDE, np.uint8)
        return self._memory


def batches(sizes: NDArray[np.int64], block: NDArray[np.int32]) -> list[slice]:
    """Runs of things of these sizes, of about BATCH_BYTES each, of one block where those of each block stand together."""
    if not len(sizes):
        return []
    number = (np.cumsum(sizes) - sizes) // BATCH_BYTES
    borders = np.diff(number) != 0
    changes = np.diff(block) != 0
    if changes.sum() <= 2 * int(block.max()):
        borders |= changes
    return [slice(low, high) for low, high in itertools.pairwise([0, *(np.flatnonzero(borders) + 1).tolist(), len(sizes)])]
