"""The time, as the product stores and shows it."""

from __future__ import annotations

from datetime import UTC, datetime


def utcnow() -> datetime:
    """Now in UTC, in whole milliseconds as MongoDB stores it, so that a stored time equals its copy in memory."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def iso(moment: datetime) -> str:
    """`moment` as ISO 8601 in UTC with milliseconds and `Z`, e.g. 2026-01-31T08:15:00.250Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
