"""Work in threads: kernels run without the interpreter's lock."""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Made = TypeVar("Made")


def thread_count(asked: int) -> int:
    """Threads to use: as asked, or as many as this process may run on."""
    return asked or len(os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1))


def in_threads(work: Callable[[int], Made], numbers: list[int] | range, threads: int) -> Iterator[Made]:
    """What `work` makes of each number, in their order; so many at a time as there are threads, and one that waits."""
    waiting: deque[Future[Made]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        for number in numbers:
            waiting.append(pool.submit(work, number))
            if len(waiting) > threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def shared_out(work: Callable[[slice], None], count: int, threads: int) -> None:
    """Have so many rows worked on, as many stretches of them at a time as there are threads."""
    size = -(-max(count, 1) // threads)
    stretches = [slice(begin, min(begin + size, count)) for begin in range(0, count, size)]
    list(in_threads(lambda number: work(stretches[number]), range(len(stretches)), threads))
