"""The files a run reads: one of them, and all of them as columns."""

from __future__ import annotations

import os
from array import array
from collections.abc import Sequence
from itertools import groupby
from operator import le
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple, overload

import numpy as np

from dedup.io.kinds import PLAIN_TEXT
from dedup.io.passing import passing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

READ_ONLY: Final = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


class InputFile(NamedTuple):
    """A file to read. `name`: its relative POSIX path, which is the id of a text file; `source`: its site folder.

    `back`: where `restore` puts what was read of it, if not at `name`. `opener`: for what stands in no file of its own (a
    member of an archive, stdin), opens it; `path` then only says by its name what it is. `container`: "zip" or "tar" for a member.
    """

    name: str
    path: str
    source: str
    size: int
    back: str = ""
    opener: Callable[[], BinaryIO] | None = None
    container: str = ""

    def open(self, buffering: int = -1) -> BinaryIO:
        """Its bytes as they are, packed if they are."""
        return self.opener() if self.opener is not None else open(self.path, "rb", buffering)

    def open_once(self) -> BinaryIO:
        """As `open`, to be read from beginning to end and not again."""
        return self.opener() if self.opener is not None else passing(self.path)

    def read(self) -> bytes:
        """All of them."""
        if self.opener is not None:
            with self.open() as stream:
                return stream.read()
        descriptor = os.open(self.path, READ_ONLY)  # a third of what a file object takes
        try:
            data = os.read(descriptor, self.size + 1)
            if len(data) == self.size:
                return data
            parts = [data]
            while parts[-1]:
                parts.append(os.read(descriptor, 1 << 20))
        finally:
            os.close(descriptor)
        return b"".join(parts)


class Paths(NamedTuple):
    """Paths as kernels take them: one behind the other, each with a zero behind it, and where each begins."""

    data: NDArray[np.uint8]
    at: NDArray[np.int64]

    @classmethod
    def of(cls, paths: list[bytes]) -> Paths:
        """Of some files."""
        lengths = np.fromiter(map(len, paths), np.int64, len(paths)) + 1
        return cls(np.frombuffer(b"\0".join((*paths, b"")), np.uint8), np.cumsum(lengths) - lengths)


class Root(NamedTuple):
    """A folder in which files were found: its `path` with a separator behind it, what names of files in it begin with
    (`lead`), and the `source` of those that stand in no folder below it.
    """

    path: str
    lead: str
    source: str


class Files(Sequence[InputFile]):
    """Input files by name, 100 bytes each with the name: a folder of a million is no burden.

    Path and source of a file follow from its name and root. `odd`: those of which they do not.
    """

    def __init__(self, roots: list[Root], odd: dict[str, InputFile]) -> None:
        """`roots` may grow, and `odd`, until all files are added."""
        self._roots = roots
        self._odd = odd
        self._names: list[str] = []
        self._sizes = array("q")
        self._root = array("i")

    def add(self, name: str, size: int, root: int) -> None:
        """One more, in any order."""
        self._names.append(name)
        self._sizes.append(size)
        self._root.append(root)

    def add_all(self, names: list[str], sizes: NDArray[np.int64], root: int) -> None:
        """Several more of one root."""
        self._names += names
        self._sizes.frombytes(sizes.tobytes())
        self._root.extend([root] * len(names))

    def sort(self) -> None:
        """By name."""
        if all(map(le, self._names, self._names[1:])):
            return
        order = sorted(range(len(self)), key=self._names.__getitem__)
        self._names = [self._names[row] for row in order]
        self._sizes = array("q", (self._sizes[row] for row in order))
        self._root = array("i", (self._root[row] for row in order))

    @property
    def names(self) -> Sequence[str]:
        """Of all, in order."""
        return self._names

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Of all, in order, in bytes."""
        return np.frombuffer(self._sizes, np.int64) if self._sizes else np.zeros(0, np.int64)

    def plain_runs(self) -> Iterator[tuple[bool, slice]]:
        """All of them, in runs of plain text files of one root whose paths follow from their names, and runs of others."""
        roots = [
            root if name.endswith(PLAIN_TEXT) and name not in self._odd else -1 for name, root in zip(self._names, self._root, strict=True)
        ]
        at = 0
        for root, run in groupby(roots):
            stop = at + sum(1 for _ in run)
            yield root >= 0, slice(at, stop)
            at = stop

    def paths(self, rows: slice) -> Paths:
        """Of some in such a run, as the system has them."""
        root = self._roots[self._root[rows.start]]
        folder, skipped = os.fsencode(root.path), len(root.lead)
        return Paths.of([folder + os.fsencode(name[skipped:]) for name in self._names[rows]])

    def sources(self, rows: slice) -> list[str]:
        """Of some in such a run."""
        root = self._roots[self._root[rows.start]]
        skipped = len(root.lead)
        return [folder if inside else root.source for folder, inside, _ in (name[skipped:].partition("/") for name in self._names[rows])]

    @property
    def size(self) -> int:
        """Bytes of all."""
        return sum(self._sizes)

    def __len__(self) -> int:
        """How many."""
        return len(self._names)

    @overload
    def __getitem__(self, number: int) -> InputFile: ...
    @overload
    def __getitem__(self, number: slice) -> list[InputFile]: ...
    def __getitem__(self, number: int | slice) -> InputFile | list[InputFile]:
        """One, or some."""
        if isinstance(number, slice):
            return [self[each] for each in range(*number.indices(len(self)))]
        name = self._names[number]
        odd = self._odd.get(name)
        return odd if odd is not None else _made(name, self._sizes[number], self._roots[self._root[number]])

    def __iter__(self) -> Iterator[InputFile]:
        """All, in order."""
        for name, size, root in zip(self._names, self._sizes, self._root, strict=True):
            odd = self._odd.get(name)
            yield odd if odd is not None else _made(name, size, self._roots[root])


def _made(name: str, size: int, root: Root) -> InputFile:
    relative = name[len(root.lead) :]
    folder, inside, _ = relative.partition("/")
    return InputFile(name, root.path + relative, folder if inside else root.source, size)
