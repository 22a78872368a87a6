"""Parses times in requests: ISO 8601, always with a UTC offset."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from marshmallow import ValidationError

_MOMENT = re.compile(r"(?a)\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d([.,]\d{1,9})?)?(Z|[+-]\d\d:?\d\d)")
MOMENT_FORM = "a time with its offset from UTC, such as 2026-01-31T08:15:00Z or 2026-01-31T09:15:00+01:00"


def moment(value: Any, refusal: str = f"Must be {MOMENT_FORM}.") -> datetime:
    """Parses a time. Raises marshmallow's ValidationError with the message `refusal`."""
    if not isinstance(value, str) or not _MOMENT.fullmatch(value.upper()):
        raise ValidationError(refusal)
    try:
        return datetime.fromisoformat(value.upper())
    except ValueError:  # such as 30 February
        raise ValidationError(refusal) from None
