"""The decoded texts of a run as UTF-8, in blocks of about 8 MB: in memory, or in a file beside the output."""

from __future__ import annotations

import os
import tempfile
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from dedup.io.whole_lines import read_into
from dedup.kernels.files import CAN_READ, copy_stretches, read_stretches
from dedup.memory import free_stretch, give_back
from dedup.resting import can_rest, put_to_rest

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

FEW: Final = 64  # stretches that are copied one by one: a kernel would have to be loaded for them
PASSED_OVER: Final = 6  # times what is wanted of a block in a file: to read so much at once takes as long as to read stretches of 500 bytes
READ_BYTES: Final = 4 << 20  # of many stretches in a file, at a time
HELD: Final = 2.5  # times the memory for texts: a process that holds less keeps it
REST_PART: Final = 32  # of the memory for texts: larger columns rest in files
BLOCK_BYTES: Final = 8 << 20  # fresh memory is slow and small blocks cost calls: measured best between 4 and 16 MB


class BlockStore:
    """Blocks by number. Past `limit` bytes all of them go to an unnamed file in `folder`: what is read from there comes from the
    system's cache, which takes memory only while nobody else wants it.
    """

    def __init__(self, limit: int, folder: Path) -> None:
        """`limit` in bytes; `folder` must exist once the limit is passed."""
        self._limit = limit
        self.folder = folder
        self._held: list[bytes | memoryview | None] = []
        self._spans: list[tuple[int, int]] = []
        self._file: int | None = None
        self._bytes = 0
        self._moved = 0  # how many blocks are in the file
        self._spilled = 0

    def add(self, block: bytes | memoryview) -> int:
        """Keep a block; returns its number."""
        number = self.hold(block)
        self.spill()
        return number

    def hold(self, block: bytes | memoryview) -> int:
        """Keep a block in memory, whatever the limit; returns its number."""
        self._held.append(block)
        self._spans.append((-1, len(block)))
        self._bytes += len(block)
        return len(self._held) - 1

    def spill(self) -> None:
        """Past the limit, move what is in memory to the file; others may read and hold meanwhile. Raises OSError where the disk is
        full.
        """
        while self._bytes > self._limit and self._moved < len(self._held):
            self._write(self._moved)
            self._moved += 1

    def _write(self, number: int) -> None:
        """Move a block to the file."""
        block = self._held[number]
        assert block is not None
        if self._file is None:
            self._file, name = tempfile.mkstemp(dir=self.folder)
            os.unlink(name)
        done = 0
        while done < len(block):
            done += os.pwrite(self._file, memoryview(block)[done:], self._spilled + done)
        self._spans[number] = (self._spilled, len(block))
        self._spilled += len(block)
        self._held[number] = None

    def get(self, number: int) -> NDArray[np.uint8]:
        """A block's bytes, read-only."""
        return np.frombuffer(self.raw(number), np.uint8)

    def raw(self, number: int) -> bytes | memoryview:
        """A block's bytes."""
        held = self._held[number]
        if held is not None:
            return held
        assert self._file is not None
        offset, length = self._spans[number]
        return os.pread(self._file, length, offset)

    def part(self, number: int, start: int, end: int) -> bytes:
        """Bytes [start, end) of a block."""
        held = self._held[number]
        if held is not None:
            return bytes(held[start:end])
        assert self._file is not None
        return os.pread(self._file, end - start, self._spans[number][0] + start)

    def copy(self, number: int, start: int, out: memoryview) -> None:
        """Bytes of a block from `start` on, as many as `out` has room for, into it."""
        held = self._held[number]
        if held is not None:
            out[:] = held[start : start + len(out)]
            return
        assert self._file is not None
        read_into(self._file, self._spans[number][0] + start, out)

    def drop(self, number: int) -> None:
        """Nobody asks for a block any more: what it takes is free for what is written next."""
        if self._held[number] is None and self._file is not None:
            free_stretch(self._file, *self._spans[number])
        self._held[number] = None
        self._spans[number] = (-1, 0)  # whoever asks has an error

    def gathered(self, block: NDArray[np.int32], start: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Stretches, one behind the other. Those that follow each other in a block are read as one."""
        if len(block) > FEW and self._held[block[0]] is not None and (block == block[0]).all():
            out = np.empty(int((end - start).sum()), np.uint8)
            copy_stretches(self.get(int(block[0])), start, end, out)
            out.setflags(write=False)
            return out
        opens = np.ones(len(block), np.bool_)
        opens[1:] = (block[1:] != block[:-1]) | (start[1:] != end[:-1])
        closes = np.r_[opens[1:], np.ones(min(len(block), 1), np.bool_)]
        block, start, end = block[opens], start[opens], end[closes]
        if len(block) > FEW and self._file is not None and CAN_READ:
            shift = np.array([offset for offset, _ in self._spans])[block]
            out = np.empty(int((end - start).sum()), np.uint8)
            if (shift >= 0).all() and read_stretches(self._file, start + shift, end + shift, out):
                out.setflags(write=False)
                return out
        return np.frombuffer(b"".join(map(self.part, block.tolist(), start.tolist(), end.tolist())), np.uint8)

    def readable(self, block: NDArray[np.int32], start: NDArray[np.int64], end: NDArray[np.int64]) -> list[slice]:
        """Stretches in parts that `holding` is best asked for: of one block, or of a file so many bytes at a time."""
        if not len(block):
            return []
        part = block if self._file is None else np.cumsum(end - start) // READ_BYTES
        return [slice(*borders) for borders in pairwise([0, *(np.flatnonzero(np.diff(part)) + 1).tolist(), len(block)])]

    def holding(
        self, block: NDArray[np.int32], start: NDArray[np.int64], end: NDArray[np.int64]
    ) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """A text that holds stretches, and for each what is to be added to a place in its block to find it there.

        Where all are of one block it is that block, or what of it they span; else they are put together.
        """
        if len(block) and (block == block[0]).all():
            low, high = int(start.min()), int(end.max())
            if self._held[block[0]] is not None:
                return self.get(int(block[0])), np.zeros(len(block), np.int64)
            if high - low <= PASSED_OVER * int((end - start).sum()):
                return np.frombuffer(self.part(int(block[0]), low, high), np.uint8), np.full(len(block), -low)
        return self.gathered(block, start, end), np.cumsum(end - start) - end

    @property
    def spilled(self) -> int:
        """Bytes that are in the file."""
        return self._spilled

    def __len__(self) -> int:
        """How many blocks."""
        return len(self._held)

    def rest(self, column: NDArray[Any]) -> NDArray[Any]:
        """A column, in a file of its own where it is large for what the texts may take: then it cannot be written to."""
        return put_to_rest(column, self.folder) if self.should_rest(column.nbytes) else column

    def should_rest(self, size: int) -> bool:
        """Whether a column of so many bytes is large for what the texts may take."""
        return size > self._limit // REST_PART and can_rest()

    def give_back(self) -> None:
        """Between stages: hand memory that nobody uses to the system, where a run holds much for what the texts may take."""
        give_back(int(HELD * self._limit))

    def close(self) -> None:
        """Give the file back."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
