"""Parses how long an error response asks to wait, in any of four formats, and when daily quotas reset."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from zoneinfo import ZoneInfo

_QUOTA_DAY_BEGINS = ZoneInfo("America/Los_Angeles")
"""Daily quotas reset at midnight Pacific time (https://ai.google.dev/gemini-api/docs/rate-limits)."""

_IN_WORDS = re.compile(r"\bretry in ((?:\d{1,9}(?:\.\d{1,12})?(?:ms|h|m|s))+)", re.IGNORECASE)
_NUMBER_AND_UNIT = re.compile(r"([\d.]+)(ms|h|m|s)", re.IGNORECASE)
_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600}


def seconds_of_duration(value: Any) -> float | None:
    """Parses a google.protobuf.Duration, such as `8s` or `8.5s` or an object with `seconds`."""
    if isinstance(value, dict):
        value = value.get("seconds")
    return _seconds(value.strip().removesuffix("s") if isinstance(value, str) else value)


def seconds_in(message: str) -> float | None:
    """Parses a sentence such as `Please retry in 1h2m3.5s.`, sent with or without RetryInfo. Returns seconds."""
    found = _IN_WORDS.search(message)
    if found is None:
        return None
    return _seconds(sum(float(number) * _UNITS[unit.lower()] for number, unit in _NUMBER_AND_UNIT.findall(found[1])))


def seconds_until(value: str | None, now: datetime) -> float | None:
    """Parses a Retry-After header, which is a number of seconds or a date (RFC 9110). Returns seconds."""
    if value is None or (seconds := _seconds(value)) is not None:
        return None if value is None else seconds
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds())


def _seconds(value: Any) -> float | None:
    """Returns the number of seconds, capped at a year, or None if it is not a valid number."""
    try:
        seconds = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return min(seconds, timedelta(days=365).total_seconds()) if seconds >= 0 and not math.isnan(seconds) else None


def next_quota_day(now: datetime) -> datetime:
    today = now.astimezone(_QUOTA_DAY_BEGINS).date()
    return datetime.combine(today + timedelta(days=1), datetime.min.time(), _QUOTA_DAY_BEGINS)


def minute(moment: datetime) -> str:
    """Formats `moment` in UTC, rounded up to the minute: `2026-01-31T08:16Z`."""
    up = moment.astimezone(UTC) + timedelta(seconds=59, microseconds=999_999)
    return f"{up:%Y-%m-%dT%H:%MZ}"
