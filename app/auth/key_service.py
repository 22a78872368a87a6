"""Creates, lists, revokes and validates API keys."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock

from app.auth import key_text
from app.auth.api_keys import ApiKey
from app.auth.models import User
from app.auth.principal import OF_A_KEY, AccessClaims, Principal
from app.clock import utcnow
from app.errors import NotFound, Unauthenticated

REMEMBERED_SECONDS = 1.0
"""How long a lookup is cached. Revocations are read about as often."""
REMEMBERED_KEYS = 2_000


@dataclass(frozen=True)
class NewKey:
    """A new key with its text, which is not stored."""

    key: ApiKey
    text: str


def session_of(key_id: object) -> str:
    """Returns the session id of requests authenticated by a key."""
    return f"{OF_A_KEY}{key_id}"


class ApiKeys:
    """Operations on API keys. Thread-safe."""

    def __init__(self) -> None:
        self._remembered: OrderedDict[str, tuple[float, AccessClaims]] = OrderedDict()
        self._lock = Lock()

    def create(self, user_id: str, name: str, scopes: list[str], expires_in_days: int) -> NewKey:
        """Creates a key for this user. Raises TooManyKeys."""
        text = key_text.new_key()
        expires_at = utcnow() + timedelta(days=expires_in_days)
        key = ApiKey.add(user_id, name=name, scopes=scopes, key_hash=key_text.hash_of(text), expires_at=expires_at)
        return NewKey(key, text)

    def list(self, user_id: str) -> list[ApiKey]:
        """Returns the valid keys, newest first."""
        return ApiKey.live_of(user_id)

    def revoke(self, user_id: str, key_id: str) -> None:
        """Revokes a key: in this process at once, in others within a second. Raises NotFound."""
        revoked = ApiKey.revoke(user_id, key_id)
        if revoked is None:
            raise NotFound("Key not found")
        with self._lock:
            self._remembered.pop(revoked.key_hash, None)

    def read(self, text: str) -> AccessClaims:
        """Returns the claims of a key. Raises Unauthenticated, or one of database.OUTAGES."""
        if not key_text.is_well_formed(text):
            raise Unauthenticated("Invalid API key")
        key_hash = key_text.hash_of(text)
        with self._lock:
            asked_at, claims = self._remembered.get(key_hash, (0.0, None))
        if claims is None or time.monotonic() - asked_at >= REMEMBERED_SECONDS:
            claims = self._looked_up(key_hash)
        if claims.expires_at <= time.time():
            raise Unauthenticated("This API key has expired")
        return claims

    def _looked_up(self, key_hash: str) -> AccessClaims:
        asked_at = time.monotonic()
        key = ApiKey.with_hash(key_hash)
        owner = User.with_id(str(key.user_id)) if key else None
        if key is None or owner is None or owner.disabled_at:
            raise Unauthenticated("This API key is unknown, has expired or was revoked")
        principal = Principal(str(key.user_id), session_of(key.id), frozenset(key.scopes))
        claims = AccessClaims(principal, key.created_at.timestamp(), key.expires_at.timestamp())
        with self._lock:
            self._remembered[key_hash] = (asked_at, claims)
            self._remembered.move_to_end(key_hash)
            while len(self._remembered) > REMEMBERED_KEYS:
                self._remembered.popitem(last=False)
        return claims
