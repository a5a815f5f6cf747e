"""Members of archives as input files: read where they stand, never unpacked to disk."""

from __future__ import annotations

import io
import os
import tarfile
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, BinaryIO, Final, cast

from dedup.io.files import InputFile
from dedup.io.kinds import ARCHIVES, SEEKING, kind_of, restored_name
from dedup.io.packing import unpacked
from dedup.model import Passed, Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dedup.io.kinds import Kind

PART_BYTES: Final = 240  # of a part of a name: file systems take 255, and `restore` may put .jsonl behind it
MOST_BYTES: Final = 2000  # of a whole name: Linux takes 4096 with all folders above
FREE_BYTES: Final = 1 << 30  # an archive may always unpack to this much,
MOST_TIMES: Final = 200  # and beyond it to so many times its size: text packs ten times, what packs a thousand times is a bomb
BOMB: Final = "the archive unpacks to more than {} times its size: a bomb; the rest of it is not read"


class BombError(ValueError):
    """An archive unpacks to more than any text would."""


class _Budget:
    """How much may still come out of an archive."""

    def __init__(self, size: int) -> None:
        self._left = max(FREE_BYTES, MOST_TIMES * size)

    def spend(self, count: int) -> None:
        self._left -= count
        if self._left < 0:
            raise BombError(BOMB.format(MOST_TIMES))

    @property
    def spent(self) -> bool:
        return self._left < 0


def members(file: InputFile, kind: Kind, advance: Callable[[int], object]) -> Iterator[InputFile | Unreadable | Passed]:
    """What an archive holds: files of the kinds that are read, counts of others, and what cannot be read, with the reason.

    Each file must be read before the next is asked for.
    """
    budget = _Budget(file.size)
    taken = _Taken()
    passed = 0
    with file.open() as disk:
        for name, sick, opener in _zip(disk) if kind.format == "zip" else _tar(unpacked(disk, kind), budget):
            inner = kind_of(name)
            if inner is None:
                passed += 1
                continue
            member = _member(file, kind.format, name, inner, opener, budget)
            why = sick or _fault(name, inner) or taken.add(member)
            if why:
                yield Unreadable(member.name, 0, why)
                continue
            yield member
            if budget.spent:
                break
    advance(file.size)
    if passed:
        yield Passed(passed)
    if not taken.files and not passed:
        yield Unreadable(file.name, 0, "no file in it")


def _fault(name: str, kind: Kind) -> str:
    """What is wrong with a member by its name alone."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or path.parts[0][1:2] == ":":
        return "its name leads out of the archive"
    if len(os.fsencode(name)) > MOST_BYTES or any(len(os.fsencode(part)) > PART_BYTES for part in path.parts):
        return "its name is longer than a file system takes"
    return "an archive in an archive, which is not read" if kind.format in ARCHIVES else ""


class _Taken:
    """Names of members, none of which may be another's or a folder of one: `restore` makes files of them."""

    def __init__(self) -> None:
        self.files: set[str] = set()
        self._folders: set[str] = set()

    def add(self, member: InputFile) -> str:
        """Note a member's names; says what is wrong where they are taken."""
        names = {PurePosixPath(member.name), PurePosixPath(member.back or member.name)}
        above = {str(parent) for name in names for parent in name.parents}
        here = {str(name) for name in names}
        if here & (self.files | self._folders) or above & self.files:
            return "another member of the archive has this name"
        self.files |= here
        self._folders |= above
        return ""


def _member(file: InputFile, container: str, name: str, kind: Kind, opener: Callable[[], BinaryIO], budget: _Budget) -> InputFile:
    """A member as an input file. Its source is its site folder, as if the archive were one, or the archive."""

    def opened() -> BinaryIO:
        stream = io.BufferedReader(_Limited(opener, budget if container == "zip" else None), 1 << 17)  # a tar counts as a whole
        return io.BytesIO(stream.read()) if kind.format in SEEKING else cast("BinaryIO", stream)

    whole = f"{file.name}/{name}".encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    back = restored_name(whole, kind)
    inside = whole.removeprefix(f"{file.name}/")
    source = file.source if "/" in file.name else inside.split("/")[0] if "/" in inside else file.name
    return InputFile(whole, os.path.join(file.path, PurePosixPath(name).name), source, 0, "" if back == whole else back, opened, container)


def _zip(disk: BinaryIO) -> Iterator[tuple[str, str, Callable[[], BinaryIO]]]:
    """Names, what is wrong with them, and how they are opened."""
    with zipfile.ZipFile(disk) as archive:
        for info in archive.infolist():
            if not info.is_dir():
                why = "it is encrypted" if info.flag_bits & 1 else ""
                yield info.filename, why, lambda info=info: cast("BinaryIO", archive.open(info))  # type: ignore[misc]


def _tar(stream: BinaryIO, budget: _Budget) -> Iterator[tuple[str, str, Callable[[], BinaryIO]]]:
    """The same of a tar file, which is read from its beginning to its end."""
    counted = _Limited(lambda: stream, budget)
    with tarfile.open(fileobj=io.BufferedReader(counted, 1 << 17), mode="r|", errorlevel=1) as archive:
        for info in archive:
            if info.isfile():
                yield info.name, "", lambda info=info: cast("BinaryIO", archive.extractfile(info))  # type: ignore[misc]
            elif not info.isdir():
                yield info.name, "no regular file: a link or a device", io.BytesIO
        if counted.tell() < archive.offset + tarfile.BLOCKSIZE:
            raise tarfile.ReadError("the archive is cut off")  # which the library takes for its end


class _Limited(io.RawIOBase):
    """A stream whose bytes are counted against a budget, and whose faults are faults of reading."""

    def __init__(self, opener: Callable[[], BinaryIO], budget: _Budget | None) -> None:
        self._opener = opener
        self._stream: BinaryIO | None = None
        self._budget = budget
        self._at = 0

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()
        super().close()

    def readinto(self, buffer: Any) -> int:
        try:
            self._stream = self._stream or self._opener()
            data = self._stream.read(len(buffer))
        except (zipfile.BadZipFile, tarfile.TarError, zlib.error, RuntimeError) as error:  # NotImplementedError is one of the last
            raise OSError(str(error)) from error
        if self._budget is not None:
            self._budget.spend(len(data))
        self._at += len(data)
        buffer[: len(data)] = data
        return len(data)
