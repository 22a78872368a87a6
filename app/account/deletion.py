"""Deletes an account with everything that belongs to it, and finishes what a crash cut off.

The first write closes the account for good: it takes away the email, the names and the password and sets `deleting_at`.
From then on nobody can log in, and within two seconds no token or key of it works. Then each eraser removes what its
capability keeps of the person. The person is removed last, so whatever fails on the way is found again by the sweep.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from bson import ObjectId
from redis import Redis

from app.auth import standing
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
"""Removes all that a capability keeps of a person. It is called more than once."""

SWEEP_SECONDS = 2.0
CUT_OFF_AFTER = timedelta(seconds=10)
LATE_AFTER_SECONDS = 10.0
"""What a request or an attempt that was under way still wrote is removed this long after the account."""
LATE_KEY = "accounts:erased"
OVERLAP = timedelta(minutes=1)


class AccountErasure:
    """Removes accounts that are closed. `tokens_live` says for how long their access tokens would be valid."""

    def __init__(self, redis: Redis, erasers: Mapping[str, PersonEraser], tokens_live: timedelta) -> None:
        self._redis = redis
        self._erasers = erasers
        self._tokens_live = tokens_live

    def erase(self, user_id: ObjectId) -> bool:
        """Removes everything of a closed account. Returns False if a server was away: the sweep tries again."""
        if not self._erase_parts(user_id):
            return False
        ErasedAccount.note(user_id, utcnow() + self._tokens_live + OVERLAP)
        forget_person(user_id)
        log.info("account deleted")
        try:
            self._redis.zadd(LATE_KEY, {str(user_id): time.time()})
        except REDIS_OUTAGES as error:
            log.debug("no second look at a deleted account", error=str(error)[:200])
        return True

    def sweep(self) -> None:
        """Finishes deletions that were cut off, and removes what was still written after one had finished."""
        for user_id in closed_before(utcnow() - CUT_OFF_AFTER):
            log.warning("deletion of an account is taken up again")
            self.erase(user_id)
        late: Any = self._redis.zrangebyscore(LATE_KEY, 0, time.time() - LATE_AFTER_SECONDS)
        for member in late:
            if self._erase_parts(ObjectId(member.decode())):
                self._redis.zrem(LATE_KEY, member)

    def keep_sweeping(self, stopping: threading.Event) -> None:
        """Sweeps every 2 s until `stopping` is set, through any outage. Call it in a thread of its own."""
        keep_doing("deletion of accounts", self.sweep, SWEEP_SECONDS, stopping)

    def _erase_parts(self, user_id: ObjectId) -> bool:
        """Whether every eraser has done its work; one that cannot does not keep the others from theirs."""
        done = True
        for name, erase in self._erasers.items():
            try:
                erase(user_id)
            except (*OUTAGES, *REDIS_OUTAGES) as error:
                log.warning("part of an account not deleted yet", part=name, error=str(error)[:200])
                done = False
        return done


class AccountDeletion:
    """Lets people delete their accounts."""

    def __init__(self, passwords: PasswordHasher, erasure: AccountErasure) -> None:
        self._passwords = passwords
        self._erasure = erasure

    def delete(self, user_id: str, password: str) -> None:
        """Deletes this person's account with everything. Raises InvalidInput for a wrong password.

        Raises LastOperator for the only one who runs this server from the app, NotFound.

        What cannot be removed now, because a server is away, is removed by the sweep: the account is closed either way.
        """
        user = User.with_id(user_id)
        if user is None:
            raise NotFound("User not found")
        proven = self._passwords.matches(password, user.password_hash)
        if proven and user.role == standing.ADMIN:
            standing.demote(user.id)
        if not proven or not close_account(user):
            raise InvalidInput([FieldError("password", "This is not your password.")])
        try:
            self._erasure.erase(user.id)
        except OUTAGES as error:
            log.warning("deletion of an account is left to the sweep", error=str(error)[:200])
