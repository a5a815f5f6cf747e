"""Work in threads: kernels run without the interpreter's lock."""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Given = TypeVar("Given")
Made = TypeVar("Made")


def thread_count(asked: int) -> int:
    """Threads to use: as asked, or as many as this process may run on."""
    return asked or len(os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1))


class _AtOnce(Executor):
    """Whoever gives it work does it."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Done when this returns."""
        done: Future[Any] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - told to who asks for the result
            done.set_exception(error)
        return done


def workers(count: int, threads: int) -> Executor:
    """So many threads to give work to; where a run has one thread, none but that."""
    return ThreadPoolExecutor(count) if threads > 1 else _AtOnce()


@contextmanager
def one_thread(*, waits: bool = False) -> Iterator[Executor]:
    """A thread that reads. Who breaks off only `waits` for it if asked to: from a pipe there may come nothing."""
    pool, ended = ThreadPoolExecutor(1), False
    try:
        yield pool
        ended = True
    finally:
        pool.shutdown(wait=ended or waits, cancel_futures=True)


def in_threads(work: Callable[[Given], Made], things: Iterable[Given], threads: int) -> Iterator[Made]:
    """What `work` makes of each thing, in their order; so many at a time as there are threads, and one that waits. With one thread
    each is made when it is asked for.
    """
    if threads == 1:
        yield from map(work, things)
        return
    waiting: deque[Future[Made]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        for thing in things:
            waiting.append(pool.submit(work, thing))
            if len(waiting) > threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def ahead(things: Iterator[Given], weight: Callable[[Given], int], most: int, threads: int) -> Iterator[Given]:
    """Things that are made in a thread while those before are used, of so much weight at a time; where there is one thread, at once."""
    if threads == 1:
        yield from things
        return

    def some() -> list[Given]:
        found, left = [], most
        for thing in things:
            found.append(thing)
            left -= weight(thing)
            if left <= 0:
                break
        return found

    with one_thread() as pool:
        waiting = deque([pool.submit(some)])
        while found := waiting.popleft().result():
            waiting.append(pool.submit(some))
            yield from found


class Behind(Generic[Made]):
    """One thing is worked on in a thread while the next is made; where there is one thread, at once."""

    def __init__(self, work: Callable[[Made], object], threads: int) -> None:
        """Threads: as many as a run may take."""
        self._work = work
        self._pool = ThreadPoolExecutor(1) if threads > 1 else None
        self._waiting: Future[object] | None = None

    def put(self, thing: Made) -> None:
        """The next one, when the one before is done. Raises what that raised."""
        if self._pool is None:
            self._work(thing)
            return
        self._wait()
        self._waiting = self._pool.submit(self._work, thing)

    def _wait(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting.result()

    def close(self) -> None:
        """Wait until all is done. Raises what the last one raised."""
        with self._pool or nullcontext():
            self._wait()
