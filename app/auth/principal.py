"""The authenticated principal, used by requests, rate limits and sockets."""

from __future__ import annotations

from dataclasses import dataclass

from app.http.scopes import SESSION_SCOPES

OF_A_KEY = "key:"
"""The prefix of the session id when authenticated by an API key."""


@dataclass(frozen=True, slots=True)
class Principal:
    """An authenticated user, their session, and its scopes."""

    user_id: str
    session_id: str
    scopes: frozenset[str] = SESSION_SCOPES

    @property
    def sender(self) -> str:
        """The namespace of Idempotency-Keys: an API key, or a user across sessions."""
        return self.session_id if self.session_id.startswith(OF_A_KEY) else self.user_id


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """The claims of an access token: its principal, and when it was issued and expires (epoch seconds)."""

    principal: Principal
    issued_at: float
    expires_at: float

    @property
    def user_id(self) -> str:
        return self.principal.user_id
