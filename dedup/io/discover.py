"""Which files a run reads, in an order that does not depend on how they were named or found."""

from __future__ import annotations

import glob
import io
import os
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast

from dedup.errors import UsageError
from dedup.io.kinds import kind_of, restored_name
from dedup.io.output import MANIFEST, is_output
from dedup.io.packing import Counted
from dedup.model import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator

STDIN = "-"


class InputFile(NamedTuple):
    """A file to read. `name`: its relative POSIX path, which is the id of a text file; `source`: its site folder.

    `back`: where `restore` puts what was read of it, if not at `name`. `opener`: for what stands in no file of its own (a
    member of an archive, stdin), opens it; `path` then only says by its name what it is. `container`: "zip" or "tar" for a member.
    """

    name: str
    path: Path
    source: str
    size: int
    back: str = ""
    opener: Callable[[], BinaryIO] | None = None
    container: str = ""

    def open(self, buffering: int = -1) -> BinaryIO:
        """Its bytes as they are, packed if they are."""
        return self.opener() if self.opener is not None else self.path.open("rb", buffering)

    def read(self) -> bytes:
        """All of them."""
        if self.opener is not None:
            with self.open() as stream:
                return stream.read()
        descriptor = os.open(self.path, os.O_RDONLY | getattr(os, "O_BINARY", 0))  # a third of what a file object takes
        try:
            parts = [os.read(descriptor, self.size + 1)]
            while parts[-1]:
                parts.append(os.read(descriptor, 1 << 20))
        finally:
            os.close(descriptor)
        return parts[0] if len(parts) == 2 else b"".join(parts)


class Found(NamedTuple):
    """Files to read, by name; what could not be looked into; how many files of other kinds were passed over."""

    files: list[InputFile]
    unreadable: list[Unreadable]
    passed: int


def discover(sources: Iterable[str], exclude: Path | None = None) -> Found:
    """Files under folders (recursive), matching globs, or named. Symbolic links to folders are not followed; output folders of
    earlier runs are passed over, and of one that is itself named only the corpus is read.

    `exclude`: a folder left out wherever it is met (the output). Raises UsageError where a name matches nothing.
    """
    sources = list(sources)
    roots = _outermost({path for source in sources if source != STDIN for path in _expand(source)})
    several = sum(root.is_dir() for root in roots) > 1
    files: dict[str, InputFile] = {}
    unreadable: list[Unreadable] = []
    passed = 0
    skip = exclude.resolve() if exclude else None
    for root in roots:
        is_folder = root.is_dir()
        for path, relative in _walk(root, skip, unreadable):
            if kind_of(os.path.basename(path)) is None:
                passed += 1
                continue
            try:
                status = os.stat(path)
            except OSError as error:
                unreadable.append(Unreadable(_safe(relative), 0, error.strerror or str(error)))
                continue
            if not stat.S_ISREG(status.st_mode):
                unreadable.append(Unreadable(_safe(relative), 0, "not a regular file"))
                continue
            name = _safe(f"{root.name}/{relative}" if several and is_folder else relative)
            if name in files:
                name = _apart(path, relative, files)
            files[name] = InputFile(name, Path(path), _source(root, relative, is_folder=is_folder), status.st_size)
    if STDIN in sources:
        files["stdin"] = InputFile("stdin", Path("stdin.jsonl"), "stdin", 0, opener=_stdin)
    found = [_restorable(files[name], files) for name in sorted(files)]
    return Found(found, sorted(unreadable, key=lambda row: row.path), passed)


def _restorable(file: InputFile, files: Container[str]) -> InputFile:
    """The file, with the name that what is read of it gets back under; never one of another input."""
    kind = kind_of(file.path.name)
    back = restored_name(file.name, kind) if kind else file.name
    if back == file.name:
        return file
    while back in files:
        back += "~"
    return file._replace(back=back)


def _stdin() -> BinaryIO:
    """Standard input, with a count of what was read in place of a position."""
    return cast("BinaryIO", io.BufferedReader(Counted(sys.stdin.buffer), 1 << 18))


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


def _walk(root: Path, skip: Path | None, unreadable: list[Unreadable]) -> Iterator[tuple[str, str]]:
    """Files under a root with their relative POSIX path; a folder without permission becomes a row of `unreadable`."""
    if not root.is_dir():
        yield str(root), root.name
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
        lead = "" if inside == "." else f"{inside}/"
        for name in sorted(names):
            yield os.path.join(folder, name), lead + name


def _is_output(folder: Path, skip: Path | None) -> bool:
    """An output folder of ours below a source, or one that a run left unfinished."""
    if is_output(folder):
        return True
    if skip is None:
        return False
    resolved = folder.resolve()
    return resolved == skip or (resolved.parent == skip.parent and resolved.name.startswith(f".{skip.name}."))


def _source(root: Path, relative: str, *, is_folder: bool) -> str:
    """The first folder below the root, or the root itself."""
    first, _, rest = relative.partition("/")
    return _safe(first if rest else (root.name if is_folder else root.parent.name))


def _safe(name: str) -> str:
    """A name that can be written as UTF-8: bytes of a file name that are none become backslash escapes."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
