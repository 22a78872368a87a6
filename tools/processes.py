"""Child processes: starting, reading their output, signalling and reliable termination.

Each child leads its own process group, so that Ctrl-C reaches only the runner, and a kill includes its
children. On Linux it also ends when this process is killed (see `die_with_parent`).
"""

from __future__ import annotations

import contextlib
import functools
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import IO

ROOT = Path(__file__).resolve().parents[1]

_DIE_WITH_PARENT = Path(__file__).with_name("die_with_parent.py")
_LAST_LINES_SECONDS = 2.0

OnLine = Callable[[str], None]


class StartError(RuntimeError):
    """Something could not be started. The message is one actionable line."""


def wait_until(condition: Callable[[], bool], timeout: float, every: float = 0.02) -> bool:
    """Polls `condition` every `every` seconds until it is true. Returns False after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(every)
    return True


@dataclass(eq=False)
class Child:
    """A running or ended child process and its process group."""

    name: str
    process: subprocess.Popen[bytes]
    reader: threading.Thread | None = None

    @property
    def pid(self) -> int:
        """The process id, which is also the process group id."""
        return self.process.pid

    @property
    def running(self) -> bool:
        """Whether it has not exited. True if it is frozen."""
        return self.process.poll() is None

    @property
    def exit_code(self) -> int | None:
        """The exit code; None while it runs, and the negative signal number if a signal ended it."""
        return self.process.poll()

    def wait(self, timeout: float) -> bool:
        """Waits up to `timeout` seconds for the exit. Returns whether it exited."""
        return wait_until(lambda: not self.running, timeout)

    def freeze(self) -> None:
        """Suspends the process group with its connections open, to simulate a hung process. Returns once it is."""
        self._signal_group(signal.SIGSTOP)
        if hasattr(os, "waitid"):  # its threads may run on for a moment after the signal
            os.waitid(os.P_PID, self.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)

    def thaw(self) -> None:
        """Resumes a frozen process group."""
        self._signal_group(signal.SIGCONT)

    def ask_to_stop(self) -> None:
        """Sends SIGTERM without waiting. Call it once: a second signal makes an RQ worker abandon its jobs."""
        self.thaw()
        if self.running:
            self.process.send_signal(signal.SIGTERM)

    def stop(self, patience: float = 10.0, hurry: threading.Event | None = None) -> None:
        """Sends SIGTERM, then SIGKILL after `patience` seconds or as soon as `hurry` is set."""
        self.ask_to_stop()
        self.await_end(patience, hurry)

    def await_end(self, patience: float, hurry: threading.Event | None = None) -> None:
        """Waits `patience` seconds for the exit, or until `hurry` is set, then sends SIGKILL to the group."""
        wait_until(lambda: not self.running or (hurry is not None and hurry.is_set()), patience)
        self.kill()

    def kill(self) -> None:
        """Sends SIGKILL to the process group and waits for the exit."""
        self._signal_group(signal.SIGKILL)
        self.process.wait()
        if self.reader is not None:
            self.reader.join(_LAST_LINES_SECONDS)

    def _signal_group(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS: EPERM for a group of zombies
            os.killpg(self.process.pid, number)


def start(
    name: str,
    command: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
    log: Path | None = None,
    on_line: OnLine | None = None,
    death_signal: signal.Signals = signal.SIGKILL,
    keep_open: Sequence[int] = (),
) -> Child:
    """Starts `command` and returns immediately. Raises StartError.

    Its output is appended to the file `log`, or passed to `on_line` line by line, or discarded. `death_signal` is
    sent when this process dies: a gunicorn master needs SIGTERM, because its eventlet workers do not notice a
    killed master. The file descriptors `keep_open` are inherited.
    """
    with contextlib.ExitStack() as files:
        unlogged = subprocess.PIPE if on_line else subprocess.DEVNULL
        output = files.enter_context(log.open("ab")) if log else unlogged

        def launch() -> subprocess.Popen[bytes]:
            return subprocess.Popen(
                [*_tethered(death_signal), *command],
                env=env,
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=keep_open,
            )

        try:
            process = _on_lasting_thread(launch)
        except OSError as error:
            message = f"cannot run {command[0]}: {error.strerror}"
            raise StartError(message) from error
    return Child(name, process, _read(process.stdout, on_line) if process.stdout and on_line else None)


def printer(prefix: str, stream: IO[str] | None = None) -> OnLine:
    """Returns an `on_line` that writes each line, after `prefix`, to `stream` (default: standard output)."""

    def show(line: str) -> None:
        target = stream or sys.stdout
        # if the terminal is gone, keep reading: otherwise the child blocks on a full pipe
        with contextlib.suppress(OSError):
            target.write(f"{prefix}{line}\n")
            target.flush()

    return show


def _tethered(death_signal: signal.Signals) -> list[str]:
    if sys.platform != "linux":
        return []
    return [sys.executable, "-I", "-S", str(_DIE_WITH_PARENT), str(int(death_signal)), str(os.getpid())]


def _read(pipe: IO[bytes], on_line: OnLine) -> threading.Thread:
    def pump() -> None:
        for line in pipe:
            on_line(line.decode(errors="replace").rstrip("\r\n"))
        pipe.close()

    reader = threading.Thread(target=pump, name="child-output", daemon=True)
    reader.start()
    return reader


_Launch = Callable[[], "subprocess.Popen[bytes]"]
_Orders = SimpleQueue[tuple[_Launch, "Future[subprocess.Popen[bytes]]"]]


def _on_lasting_thread(launch: _Launch) -> subprocess.Popen[bytes]:
    """Starts a child from a thread that lives as long as this process.

    Linux sends the parent-death signal when the *thread* that started the child exits (see PR_SET_PDEATHSIG in
    prctl(2)).
    """
    done: Future[subprocess.Popen[bytes]] = Future()
    _lasting_thread(os.getpid()).put((launch, done))
    return done.result()


@functools.cache
def _lasting_thread(_pid: int) -> _Orders:
    """Returns the queue of that thread; one per process, also after a fork."""
    orders: _Orders = SimpleQueue()

    def serve() -> None:
        while True:
            launch, done = orders.get()
            try:
                done.set_result(launch())
            except Exception as error:  # noqa: BLE001 - passed to the caller
                done.set_exception(error)

    threading.Thread(target=serve, name="child-starter", daemon=True).start()
    return orders
