"""How long tests wait for expected events.

A wait ends as soon as its condition holds, so a generous limit costs nothing on a quick machine, and a slow and busy
one does not fail tests: only a real fault reaches the limit. How fast something is belongs to `make bench`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import chain, repeat
from typing import Any

PATIENCE_SECONDS = 90.0
REQUEST_SECONDS = 60.0
"""The time-out of one request. The product answers within 5 s even when its servers hang."""


def until(condition: Callable[[], Any], timeout: float = PATIENCE_SECONDS) -> Any:
    """Waits until `condition` returns something true, and returns it.

    Never gives up before PATIENCE_SECONDS, whatever `timeout` says: a shorter one would measure the machine.
    """
    deadline, pauses = deadline_in(timeout), growing_pauses()
    while not (found := condition()):
        assert time.monotonic() < deadline, f"condition not met within {max(timeout, PATIENCE_SECONDS):g} s"
        time.sleep(next(pauses))
    return found


def growing_pauses() -> Iterator[float]:
    """Seconds between two looks: what comes soon is seen soon, and what takes seconds is not asked for all the while.

    Several tests wait at a time, and each look costs the processor of the machine on which the product works.
    """
    return chain((0.01 * 1.3**number for number in range(12)), repeat(0.25))


def deadline_in(timeout: float) -> float:
    """The monotonic time at which a wait of `timeout` seconds gives up: not before PATIENCE_SECONDS are over."""
    return time.monotonic() + max(timeout, PATIENCE_SECONDS)
