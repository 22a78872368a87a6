"""What a person is told who has used what they may use."""

from __future__ import annotations

from app.errors import FieldError, InvalidInput, RateLimited


class QuotaExceeded(RateLimited):
    """The limit of a day or a month is used up. `retry_after` is in whole seconds, until it begins anew."""

    code = "quota_exceeded"
    default_message = "Your quota is used up - please try again when it starts anew"


class StorageFull(InvalidInput):
    """All that one may store is stored."""

    code = "storage_full"
    default_message = "Your storage is full - delete texts you no longer need, for good"

    def __init__(self, used: int, most: int) -> None:
        super().__init__([FieldError("body", f"Does not fit: {used:,} of {most:,} bytes are used.")])
