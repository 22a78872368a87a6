"""Deadlines of calls to other servers, all watched by one thread.

A `threading.Timer` per call would start a thread each time, which took a tenth of a worker's CPU time per text.
"""

from __future__ import annotations

import contextlib
import math
import threading
import time
from collections.abc import Callable, Iterator

from app.logs import get_logger

log = get_logger(__name__)


class Deadlines:
    """Calls a function when a block of code misses its deadline. The function must be quick. Thread-safe."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._due: dict[object, tuple[float, Callable[[], None]]] = {}
        self._wakes_at = math.inf
        self._thread: threading.Thread | None = None

    @contextlib.contextmanager
    def after(self, seconds: float, call: Callable[[], None]) -> Iterator[None]:
        """Context manager that calls `call` if the block takes longer than `seconds`."""
        entry = object()
        self._add(entry, time.monotonic() + seconds, call)
        try:
            yield
        finally:
            with self._changed:
                self._due.pop(entry, None)

    def _add(self, entry: object, at: float, call: Callable[[], None]) -> None:
        with self._changed:
            self._due[entry] = at, call
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="deadlines", daemon=True)
                self._thread.start()
            elif at < self._wakes_at:  # usually not: most calls have the same timeout
                self._changed.notify()

    def _watch(self) -> None:
        while True:
            for call in self._take_due():
                try:
                    call()
                except Exception:
                    log.exception("deadline crashed")  # this thread must not end

    def _take_due(self) -> list[Callable[[], None]]:
        """Waits for the earliest deadline and returns the functions due then; none if its block has ended."""
        with self._changed:
            self._wakes_at = min((at for at, _ in self._due.values()), default=math.inf)
            pause = self._wakes_at - time.monotonic()
            self._changed.wait(None if math.isinf(pause) else max(0.0, pause))
            now = time.monotonic()
            due = [(entry, call) for entry, (at, call) in self._due.items() if at <= now]
            for entry, _ in due:
                del self._due[entry]
            return [call for _, call in due]
