"""Parses times in requests: ISO 8601, always with a UTC offset."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from marshmallow import ValidationError

_TIMESTAMP = re.compile(r"(?a)\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d([.,]\d{1,9})?)?(Z|[+-]\d\d:?\d\d)")
TIMESTAMP_FORMAT = "a time with its offset from UTC, such as 2026-01-31T08:15:00Z or 2026-01-31T09:15:00+01:00"


def parse_timestamp(value: Any, refusal: str = f"Must be {TIMESTAMP_FORMAT}.") -> datetime:
    """Parses a time and returns it in UTC. Raises marshmallow's ValidationError with the message `refusal`."""
    if not isinstance(value, str) or not _TIMESTAMP.fullmatch(value.upper()):
        raise ValidationError(refusal)
    try:
        return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError):  # such as 30 February, or a time before the year 1 in UTC
        raise ValidationError(refusal) from None
