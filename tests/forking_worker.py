"""`python -m tests.forking_worker SOCKET PARENT`: imports worker.py once and forks a worker for each request.

A request is a line of JSON on the inherited socket SOCKET; the answer is the id of the new process, which is adopted
by the process PARENT. See tests/forked_workers.py.
"""

from __future__ import annotations

import gc
import json
import os
import runpy
import signal
import socket
import sys
import time
from typing import Any

import worker  # noqa: F401  # what it imports is what a worker needs
from tools import die_with_parent


def main(descriptor: int, parent: int) -> None:
    """Forks workers until the socket is closed."""
    gc.freeze()
    with socket.socket(fileno=descriptor) as asked, asked.makefile("rw") as lines:
        for line in lines:
            lines.write(f"{_fork_away(json.loads(line), parent)}\n")
            lines.flush()


def _fork_away(request: dict[str, Any], parent: int) -> int:
    """Forks twice and returns the id of the grandchild, whose parent has exited."""
    read, write = os.pipe()
    if between := os.fork():
        os.close(write)
        with os.fdopen(read) as told:
            pid = int(told.read())
        os.waitpid(between, 0)
        return pid
    if pid := os.fork():
        os.write(write, str(pid).encode())
        os._exit(0)
    try:
        _become(request, parent)
    finally:
        if error := sys.exception():
            sys.excepthook(type(error), error, error.__traceback__)
        sys.stdout.flush()
        os._exit(1)  # not reached by a worker that exits normally


def _become(request: dict[str, Any], parent: int) -> None:
    """Runs the program in a process set up as by `tools.processes.start`."""
    os.setsid()
    output = os.open(request["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    while os.getppid() != parent:  # it is adopted as soon as the one between has ended
        time.sleep(0.001)
    die_with_parent.tie(int(signal.SIGKILL))
    if os.getppid() != parent:
        os._exit(1)
    os.environ.clear()
    os.environ.update(request["env"])
    sys.stdout.reconfigure(write_through=True)  # type: ignore[union-attr]  # as PYTHONUNBUFFERED=1 has it
    program = request["program"]
    if program[0] == "-m":
        sys.argv = program[1:]
        runpy.run_module(program[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = program
        runpy.run_path(program[0], run_name="__main__")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
