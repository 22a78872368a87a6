"""How long tests wait for expected events.

A wait ends as soon as its condition is true. So a generous limit costs nothing on a fast machine, and does not fail
tests on a slow and busy one: only real faults reach it. `make bench` measures how fast things are.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import chain, repeat
from typing import Any

PATIENCE_SECONDS = 90.0
REQUEST_SECONDS = 60.0
"""The timeout of one request. The product responds within 5 s even if its servers hang."""


def until(condition: Callable[[], Any], timeout: float = PATIENCE_SECONDS) -> Any:
    """Waits until `condition` returns something true, and returns it.

    Never gives up before PATIENCE_SECONDS, even if `timeout` is shorter: a short timeout would measure the machine.
    """
    deadline, pauses = deadline_in(timeout), growing_pauses()
    while not (found := condition()):
        assert time.monotonic() < deadline, f"condition not met within {max(timeout, PATIENCE_SECONDS):g} s"
        time.sleep(next(pauses))
    return found


def growing_pauses() -> Iterator[float]:
    """Yields the pauses in seconds between two checks: short ones first, then longer ones.

    Several tests wait at the same time, and each check takes CPU time on the machine on which the product runs.
    """
    return chain((0.01 * 1.3**number for number in range(12)), repeat(0.25))


def deadline_in(timeout: float) -> float:
    """The monotonic time at which a wait of `timeout` seconds gives up: not before PATIENCE_SECONDS are over."""
    return time.monotonic() + max(timeout, PATIENCE_SECONDS)
