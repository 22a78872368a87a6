"""Who is asking. Requests, rate limits and sockets all use this value."""

from __future__ import annotations

from dataclasses import dataclass

from app.http.scopes import SESSION_SCOPES

OF_A_KEY = "key:"
"""What the session's id begins with when an API key is asking."""


@dataclass(frozen=True, slots=True)
class Principal:
    """A person, the session they act in, and what they may do in it."""

    user_id: str
    session_id: str
    scopes: frozenset[str] = SESSION_SCOPES

    @property
    def sender(self) -> str:
        """By whom requests with the same Idempotency-Key are the same: an API key, or a person in any session."""
        return self.session_id if self.session_id.startswith(OF_A_KEY) else self.user_id


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """What an access token proves: who it belongs to, and from when until when it is valid (epoch seconds)."""

    principal: Principal
    issued_at: float
    expires_at: float

    @property
    def user_id(self) -> str:
        return self.principal.user_id
