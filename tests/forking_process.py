"""`python -m tests.forking_process MODULE SOCKET PARENT`: imports MODULE once and forks a process for each request.

A request is a line of JSON on the inherited socket SOCKET; the answer is the id of the new process, which is adopted
by the process PARENT. See tests/forked_processes.py.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import runpy
import socket
import sys
from os import waitpid  # not eventlet's, which would start its hub before the fork
from time import sleep
from typing import Any

from tools import die_with_parent


def main(module: str, descriptor: int, parent: int) -> None:
    """Forks processes until the socket is closed."""
    with socket.socket(fileno=descriptor) as asked, asked.makefile("rw") as lines:
        importlib.import_module(module)
        gc.freeze()
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
        waitpid(between, 0)
        return pid
    if pid := os.fork():
        os.write(write, str(pid).encode())
        os._exit(0)
    code = 1
    try:
        _become(request, parent)
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException as error:  # noqa: BLE001  # the process ends below
        sys.excepthook(type(error), error, error.__traceback__)
    finally:
        sys.stdout.flush()
        os._exit(code)


def _become(request: dict[str, Any], parent: int) -> None:
    """Runs the program in a process set up as by `tools.processes.start`."""
    os.setsid()
    output = os.open(request["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    while os.getppid() != parent:  # it is adopted as soon as the one between has ended
        sleep(0.001)
    die_with_parent.tie(request["death_signal"])
    if os.getppid() != parent:
        os._exit(1)
    os.environ.clear()
    os.environ.update(request["env"])
    sys.stdout.reconfigure(write_through=True)  # type: ignore[union-attr]  # as PYTHONUNBUFFERED=1 has it
    program = request["program"]
    if program[0] == "gunicorn":
        sys.argv = program
        from tests import forked_web  # noqa: PLC0415  # only this process has imported it, and eventlet has patched it

        forked_web.run()
    elif program[0] == "-m":
        sys.argv = program[1:]
        runpy.run_module(program[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = program
        runpy.run_path(program[0], run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
