"""Which sessions ended recently, kept in memory so that access tokens can be checked without asking MongoDB.

An access token would stay valid for up to JWT_EXPIRATION after its session was revoked or its owner disabled. Every web
process reads such revocations once a second. So the token stops working within about a second, at no cost per request
and whether or not Redis is there.
"""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from mongoengine.connection import ConnectionFailure

from app.auth.api_keys import ApiKey
from app.auth.closed_accounts import ErasedAccount, hash_of
from app.auth.key_service import session_of
from app.auth.models import Session, User
from app.auth.principal import Principal
from app.clock import utcnow
from app.config import Settings
from app.database import OUTAGES
from app.errors import Unauthenticated, Unavailable
from app.logs import get_logger

log = get_logger(__name__)

OVERLAP = timedelta(seconds=30)
"""How far each reading overlaps with the one before, because clocks differ and writes arrive late."""
EVERY_SECONDS = 1.0
PATIENCE_SECONDS = 2.0
"""How long the first requests of a process wait for its first reading."""


class Revocation:
    """What was last read. Any number of threads may ask. A thread of its own reads, beginning at the first question."""

    def __init__(self, settings: Settings) -> None:
        self._lifetime = settings.jwt_expiration + OVERLAP
        self._read_at: datetime | None = None
        self._sessions: dict[str, datetime] = {}
        self._users: set[str] = set()
        self._erased: set[str] = set()
        self._first_reading = threading.Event()
        self._starting = threading.Lock()
        self._stopping = threading.Event()
        self._reader: threading.Thread | None = None

    def refuse(self, principal: Principal) -> None:
        """Raises Unauthenticated if the session has ended.

        Raises Unavailable until the first reading: nobody knows yet, so nobody is let in.
        """
        if not self._first_reading.is_set():
            self._start()
            if not self._first_reading.wait(PATIENCE_SECONDS):
                log.error("database unavailable", detail="this process has not read yet which sessions have ended")
                raise Unavailable("The database is temporarily unavailable - please try again")
        if self.covers(principal):
            raise Unauthenticated("The session has ended - please log in again")

    def covers(self, principal: Principal) -> bool:
        """Whether the session is known to have ended, or its owner to be disabled or gone. Never waits."""
        if principal.session_id in self._sessions or principal.user_id in self._users:
            return True
        return bool(self._erased) and hash_of(principal.user_id) in self._erased

    def refresh(self) -> None:
        """Reads what has ended since the last time. If it raises one of database.OUTAGES, it keeps what it knows."""
        now = utcnow()
        since = self._read_at - OVERLAP if self._read_at else now - self._lifetime
        keys = {session_of(key_id): ended for key_id, ended in ApiKey.revoked_since(since)}
        sessions = self._sessions | dict(Session.revoked_since(since)) | keys
        users = User.disabled_since(now - self._lifetime)
        self._erased = ErasedAccount.recent()  # after the users: an account is noted here before it is gone there
        self._sessions = {each: ended for each, ended in sessions.items() if ended > now - self._lifetime}
        self._users, self._read_at = users, now
        self._first_reading.set()

    def stop(self) -> None:
        """Stops reading, before the application's log and servers are closed."""
        self._stopping.set()
        if self._reader is not None:
            self._reader.join()

    def _start(self) -> None:
        with self._starting:
            if self._reader is None:
                self._reader = threading.Thread(target=self._read_forever, name="reads what was revoked", daemon=True)
                self._reader.start()

    def _read_forever(self) -> None:
        while not self._stopping.is_set():
            try:
                self.refresh()
            except OUTAGES as error:
                log.warning("revoked sessions not read", error=str(error)[:200])
            except ConnectionFailure:
                return  # the application was taken down: MongoEngine has no connection any more
            except Exception:  # whatever it was, later revocations have to be read
                log.exception("revoked sessions not read")
            self._stopping.wait(EVERY_SECONDS)
