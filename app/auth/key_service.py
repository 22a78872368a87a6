"""The rules of API keys: who makes them, and what one proves."""

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
"""How long an answer of the database is believed; what is revoked is known after as long anyway."""
REMEMBERED_KEYS = 2_000


@dataclass(frozen=True)
class NewKey:
    """A key that was just made: the only moment at which its text is known."""

    key: ApiKey
    text: str


def session_of(key_id: object) -> str:
    """What stands for the session of a request that a key sends."""
    return f"{OF_A_KEY}{key_id}"


class ApiKeys:
    """Makes, lists and revokes keys, and tells whose one is. Thread-safe."""

    def __init__(self) -> None:
        self._remembered: OrderedDict[str, tuple[float, AccessClaims]] = OrderedDict()
        self._lock = Lock()

    def create(self, user_id: str, name: str, scopes: list[str], expires_in_days: int) -> NewKey:
        """A new key of this person. Raises TooManyKeys."""
        text = key_text.new_key()
        expires_at = utcnow() + timedelta(days=expires_in_days)
        key = ApiKey.add(user_id, name=name, scopes=scopes, key_hash=key_text.hash_of(text), expires_at=expires_at)
        return NewKey(key, text)

    def list(self, user_id: str) -> list[ApiKey]:
        """The keys that work, newest first."""
        return ApiKey.live_of(user_id)

    def revoke(self, user_id: str, key_id: str) -> None:
        """Ends a key: here at once, elsewhere within a second. Raises NotFound."""
        revoked = ApiKey.revoke(user_id, key_id)
        if revoked is None:
            raise NotFound("Key not found")
        with self._lock:
            self._remembered.pop(revoked.key_hash, None)

    def read(self, text: str) -> AccessClaims:
        """What a key proves: one lookup by its hash. Raises Unauthenticated, or one of database.OUTAGES."""
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
