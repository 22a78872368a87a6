"""Enforces and reports quotas. The numbers reported are those enforced."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from typing import Any

from bson import ObjectId

from app.clock import iso, utcnow
from app.database import OUTAGES
from app.errors import AppError, Unavailable
from app.logs import get_logger
from app.quotas.document import Hold, QuotaDay, StorageHolds
from app.quotas.errors import QuotaExceeded, StorageFull
from app.quotas.limits import Facts, Limits, midnight, month, next_day, next_month, seconds_until
from app.usage.document import UsageRow

log = get_logger(__name__)

MOST_TRIES = 100

Shown = dict[str, Any]


class Quotas:
    """Reserves generations and checks tokens and storage. `defaults` apply to users without limits of their own."""

    def __init__(self, defaults: Limits, facts: Facts) -> None:
        self._defaults = defaults
        self._facts = facts

    def limits_of(self, user_id: str) -> Limits:
        """Returns this user's limits."""
        return self._defaults.with_own(self._facts.own_limits(user_id))

    def with_own_limits(self, user_id: ObjectId) -> dict[str, Any]:
        """Returns a stage that appends the row that `note_own_limits` reads to an aggregation."""
        return self._facts.with_own_limits(user_id)

    def note_own_limits(self, user_id: ObjectId, rows: Iterable[Mapping[str, Any]]) -> None:
        """Caches the user's own limits, found in the rows of an aggregation, for the rest of the request."""
        own: Mapping[str, int] = next((each["limits"] for each in rows if each.get("limits")), {})
        self._facts.note_own_limits(str(user_id), own)

    @contextmanager
    def held(self, user_id: str, holds: Sequence[Hold], growth: Callable[[], int] = lambda: 1) -> Iterator[None]:
        """Context manager that reserves generations, and `growth` bytes like `room`, for what the block stores.

        All are reserved or none. One that is already reserved today is not counted again. Raises QuotaExceeded if the
        day's generations or the month's tokens are used up, StorageFull if there is no room for the request. If the
        block raises an AppError, the reservations are released. After any other exception it is unknown whether the
        block stored anything: the sweep checks later.
        """
        limits = self.limits_of(user_id)
        self._check_tokens(user_id, limits)
        with self._room(user_id, limits.stored_bytes, growth):
            new = self._reserve(user_id, holds, limits.daily_generations, enforced=True)
            try:
                yield
            except AppError:
                with suppress(*OUTAGES):
                    QuotaDay.give_back(user_id, new)
                raise

    def note(self, user_id: str, hold: Hold) -> None:
        """Reserves a generation requeued by an operator, even beyond the limit."""
        if most := self.limits_of(user_id).daily_generations:
            self._reserve(user_id, [hold], most, enforced=False)

    def check_tokens(self, user_id: str) -> None:
        """Raises QuotaExceeded if the month's tokens are used up."""
        self._check_tokens(user_id, self.limits_of(user_id))

    @contextmanager
    def room(self, user_id: str, growth: Callable[[], int] = lambda: 1) -> Iterator[None]:
        """Context manager for a block that stores texts. Raises StorageFull if they would exceed the storage limit.

        `growth` returns the additional bytes; it is only called for users with a storage limit. Changes that do not
        grow are always allowed. Concurrent requests never exceed the limit together: each counts what earlier ones are
        about to store, so close to the limit one may be refused that would have had room a moment later. After an
        outage it is unknown whether the block stored anything, so its bytes stay reserved for a minute.
        """
        with self._room(user_id, self.limits_of(user_id).stored_bytes, growth):
            yield

    def shown(self, user_id: str) -> dict[str, Shown | None]:
        """Returns the limits and their use. A limit that does not exist is None; `stored_bytes` is left out instead."""
        limits, now = self.limits_of(user_id), utcnow()
        shown: dict[str, Shown | None] = {"monthly_tokens": None}
        shown["daily_generations"] = self._daily(user_id, limits, now)
        if most := limits.monthly_tokens:
            shown["monthly_tokens"] = _shown(most, UsageRow.tokens_since(user_id, month(now)), next_month(now))
        if most := limits.stored_bytes:
            shown["stored_bytes"] = _shown(most, self._facts.stored_bytes(user_id))
        return shown

    def daily(self, user_id: str) -> Shown | None:
        """Returns the daily limit and its use, as in `shown`."""
        return self._daily(user_id, self.limits_of(user_id), utcnow())

    def _daily(self, user_id: str, limits: Limits, now: datetime) -> Shown | None:
        most = limits.daily_generations
        return _shown(most, len(self._today(user_id, now)), next_day(now)) if most else None

    def _reserve(self, user_id: str, holds: Sequence[Hold], most: int, *, enforced: bool) -> list[str]:
        """Reserves the holds that are not reserved yet. Returns the jobs of the new ones."""
        if not most:
            return []
        now, missing = utcnow(), list(holds)
        for _ in range(MOST_TRIES):
            if not missing:
                return []
            if QuotaDay.add(user_id, _day(now), missing, most if enforced else None):
                return [each.job for each in missing]
            there = self._today(user_id, now)
            missing = [each for each in holds if each.job not in there]
            if enforced and len(there) + len(missing) > most and missing:
                raise _too_many(len(missing), most, max(0, most - len(there)), now)
        raise Unavailable("Too many requests for a text at the same moment - please try again", retry_after=1)

    def _today(self, user_id: str, now: datetime) -> set[str]:
        """Returns the jobs held today. A new day starts with the generations accepted before there was a limit."""
        holds = QuotaDay.holds_of(user_id, _day(now))
        if holds is None:
            held = QuotaDay.jobs_of(user_id)
            earlier = {each.job: each for each in self._facts.jobs_since(user_id, midnight(now))}
            QuotaDay.begin(user_id, _day(now), [each for job, each in earlier.items() if job not in held])
            holds = QuotaDay.holds_of(user_id, _day(now)) or []
        return {each["job"] for each in holds}

    def _check_tokens(self, user_id: str, limits: Limits) -> None:
        now, most = utcnow(), limits.monthly_tokens
        if most and UsageRow.tokens_since(user_id, month(now)) >= most:
            begins = next_month(now)
            message = f"All {most:,} tokens of this month are used - the limit resets on {begins:%-d %B}, UTC"
            raise QuotaExceeded(message, retry_after=seconds_until(begins, now))

    @contextmanager
    def _room(self, user_id: str, most: int, growth: Callable[[], int]) -> Iterator[None]:
        if not most or (size := growth()) <= 0:
            yield
            return
        with _held(user_id, size) as held:
            used = self._facts.stored_bytes(user_id) + held
            if used + size > most:
                raise StorageFull(used, most)
            yield


def give_back_uncalled(user_id: Any, content_id: Any, job_id: str | None, until: datetime | None = None) -> None:
    """Releases the hold of a run that has ended, unless the model was called for it."""
    if job_id and not UsageRow.jobs_called([content_id], [job_id]):
        QuotaDay.give_back(user_id, [job_id], until)


@contextmanager
def _held(user_id: str, size: int) -> Iterator[int]:
    """Holds so many bytes during the block. Yields how many earlier requests hold."""
    hold_id, held = StorageHolds.add(user_id, size)
    try:
        yield held
    except OUTAGES:
        raise  # dropping the hold would wait for MongoDB again; it expires by itself
    except BaseException:
        _drop(user_id, hold_id)
        raise
    _drop(user_id, hold_id)


def _drop(user_id: str, hold_id: ObjectId) -> None:
    with suppress(*OUTAGES):
        StorageHolds.drop(user_id, hold_id)


def _day(now: datetime) -> date:
    return midnight(now).date()


def _too_many(wanted: int, most: int, left: int, now: datetime) -> QuotaExceeded:
    message = f"All {most:,} generations of today are used"
    if left or wanted > 1:
        message = f"This needs {wanted:,} generations, and {left:,} of {most:,} are left today"
    return QuotaExceeded(f"{message} - the limit resets at midnight UTC", retry_after=seconds_until(next_day(now), now))


def _shown(most: int, used: int, begins: datetime | None = None) -> Shown:
    about = {"limit": most, "used": used, "remaining": max(0, most - used)}
    return about | ({"resets_at": iso(begins)} if begins else {})
