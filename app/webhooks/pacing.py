"""Keeps a worker's webhook messages from slowing down its generations.

Both run in threads of one process, of which Python runs one at a time. A message takes about 2 ms of CPU time and a
text about 10, so the ten messages about a text would double what it costs.
"""

from __future__ import annotations

import time
from collections.abc import Callable

BUSY_SHARE = 0.7
"""The share of a core from which this process counts as busy."""
WINDOW_SECONDS = 0.1
PAUSE_SECONDS = 0.1
"""About ten messages a second are sent, however busy the process is. They take a fiftieth of its time."""


class Pacing:
    """Decides how long to wait before the next message. `generating` returns whether texts are being generated."""

    def __init__(
        self,
        generating: Callable[[], bool],
        cpu: Callable[[], float] = time.process_time,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._generating = generating
        self._cpu = cpu
        self._clock = clock
        self._since = clock(), cpu()
        self._busy = False

    def pause(self) -> float:
        """Returns PAUSE_SECONDS while texts are being generated and the process is busy, otherwise 0."""
        began, used = self._since
        elapsed = self._clock() - began
        if elapsed >= WINDOW_SECONDS:
            self._busy = self._cpu() - used >= BUSY_SHARE * elapsed
            self._since = began + elapsed, self._cpu()
        return PAUSE_SECONDS if self._busy and self._generating() else 0.0
