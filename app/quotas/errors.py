"""Errors raised when a quota is used up."""

from __future__ import annotations

from app.errors import FieldError, InvalidInput, RateLimited


class QuotaExceeded(RateLimited):
    """A daily or monthly limit is used up. `retry_after` is in whole seconds, until it resets."""

    code = "quota_exceeded"
    default_message = "Your quota is used up - please try again when it resets"


class StorageFull(InvalidInput):
    """The storage limit is reached."""

    code = "storage_full"
    default_message = "Your storage is full - permanently delete texts or batches you no longer need"

    def __init__(self, used: int, most: int) -> None:
        super().__init__([FieldError("body", f"Does not fit: {used:,} of {most:,} bytes are used.")])
