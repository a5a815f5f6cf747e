"""`dedup` for pages with many commands: a process that has everything loaded and forks for each of them.

A fresh process takes a second to load what it runs with, and the pages hold dozens of commands. Each still runs in a process, a folder
and an environment of its own, on the streams its shell gave it. `python -m tests.docs.warm SOCKET` serves until it is ended.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
CLIENT = """\
#!{python} -IS
import json, os, socket, sys
server = socket.socket(socket.AF_UNIX)
server.connect({address!r})
request = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode() + b"\\n"
socket.send_fds(server, [request], [0, 1, 2])
sys.exit(int(server.recv(8) or b"70"))
"""


@contextmanager
def dedup_command() -> Iterator[Path]:
    """A folder that holds `dedup`, as long as the context is open."""
    with tempfile.TemporaryDirectory(prefix="dedup-") as folder:
        address = f"{folder}/socket"
        command = Path(folder, "dedup")
        command.write_text(CLIENT.format(python=sys.executable, address=address), encoding="utf-8")
        command.chmod(0o755)
        server = subprocess.Popen([sys.executable, "-m", "tests.docs.warm", address], cwd=ROOT, stdout=subprocess.PIPE)
        try:
            assert server.stdout.readline() == b"ready\n"
            yield Path(folder)
        finally:
            server.kill()
            server.communicate()


def serve(address: str) -> None:
    import dedup
    from dedup.cli import run

    dedup.clean(["نص لا شيء فيه سوى أن يحمّل ما يلزم للمقارنة والحذف"] * 2)  # loads kernels and rules before the first fork
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the children: their code goes over the socket
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen()
        os.write(1, b"ready\n")
        while True:
            connection, _ = listener.accept()
            if os.fork() == 0:
                answer(connection, run)
            connection.close()


def answer(connection: socket.socket, run) -> None:
    """Run one command in this process, and end it."""
    request, streams, _, _ = socket.recv_fds(connection, 1 << 20, 3)
    while not request.endswith(b"\n"):
        request += connection.recv(1 << 20)
    arguments, folder, environment = json.loads(request)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["dedup", *arguments]
    sys.stdin, sys.stdout = (open(number, mode, encoding="utf-8", closefd=False) for number, mode in ((0, "r"), (1, "w")))
    sys.stderr = open(2, "w", encoding="utf-8", buffering=1, closefd=False)
    code = 70
    try:
        run()
    except SystemExit as end:
        code = end.code or 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        connection.sendall(str(code).encode())
        os._exit(code)


if __name__ == "__main__":
    serve(sys.argv[1])
