"""What a person may use, and until when: the settings' limits, or their own."""

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
    """0: no limit."""

    daily_generations: int = 0
    monthly_tokens: int = 0
    stored_bytes: int = 0

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """Those of everybody who has none of their own."""
        return cls(settings.quota_daily_generations, settings.quota_monthly_tokens, settings.quota_stored_bytes)

    def with_own(self, own: Mapping[str, int]) -> Limits:
        """A person's own limits win, also with 0."""
        return replace(self, **{each.name: own[each.name] for each in fields(self) if own.get(each.name) is not None})


@dataclass(frozen=True)
class Facts:
    """What quotas have to know of a person that other packages store.

    `own_limits` are their own, by the names of Limits. `with_own_limits` is a stage that adds them, as a row {limits},
    to what an aggregation finds; `note_own_limits` then keeps them from being read again during a request.
    `jobs_since` are the generations that were called since then or are still to be called. `stored_bytes` is the size
    of all their texts, with versions.
    """

    own_limits: Callable[[str], Mapping[str, int]]
    with_own_limits: Callable[[ObjectId], dict[str, Any]]
    note_own_limits: Callable[[str, Mapping[str, int]], None]
    jobs_since: Callable[[str, datetime], Iterable[Hold]]
    stored_bytes: Callable[[str], int]


def midnight(now: datetime) -> datetime:
    """When the day began, in UTC."""
    return datetime.combine(now.astimezone(UTC).date(), time(), UTC)


def next_day(now: datetime) -> datetime:
    """When the daily limit begins anew."""
    return midnight(now) + timedelta(days=1)


def month(now: datetime) -> datetime:
    """When the month began, in UTC."""
    return midnight(now).replace(day=1)


def next_month(now: datetime) -> datetime:
    """When the monthly limit begins anew."""
    return month(month(now) + timedelta(days=32))


def seconds_until(moment: datetime, now: datetime) -> int:
    """Whole seconds, at least one."""
    return max(1, math.ceil((moment - now).total_seconds()))
