"""Which files a run reads, in an order that does not depend on how they were named or found."""

from __future__ import annotations

import glob
import os
import stat
from bisect import bisect_left
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from dedup.errors import UsageError
from dedup.io.files import READ_ONLY, Files, InputFile, Paths, Root
from dedup.io.kinds import PLAIN_TEXT, kind_of, restored_name
from dedup.io.output import MANIFEST, is_output
from dedup.io.packing import Stdin
from dedup.kernels.files import can_measure, measure_files
from dedup.model import Unreadable
from dedup.threads import in_threads

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from numpy.typing import NDArray

STDIN = "-"
FEW: Final = 16  # text files of a folder that are looked at one by one


class Found(NamedTuple):
    """Files to read, by name; what could not be looked into; how many files of other kinds were passed over."""

    files: Files
    unreadable: list[Unreadable]
    passed: int


def discover(sources: Iterable[str], exclude: Path | None = None, threads: int = 1) -> Found:
    """Files under folders (recursive), matching globs, or named. Symbolic links to folders are not followed; output folders of
    earlier runs are passed over, and of one that is itself named only the corpus is read.

    `exclude`: a folder left out wherever it is met (the output). `threads`: in which files are looked at. Raises UsageError where a name
    matches nothing.
    """
    sources = list(sources)
    roots = _outermost({path for source in sources if source != STDIN for path in _expand(source)})
    several = sum(root.is_dir() for root in roots) > 1
    found = _Finder()
    skip = exclude.resolve() if exclude else None
    for root in roots:
        if root.is_dir():
            found.enter(Root(os.path.join(root, ""), f"{_safe(root.name)}/" if several else "", _safe(root.name)))
        else:
            found.enter(Root(os.path.join(root.parent, ""), "", _safe(root.parent.name)))
        for base, lead, names, plain in in_threads(_measured, _walk(root, skip, found.unreadable), threads):
            for name in names if plain is None or not found.take(lead, plain) else sorted(set(names) - set(plain.names)):
                found.look(base + name, lead + name)
    files = found.files
    if STDIN in sources:
        found.odd["stdin"] = InputFile("stdin", "stdin.jsonl", "stdin", 0, opener=Stdin)
        files.add("stdin", 0, 0)
    files.sort()
    _name_what_comes_back(files, found.odd)
    return Found(files, sorted(found.unreadable, key=lambda row: row.path), found.passed)


class _Plain(NamedTuple):
    """Text files of a folder whose names tell everything, and their sizes, below zero where something is odd about one."""

    names: list[str]
    sizes: NDArray[np.int64]


def _measured(folder: tuple[str, str, list[str]]) -> tuple[str, str, list[str], _Plain | None]:
    """A folder of `_walk` with its text files, where they are many, looked at together."""
    base, lead, names = folder
    plain = [name for name in names if name.endswith(PLAIN_TEXT) and name.isascii()] if can_measure() and lead.isascii() else []
    if len(plain) <= FEW:
        return base, lead, names, None
    sizes = np.empty(len(plain), np.int64)
    measure_files(*Paths.of([os.fsencode(base), *map(str.encode, plain)]), READ_ONLY, sizes)
    return base, lead, names, _Plain(plain, sizes)


class _Finder:
    """What was found so far."""

    def __init__(self) -> None:
        self.roots: list[Root] = []
        self.odd: dict[str, InputFile] = {}
        self.files = Files(self.roots, self.odd)
        self.unreadable: list[Unreadable] = []
        self.passed = 0
        self._taken: set[str] = set()

    def enter(self, root: Root) -> None:
        """Files looked at from now on stand in this folder."""
        if not self.roots or self.roots[-1] != root:
            self.roots.append(root)

    def take(self, lead: str, plain: _Plain) -> bool:
        """Take text files of a folder, unless something odd is to be said of one. Returns whether they were taken."""
        before = self.roots[-1].lead + lead
        taken = [before + name for name in plain.names]
        if (plain.sizes < 0).any() or not self._taken.isdisjoint(taken):
            return False
        self._taken.update(taken)
        self.files.add_all(taken, plain.sizes, len(self.roots) - 1)
        return True

    def look(self, path: str, relative: str) -> None:
        """A file: taken, passed over, or unreadable."""
        if not relative.endswith(PLAIN_TEXT) and kind_of(relative) is None:
            self.passed += 1
            return
        safe = relative if relative.isascii() else _safe(relative)
        try:
            status = os.stat(path)
        except OSError as error:
            self.unreadable.append(Unreadable(safe, 0, error.strerror or str(error)))
            return
        if not stat.S_ISREG(status.st_mode):
            self.unreadable.append(Unreadable(safe, 0, "not a regular file"))
            return
        root = self.roots[-1]
        name = root.lead + safe
        taken = name in self._taken
        if taken or safe != relative:
            name = _apart(path, relative, self._taken) if taken else name
            folder, inside, _ = safe.partition("/")
            self.odd[name] = InputFile(name, path, folder if inside else root.source, status.st_size)
        self._taken.add(name)
        self.files.add(name, status.st_size, len(self.roots) - 1)


def _name_what_comes_back(files: Files, odd: dict[str, InputFile]) -> None:
    """Give the files that do not come back as they are the name that what is read of them gets back under; never one of
    another input.
    """
    names = files.names
    for number, name in enumerate(names):
        if name.endswith(PLAIN_TEXT):
            continue
        kind = kind_of(files[number].path)
        back = restored_name(name, kind) if kind else name
        if back == name:
            continue
        while names[(at := bisect_left(names, back)) : at + 1] == [back]:
            back += "~"
        odd[name] = files[number]._replace(back=back)


def _apart(path: str, relative: str, taken: Container[str]) -> str:
    """A name for a file of one of several roots of one name: as much of the way to it as sets it apart."""
    parts = Path(path).parts
    above = len(parts) - len(Path(relative).parts)
    name = _safe(relative)
    while name in taken:
        above -= 1
        name = _safe(Path(*parts[above:]).as_posix()) if above > 0 else f"{name}~"
    return name


def _expand(source: str) -> list[Path]:
    path = Path(source)
    if path.exists():
        return [Path(os.path.abspath(path))]
    matched = [Path(os.path.abspath(name)) for name in glob.glob(source, recursive=True)]
    if not matched:
        raise UsageError(f"{source}: no such file or folder, and no glob that matches one")
    return matched


def _outermost(roots: set[Path]) -> list[Path]:
    """Roots in order of path, without those that another one holds."""
    return [root for root in sorted(roots, key=os.fspath) if not any(parent in roots and parent.is_dir() for parent in root.parents)]


def _walk(root: Path, skip: Path | None, unreadable: list[Unreadable]) -> Iterator[tuple[str, str, list[str]]]:
    """Folders under a root: their path and their relative POSIX path, both to put a name behind, and the files in them. A
    folder without permission becomes a row of `unreadable`.
    """
    if not root.is_dir():
        yield os.path.join(root.parent, ""), "", [root.name]
        return

    def note(error: OSError) -> None:
        relative = os.path.relpath(error.filename, root) if error.filename else "."
        unreadable.append(Unreadable(_safe(Path(relative).as_posix() + "/"), 0, error.strerror or str(error)))

    for folder, folders, names in os.walk(root, onerror=note):
        folders[:] = sorted(name for name in folders if not _is_output(Path(folder, name), skip))
        if MANIFEST in names and is_output(Path(folder)):
            folders[:] = [name for name in folders if name == "corpus"]
            names[:] = [name for name in names if name.startswith("corpus.")]  # the ledger holds what was removed: no documents
        inside = Path(folder).relative_to(root).as_posix()
        yield os.path.join(folder, ""), "" if inside == "." else f"{inside}/", sorted(names)


def _is_output(folder: Path, skip: Path | None) -> bool:
    """An output folder of ours below a source, or one that a run left unfinished."""
    if is_output(folder):
        return True
    if skip is None:
        return False
    resolved = folder.resolve()
    return resolved == skip or (resolved.parent == skip.parent and resolved.name.startswith(f".{skip.name}."))


def _safe(name: str) -> str:
    """A name that can be written as UTF-8: bytes of a file name that are none become backslash escapes."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
