"""Which sessions ended a moment ago, kept in memory: access tokens are checked against it without asking MongoDB.

An access token lives for JWT_EXPIRATION after its session was revoked or its owner disabled. Every web process reads
once a second which ones these are (app.realtime.session_expiry does the reading), so that such a token stops
working within about a second, at no cost per request, and whether or not Redis is there.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from app.auth.models import Session, User
from app.auth.tokens import AccessClaims
from app.clock import utcnow
from app.config import Settings
from app.errors import Unauthenticated

OVERLAP = timedelta(seconds=15)
"""How far each reading reaches back behind the one before: for clocks that differ and writes that arrive late."""


class EndedSessions:
    """What `refresh` last read. Safe for one reader thread and any number of askers."""

    def __init__(self, settings: Settings) -> None:
        self._lifetime = settings.jwt_expiration + OVERLAP
        self._read_at: datetime | None = None
        self._sessions: dict[str, datetime] = {}
        self._users: set[str] = set()

    def refresh(self) -> None:
        """Reads what ended since the last time. Raises one of database.OUTAGES, and keeps what it knows."""
        now = utcnow()
        since = self._read_at - OVERLAP if self._read_at else now - self._lifetime
        sessions = self._sessions | dict(Session.revoked_since(since))
        users = User.disabled_since(now - self._lifetime)
        self._sessions = {each: ended for each, ended in sessions.items() if ended > now - self._lifetime}
        self._users, self._read_at = users, now

    def covers(self, claims: AccessClaims) -> bool:
        """Whether the token's session has ended or its owner was disabled."""
        return claims.session_id in self._sessions or claims.user_id in self._users

    def refuse(self, claims: AccessClaims) -> None:
        """Raises Unauthenticated when the token's session has ended."""
        if self.covers(claims):
            raise Unauthenticated("The session has ended - please log in again")
