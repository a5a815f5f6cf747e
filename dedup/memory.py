"""How much memory a run may take."""

from __future__ import annotations

import ctypes
import mmap
import os
from functools import cache
from typing import TYPE_CHECKING, Final

import regex

from dedup.errors import UsageError

if TYPE_CHECKING:
    from dedup.config import Config

UNITS: Final = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
SIZE: Final = regex.compile(r"(?i)\s*(\d+(?:\.\d+)?)\s*([KMGT]?)I?B?\s*")
LEAST: Final = 64 << 20
ARENA_MAX: Final = -8  # of glibc's mallopt
PUNCH_HOLE: Final = 0x03  # of fallocate: what is freed reads as zeros, and the file stays as long as it is


def memory_limit(config: Config) -> int:
    """Bytes: as asked, or half of what was free when a run first asked."""
    return parse_size(config.memory) if config.memory else _half_of_free()


def parse_size(text: str) -> int:
    """Bytes of "2G", "512M", "1.5 GB". Raises UsageError for anything else, and for less than 64 MB."""
    match = SIZE.fullmatch(text)
    size = int(float(match[1]) * UNITS[match[2].upper()]) if match else 0
    if size < LEAST:
        raise UsageError(f"memory must be a size such as 2G or 512M, at least 64M, not '{text}'")
    return size


@cache
def _half_of_free() -> int:
    """Half of the memory that is available; 1 GB where this cannot be told."""
    try:
        with open("/proc/meminfo", encoding="ascii") as file:
            free = next(int(line.split()[1]) << 10 for line in file if line.startswith("MemAvailable:"))
    except (OSError, StopIteration, ValueError):
        try:
            free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        except (OSError, ValueError, AttributeError):
            free = 2 << 30
    return max(free // 2, LEAST)


def resident() -> int:
    """Bytes of memory that this process holds; more than any machine has where this cannot be told."""
    try:
        with open("/proc/self/statm", "rb", 0) as file:
            return int(file.read().split()[1]) * mmap.PAGESIZE
    except (OSError, IndexError, ValueError):
        return 1 << 62


def share_arenas() -> None:
    """Ask the C library to let all threads of this process take memory from one place: what each of several holds back adds up."""
    try:
        ctypes.CDLL(None).mallopt(ARENA_MAX, 1)
    except (OSError, AttributeError, TypeError):
        return  # not glibc


def give_back(enough: int = 0) -> None:
    """Hand memory to the system that columns at rest hold, and ask the C library for what is free: it keeps what many small
    arrays left behind. A process that holds less than `enough` bytes keeps it: memory that is fetched again has to be cleared.
    """
    if resident() < enough:
        return
    from dedup.resting import let_go  # and with it numpy, which `dedup --help` does not need

    let_go()
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (OSError, AttributeError, TypeError):
        return  # not glibc


def free_stretch(file: int, offset: int, length: int) -> None:
    """Give back what a stretch of a file takes on disk and in the system's cache. Where a system cannot, it stays until the file is
    closed.
    """
    try:
        ctypes.CDLL(None).fallocate64(file, PUNCH_HOLE, ctypes.c_int64(offset), ctypes.c_int64(length))
    except (OSError, AttributeError, TypeError):
        return  # not glibc
