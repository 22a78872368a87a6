"""An in-memory list of recent revocations, so that access tokens can be checked without querying MongoDB.

Without it an access token would stay valid for up to JWT_EXPIRATION after its session was revoked or its user disabled.
Every web process reads revocations once a second, so tokens stop working within about a second, at no cost per request
and without depending on Redis.
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
"""The overlap between successive reads, which allows for clock differences and late writes."""
EVERY_SECONDS = 1.0
PATIENCE_SECONDS = 2.0
"""How long the first requests of a process wait for the first read."""


class Revocation:
    """The revocations of the last read. Thread-safe. A separate thread reads them, started by the first check."""

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
        """Raises Unauthenticated if the session has ended, or Unavailable until the first read has succeeded."""
        if not self._first_reading.is_set():
            self._start()
            if not self._first_reading.wait(PATIENCE_SECONDS):
                log.error("database unavailable", detail="revocations have not been read yet")
                raise Unavailable("The database is temporarily unavailable - please try again")
        if self.covers(principal):
            raise Unauthenticated("The session has ended - please log in again")

    def covers(self, principal: Principal) -> bool:
        """Whether the session is known to have ended, or its user to be disabled or deleted. Never blocks."""
        if principal.session_id in self._sessions or principal.user_id in self._users:
            return True
        return bool(self._erased) and hash_of(principal.user_id) in self._erased

    def refresh(self) -> None:
        """Reads new revocations. Keeps the known ones if it raises one of database.OUTAGES."""
        now = utcnow()
        since = self._read_at - OVERLAP if self._read_at else now - self._lifetime
        keys = {session_of(key_id): ended for key_id, ended in ApiKey.revoked_since(since)}
        sessions = self._sessions | dict(Session.revoked_since(since)) | keys
        users = User.disabled_since(now - self._lifetime)
        self._erased = ErasedAccount.recent()  # after the users: an account is added here before it is deleted there
        self._sessions = {each: ended for each, ended in sessions.items() if ended > now - self._lifetime}
        self._users, self._read_at = users, now
        self._first_reading.set()

    def stop(self) -> None:
        """Stops reading. Call it before the application's log and connections are closed."""
        self._stopping.set()
        if self._reader is not None:
            self._reader.join()

    def _start(self) -> None:
        with self._starting:
            if self._reader is None:
                self._reader = threading.Thread(target=self._read_forever, name="revocation reader", daemon=True)
                self._reader.start()

    def _read_forever(self) -> None:
        while not self._stopping.is_set():
            try:
                self.refresh()
            except OUTAGES as error:
                log.warning("revoked sessions not read", error=str(error)[:200])
            except ConnectionFailure:
                return  # the application was closed, and MongoEngine disconnected
            except Exception:  # later revocations must be read whatever happens
                log.exception("revoked sessions not read")
            self._stopping.wait(EVERY_SECONDS)
