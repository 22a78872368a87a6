"""The delay before a retry."""

from __future__ import annotations

from datetime import timedelta

from app.generation.providers.base import LONGEST_ADVISED_WAIT_SECONDS


def retry_delay(first_seconds: float, attempt: int, advice: float | None) -> timedelta:
    """Returns the delay after attempt number `attempt`: `first_seconds`, doubled for each further attempt.

    A longer delay that the provider advises (`advice`, in seconds) is used instead, up to LONGEST_ADVISED_WAIT_SECONDS.
    """
    usual = first_seconds * 2 ** (attempt - 1)
    return timedelta(seconds=max(usual, min(advice or 0.0, LONGEST_ADVISED_WAIT_SECONDS)))
