"""An output folder that is complete or absent: written beside its place, then renamed."""

from __future__ import annotations

import filecmp
import json
import os
import secrets
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from dedup.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

MANIFEST: Final = "manifest.json"


class OutputFolder:
    """Write into `path` (a temporary folder beside the target) and `finish`; left without it, nothing remains."""

    def __init__(self, target: Path) -> None:
        """Raises UsageError where the target holds something that no run of ours wrote."""
        self.target = Path(os.path.abspath(target))
        if self.target.exists() and not is_output(self.target) and (not self.target.is_dir() or any(self.target.iterdir())):
            raise UsageError(f"{target}: exists and is no output of dedup; name another folder, or remove it")
        self.path = self.target.parent / f".{self.target.name}.{secrets.token_hex(4)}"

    def __enter__(self) -> Self:
        """The folder, made, to be written into."""
        try:
            self.target.parent.mkdir(parents=True, exist_ok=True)
            self.path.mkdir()
        except OSError as error:
            raise UsageError(f"{self.target}: cannot write there: {error.strerror}") from error
        except BaseException:  # a signal between the two: __exit__ would not be called
            shutil.rmtree(self.path, ignore_errors=True)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Throw away what was not finished."""
        shutil.rmtree(self.path, ignore_errors=True)

    def finish(self) -> bool:
        """Put the folder in its place; whether it differs from what stood there (an equal one is left untouched)."""
        if self.target.exists() and _same(self.path, self.target):
            return False
        old: Path | None = None
        try:
            if self.target.exists():
                old = Path(tempfile.mkdtemp(prefix=f".{self.target.name}.old", dir=self.target.parent))
                self.target.rename(old / "old")
            self.path.rename(self.target)
        except OSError as error:
            if old is not None and (old / "old").exists() and not self.target.exists():
                (old / "old").rename(self.target)
            raise UsageError(f"{self.target}: another run wrote there meanwhile ({error.strerror}); what it wrote stands") from error
        finally:
            if old is not None:
                shutil.rmtree(old, ignore_errors=True)
        return True


def write_file(target: Path, chunks: Iterable[bytes]) -> None:
    """A file that is complete or absent: written beside its place, then renamed. Raises UsageError where that cannot be done."""
    partial = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with partial.open("wb") as file:
            file.writelines(chunks)
        partial.replace(target)
    except OSError as error:
        raise UsageError(f"{target}: cannot write there: {error.strerror}") from error
    finally:
        partial.unlink(missing_ok=True)


def is_output(folder: Path) -> bool:
    """Whether a folder was written by a run of this program."""
    try:
        return "dedup" in json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError):
        return False


def _same(new: Path, old: Path) -> bool:
    """The same files with the same bytes."""
    names = sorted(path.relative_to(new) for path in new.rglob("*") if path.is_file())
    if names != sorted(path.relative_to(old) for path in old.rglob("*") if path.is_file()):
        return False
    return all(filecmp.cmp(new / name, old / name, shallow=False) for name in names)
