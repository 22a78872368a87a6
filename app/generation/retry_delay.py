"""How long a generation waits before its next attempt."""

from __future__ import annotations

from datetime import timedelta

from app.generation.providers.base import LONGEST_ADVISED_WAIT_SECONDS


def retry_delay(first_seconds: float, attempt: int, advice: float | None) -> timedelta:
    """The wait after attempt number `attempt`: `first_seconds`, then twice that, and so on.

    When the provider advises a longer wait (`advice`, in seconds), that one, up to LONGEST_ADVISED_WAIT_SECONDS.
    """
    usual = first_seconds * 2 ** (attempt - 1)
    return timedelta(seconds=max(usual, min(advice or 0.0, LONGEST_ADVISED_WAIT_SECONDS)))
