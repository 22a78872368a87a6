"""The current time, and how times are stored and formatted."""

from __future__ import annotations

from datetime import UTC, datetime


def utcnow() -> datetime:
    """Returns the current UTC time in whole milliseconds, which is MongoDB's precision."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def iso(moment: datetime) -> str:
    """Returns `moment` as ISO 8601 in UTC with milliseconds and `Z`, e.g. 2026-01-31T08:15:00.250Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
