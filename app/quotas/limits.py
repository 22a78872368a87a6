"""Quota limits, from the settings or a user's own, and when they reset."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from bson import ObjectId

from app.config import Settings
from app.quotas.document import Hold


@dataclass(frozen=True)
class Limits:
    """The limits of a user. 0 means no limit."""

    daily_generations: int = 0
    monthly_tokens: int = 0
    stored_bytes: int = 0

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """Returns the default limits."""
        return cls(settings.quota_daily_generations, settings.quota_monthly_tokens, settings.quota_stored_bytes)

    def with_own(self, own: Mapping[str, int]) -> Limits:
        """Returns these limits overridden by a user's own, which may be 0."""
        if not own:
            return self
        return replace(self, **{each.name: own[each.name] for each in fields(self) if own.get(each.name) is not None})


@dataclass(frozen=True)
class Facts:
    """Queries about a user that other packages implement.

    `own_limits` returns the user's own limits by the field names of Limits. `with_own_limits` returns a stage that adds
    them to an aggregation as a row {limits}; `note_own_limits` caches them for the current request. `jobs_since`
    returns the generations for which the model was called since a time, and the unfinished ones. `stored_bytes` returns
    the size of all the user's texts, including versions, and of the rows of batches.
    """

    own_limits: Callable[[str], Mapping[str, int]]
    with_own_limits: Callable[[ObjectId], dict[str, Any]]
    note_own_limits: Callable[[str, Mapping[str, int]], None]
    jobs_since: Callable[[str, datetime], Iterable[Hold]]
    stored_bytes: Callable[[str], int]


def midnight(now: datetime) -> datetime:
    """Returns the start of the day, in UTC."""
    return datetime.combine(now.astimezone(UTC).date(), time(), UTC)


def next_day(now: datetime) -> datetime:
    """Returns when the daily limit resets."""
    return midnight(now) + timedelta(days=1)


def month(now: datetime) -> datetime:
    """Returns the start of the month, in UTC."""
    return midnight(now).replace(day=1)


def next_month(now: datetime) -> datetime:
    """Returns when the monthly limit resets."""
    return month(month(now) + timedelta(days=32))


def seconds_until(moment: datetime, now: datetime) -> int:
    """Returns whole seconds, at least one."""
    return max(1, math.ceil((moment - now).total_seconds()))
