"""Forks web and worker processes from others that have imported everything. `start` replaces `tools.processes.start`.

Imports take a second of CPU time, far more than the rest of a start, and a run of all tests starts about forty web
processes and a hundred workers. A forked process has the same environment, process group, output and signals as one
started by its command. The commands themselves are tested in tests/tools/test_run.py and tests/ops/.
"""

from __future__ import annotations

import ctypes
import functools
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from tools import processes
from tools.processes import Child

_SET_CHILD_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER in prctl(2)
_IMPORTS = {"web": "tests.forked_web", "worker": "worker"}


def start(name: str, command: Sequence[str], **given: Any) -> Child:
    """Starts a web process, a worker, or anything else, as `tools.processes.start` does."""
    if name not in _IMPORTS or sys.platform != "linux" or "SOCKETIO_ASYNC_MODE" in given["env"]:
        return processes.start(name, command, **given)
    program = command if name == "web" else command[1:]
    death_signal = given.get("death_signal", signal.SIGKILL)
    process = _forking(os.getpid(), _IMPORTS[name]).fork(program, given["env"], given["log"], death_signal)
    return Child(name, cast("subprocess.Popen[bytes]", process))


class Forked:
    """The part of Popen that `Child` needs, for a child process that was not started with subprocess."""

    stdout = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._asking = threading.Lock()

    def poll(self) -> int | None:
        with self._asking:
            if self.returncode is None:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
                self.returncode = os.waitstatus_to_exitcode(status) if pid else None
            return self.returncode

    def wait(self) -> int:
        while (code := self.poll()) is None:
            time.sleep(0.005)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


class _Forking:
    """A process that has imported the module `imports` and forks; it ends with this one."""

    def __init__(self, imports: str) -> None:
        self._lock = threading.Lock()
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-m", "tests.forking_process", imports, str(theirs.fileno()), str(os.getpid())]
            processes.start("forking", command, env=dict(os.environ), keep_open=[theirs.fileno()])
        self._lines = ours.makefile("rw")

    def fork(self, program: Sequence[str], environ: dict[str, str], log: Path, death_signal: int) -> Forked:
        """Forks a process. Its parent there exits at once, so that this process, as the subreaper, adopts it."""
        request = {"program": list(program), "env": environ, "log": str(log), "death_signal": int(death_signal)}
        with self._lock:
            _take_orphans(taken=True)
            try:
                self._lines.write(f"{json.dumps(request)}\n")
                self._lines.flush()
                return Forked(int(self._lines.readline()))
            finally:
                _take_orphans(taken=False)


def _take_orphans(*, taken: bool) -> None:
    ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, int(taken), 0, 0, 0)


@functools.cache
def _forking(_pid: int, imports: str) -> _Forking:
    return _Forking(imports)
