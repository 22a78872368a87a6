"""Deletes accounts with all their data, and resumes interrupted deletions.

The first write closes the account: it removes the email, the names and the password and sets `deleting_at`. After it
nobody can log in, and within two seconds the account's tokens and keys stop working. Then each eraser deletes its
package's data about the user. The user is deleted last, so that the sweep finds interrupted deletions.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from bson import ObjectId
from redis import Redis

from app.auth import permissions
from app.auth.closed_accounts import ErasedAccount, close_account, closed_before, forget_person
from app.auth.models import User
from app.auth.passwords import PasswordHasher
from app.clock import utcnow
from app.database import OUTAGES
from app.errors import FieldError, InvalidInput, NotFound
from app.logs import get_logger
from app.periodic import keep_doing
from app.redis_client import OUTAGES as REDIS_OUTAGES

log = get_logger(__name__)

PersonEraser = Callable[[ObjectId], object]
"""Deletes a package's data about a user. Must be idempotent."""

SWEEP_SECONDS = 2.0
CUT_OFF_AFTER = timedelta(seconds=10)
LATE_AFTER_SECONDS = 10.0
"""Data written by requests and attempts that were still in progress is deleted this long after the account."""
LATE_KEY = "accounts:erased"
OVERLAP = timedelta(minutes=1)


class AccountErasure:
    """Erases closed accounts. `tokens_live` is the lifetime of access tokens."""

    def __init__(self, redis: Redis, erasers: Mapping[str, PersonEraser], tokens_live: timedelta) -> None:
        self._redis = redis
        self._erasers = erasers
        self._tokens_live = tokens_live

    def erase(self, user_id: ObjectId) -> bool:
        """Deletes all data of a closed account. Returns False after an outage; the sweep then retries."""
        if not self._erase_parts(user_id):
            return False
        ErasedAccount.note(user_id, utcnow() + self._tokens_live + OVERLAP)
        forget_person(user_id)
        log.info("account deleted")
        try:
            self._redis.zadd(LATE_KEY, {str(user_id): time.time()})
        except REDIS_OUTAGES as error:
            log.debug("second pass over a deleted account not scheduled", error=str(error)[:200])
        return True

    def sweep(self) -> None:
        """Resumes interrupted deletions, and deletes data written after a deletion had finished."""
        for user_id in closed_before(utcnow() - CUT_OFF_AFTER):
            log.warning("resuming the deletion of an account")
            self.erase(user_id)
        late: Any = self._redis.zrangebyscore(LATE_KEY, 0, time.time() - LATE_AFTER_SECONDS)
        for member in late:
            if self._erase_parts(ObjectId(member.decode())):
                self._redis.zrem(LATE_KEY, member)

    def keep_sweeping(self, stopping: threading.Event) -> None:
        """Sweeps every 2 s until `stopping` is set, also through outages. Run it in a separate thread."""
        keep_doing("deletion of accounts", self.sweep, SWEEP_SECONDS, stopping)

    def _erase_parts(self, user_id: ObjectId) -> bool:
        """Calls all erasers, even if some fail. Returns whether all succeeded."""
        done = True
        for name, erase in self._erasers.items():
            try:
                erase(user_id)
            except (*OUTAGES, *REDIS_OUTAGES) as error:
                log.warning("part of an account not deleted yet", part=name, error=str(error)[:200])
                done = False
        return done


class AccountDeletion:
    """Deletes accounts at the request of their owners."""

    def __init__(self, passwords: PasswordHasher, erasure: AccountErasure) -> None:
        self._passwords = passwords
        self._erasure = erasure

    def delete(self, user_id: str, password: str) -> None:
        """Deletes this user's account and all its data.

        Raises InvalidInput for a wrong password, LastOperator for the only operator, and NotFound. After an outage the
        account is closed and the sweep deletes the rest.
        """
        user = User.with_id(user_id)
        if user is None:
            raise NotFound("User not found")
        proven = self._passwords.matches(password, user.password_hash)
        if proven and user.role == permissions.ADMIN:
            permissions.demote(user.id)
        if not proven or not close_account(user):
            raise InvalidInput([FieldError("password", "This is not your password.")])
        try:
            self._erasure.erase(user.id)
        except OUTAGES as error:
            log.warning("deletion of an account is left to the sweep", error=str(error)[:200])
