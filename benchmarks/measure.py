"""What a command costs as a whole process: wall, CPU, and peak memory of the process and all it starts.

The command is started by a small process of its own (this file, run as a script): a child's peak begins at the memory of the one
that starts it, and who compares holds a corpus.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, NamedTuple

TOUCHED = 2 << 30  # bytes: about what the tools take
PAUSE = 0.05  # seconds between two looks at the memory of a process tree
KEPT_OUTPUT = 2000  # characters of what a failed command said


class Cost(NamedTuple):
    """Seconds of wall and CPU time; MB resident at the worst moment."""

    wall: float
    cpu: float
    peak_mb: float


class FailedRunError(Exception):
    """A command did not end well; says why."""


def measure(command: list[str], timeout: float = 3600) -> Cost:
    """Run a command, looking at it and all it starts every 50 ms.

    CPU is the larger of the kernel's account (the process, and the children it waited for) and what was seen of the tree: some
    tools leave their workers to a server process. Memory is the larger of the largest process's peak (exact) and the largest sum
    over the tree that was seen, in which shared pages count once (proportional set size).
    """
    os.sync()  # what the one before wrote is not to be waited for by this one
    touch_memory()
    starter = [sys.executable, "-I", "-S", __file__, str(timeout), *command]
    found = json.loads(subprocess.run(starter, check=True, stdout=subprocess.PIPE).stdout)
    if "failed" in found:
        raise FailedRunError(found["failed"])
    return Cost(**found)


def touch_memory() -> None:
    """Take memory, and give it back. A virtual machine gets memory from its host when it is first touched, and hands back what nobody
    uses: without this a tool would be faster for coming after one that took much.
    """
    touched = b"\1" * TOUCHED
    del touched


def start(command: list[str], timeout: float) -> dict[str, Any]:
    """What `measure` has done for it: the fields of a `Cost`, or why the command failed."""
    with tempfile.TemporaryFile() as said:
        begin = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, start_new_session=True)
        watch = _Watch(process.pid, timeout)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        memory, ticks = watch.stop()
        if process.returncode:
            said.seek(0)
            text = said.read().decode("utf-8", "replace")[-KEPT_OUTPUT:]
            why = f"stopped after {timeout:.0f} s" if watch.stopped else f"exit code {process.returncode}"
            return {"failed": f"{why}: {text}"}
    cpu = max(usage.ru_utime + usage.ru_stime, ticks / os.sysconf("SC_CLK_TCK"))
    return {"wall": round(wall, 3), "cpu": round(cpu, 3), "peak_mb": round(max(usage.ru_maxrss * 1024, memory) / 1e6, 1)}


class _Watch:
    """Looks at a process tree until told to stop; ends the tree when its time is over."""

    def __init__(self, pid: int, timeout: float) -> None:
        self._pid, self._until = pid, time.monotonic() + timeout
        self._done = threading.Event()
        self._most = 0
        self._ticks: dict[int, int] = {}
        self.stopped = False
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._done.wait(PAUSE):
            tree = tree_of(self._pid)
            self._ticks |= {pid: ticks for pid in tree if (ticks := ticks_of(pid))}
            if len(tree) > 1:  # of a single process the kernel knows the peak
                self._most = max(self._most, sum(map(proportional, tree)))
            if time.monotonic() > self._until:
                self.stopped = True
                os.killpg(self._pid, 9)
                return

    def stop(self) -> tuple[int, int]:
        """The most bytes that were seen, and the clock ticks of all processes."""
        self._done.set()
        self._thread.join()
        return self._most, sum(self._ticks.values())


def tree_of(pid: int) -> list[int]:
    """A process and all it started, as far as they live."""
    found = [pid]
    for each in found:  # grows as it goes
        try:
            for task in os.listdir(f"/proc/{each}/task"):
                found += map(int, Path(f"/proc/{each}/task/{task}/children").read_text().split())
        except OSError:
            continue
    return found


def proportional(pid: int) -> int:
    """Bytes resident, shared pages divided by those who share them."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().split("\n"):
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def ticks_of(pid: int) -> int:
    """Clock ticks a process has used, in user mode and in the kernel."""
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0
    return int(after_name[11]) + int(after_name[12])


def middle(costs: list[Cost]) -> dict[str, Any]:
    """Medians, and every run."""
    from statistics import median

    named = {name: round(median(getattr(cost, name) for cost in costs), 3) for name in Cost._fields}
    return named | {"runs": [list(cost) for cost in costs]}


def machine() -> dict[str, Any]:
    """What figures depend on."""
    lines = Path("/proc/cpuinfo").read_text().split("\n")
    model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "")
    memory = int(Path("/proc/meminfo").read_text().split()[1]) / 1e6
    return {"processor": model, "cores": len(os.sched_getaffinity(0)), "memory_gb": round(memory, 1), "load": load()}


def load() -> float:
    """How many processes wanted to run in the last minute."""
    return round(os.getloadavg()[0], 2)


if __name__ == "__main__":
    print(json.dumps(start(sys.argv[2:], float(sys.argv[1]))))
