"""Which files a run reads, in an order that does not depend on how they were named or found."""

from __future__ import annotations

import glob
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from dedup.errors import UsageError
from dedup.io.output import MANIFEST, is_output
from dedup.model import Unreadable

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

TEXT_ENDINGS: Final = (".txt", ".md")
RECORD_ENDINGS: Final = (".jsonl", ".ndjson")
ENDINGS: Final = tuple(f"{ending}{packed}" for ending in (*TEXT_ENDINGS, *RECORD_ENDINGS) for packed in ("", ".gz"))


class InputFile(NamedTuple):
    """A file to read. `name`: its relative POSIX path, which is the id of a text file; `source`: its site folder."""

    name: str
    path: Path
    source: str
    size: int


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
    roots = _outermost({path for source in sources for path in _expand(source)})
    several = sum(root.is_dir() for root in roots) > 1
    files: dict[str, InputFile] = {}
    unreadable: list[Unreadable] = []
    passed = 0
    skip = exclude.resolve() if exclude else None
    for root in roots:
        is_folder = root.is_dir()
        for path, relative in _walk(root, skip, unreadable):
            if not path.lower().endswith(ENDINGS):
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
    return Found(sorted(files.values()), sorted(unreadable, key=lambda row: row.path), passed)


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
