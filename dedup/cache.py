"""Things that take long to make and depend on nothing but files of the program: compiled kernels, compiled rules."""

from __future__ import annotations

import os
import pickle
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import xxhash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Made = TypeVar("Made")

HERE: Final = Path(__file__).parent
KEPT: Final = 8  # of one name: other options, other packs


def digest_of(paths: Iterable[Path], *more: str) -> str:
    """A hash of the contents of files, and of further strings."""
    digest = xxhash.xxh3_128()
    for path in paths:
        digest.update(path.read_bytes())
        digest.update(b"\0")
    digest.update("\0".join(more).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def cache_folder(name: str) -> Path | None:
    """A folder of that name to keep things in: beside the program, or the user's; None where nothing can be written.

    What lies in it is loaded as code, so it must be ours: a folder that somebody else made is not used.
    """
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    for base in (HERE / "__pycache__", Path(home) / "dedup", Path(tempfile.gettempdir()) / f"dedup-{_user()}"):
        folder = base / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            ours = all(path.stat().st_uid == _user() for path in (base, folder))
        except OSError:
            continue
        if ours and os.access(folder, os.W_OK):
            return folder
    return None


def _user() -> int:
    return os.getuid() if hasattr(os, "getuid") else 0


def kept(name: str, digest: str, make: Callable[[], Made]) -> Made:
    """What `make` returns, from the cache where an earlier run left it. `digest`: of everything that it depends on."""
    folder = cache_folder("made")
    if folder is None:
        return make()
    file = folder / f"{name}-{digest}.pickle"
    with suppress(OSError, pickle.PickleError, EOFError, AttributeError, ImportError, IndexError, TypeError, ValueError):
        made: Made = pickle.loads(file.read_bytes())  # noqa: S301 - written by ourselves, into a folder of our own
        return made
    made = make()
    with suppress(OSError):
        write_whole(pickle.dumps(made, protocol=pickle.HIGHEST_PROTOCOL), file)
        _forget(folder, name)
    return made


def _forget(folder: Path, name: str) -> None:
    """Keep the last few of a name: what others depended on has changed."""
    by_age = sorted(folder.glob(f"{name}-*.pickle"), key=lambda path: path.stat().st_mtime)
    for path in by_age[:-KEPT]:
        path.unlink()


def write_whole(data: bytes, file: Path) -> None:
    """A file that is there as a whole or not at all."""
    descriptor, beside = tempfile.mkstemp(dir=file.parent)
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(data)
        os.replace(beside, file)
    except OSError:
        os.unlink(beside)
        raise
