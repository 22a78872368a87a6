"""After an outage of MongoDB, the time in which nothing is taken over from other processes."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager

from app.database import OUTAGES


class OutageGrace:
    """A period after an outage in which expired leases still count, because no process could renew them meanwhile.

    Code that takes over expired leases runs its queries inside `watching`, and takes none over while `lasts` is true.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._outage_at = -math.inf  # monotonic seconds

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Context manager that notes an outage raised by the block."""
        try:
            yield
        except OUTAGES:
            self._outage_at = time.monotonic()
            raise

    @property
    def lasts(self) -> bool:
        """Whether an outage was noted within the last `seconds`."""
        return time.monotonic() < self._outage_at + self._seconds
