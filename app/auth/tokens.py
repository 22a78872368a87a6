"""JSON Web Tokens. The only module that uses their libraries.

Access and refresh tokens have different secrets and a `type` claim, so that one cannot be used as the other.
flask-jwt-extended creates access tokens, PyJWT creates refresh tokens and decodes both, because tokens come from
headers, bodies, cookies and sockets. Only HS256 is accepted, so `alg: none` is rejected.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import jwt
from flask import Flask
from flask_jwt_extended import JWTManager, create_access_token

from app.auth.principal import AccessClaims, Principal
from app.clock import utcnow
from app.config import Settings
from app.errors import TokenExpired, Unauthenticated

ALGORITHM = "HS256"
ISSUER = "ai-content-generator"
LEEWAY = timedelta(seconds=10)
"""How far the clock of the issuing process may be ahead of ours."""
REMEMBERED_TOKENS = 5_000
LONGEST_TOKEN = 2048

_SHAPE = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}")
"""Three parts in base64url, the last one of 32 bytes. PyJWT skips other characters, so one token could be spelled in
many ways, each of which would be cached."""
_UNREADABLE = (jwt.PyJWTError, ValueError, TypeError, OverflowError)
_NEEDED_FOR_ACCESS = {"iat", "sub", "sid", "iss"}
_NEEDED_FOR_REFRESH = {"iat", "sub", "jti"}
"""Without `iss`, because tokens of earlier releases did not have it."""


@dataclass(frozen=True)
class NewRefreshToken:
    """A new refresh token, with its stored hash and expiry."""

    text: str
    token_hash: str
    expires_at: datetime


def init_app(app: Flask, settings: Settings) -> None:
    """Configures flask-jwt-extended."""
    app.config.update(
        JWT_SECRET_KEY=settings.jwt_secret,
        JWT_ACCESS_TOKEN_EXPIRES=settings.jwt_expiration,
        JWT_ALGORITHM=ALGORITHM,
        JWT_ENCODE_ISSUER=ISSUER,
    )
    JWTManager(app)


def issue_access_token(user_id: str, session_id: str) -> str:
    """Returns a new access token."""
    return str(create_access_token(identity=user_id, additional_claims={"sid": session_id}))


class AccessTokens:
    """Validates access tokens, caching verified ones."""

    def __init__(self, settings: Settings) -> None:
        self._secret = settings.jwt_secret
        # no access token may outlive its session, which is deleted when its last refresh token has expired
        self._lifetime = min(settings.jwt_expiration, settings.jwt_refresh_expiration)
        self._remembered = lru_cache(REMEMBERED_TOKENS)(self._verify)

    def read(self, token: object) -> AccessClaims:
        """Returns the claims of a valid token. Raises Unauthenticated.

        If JWT_EXPIRATION was lowered, the new lifetime applies to older tokens too, because revocations are only
        remembered for that time.
        """
        if not isinstance(token, str) or not token:
            raise Unauthenticated
        claims = self._remembered(token)
        if claims.expires_at <= time.time():
            raise TokenExpired
        return claims

    def _verify(self, token: str) -> AccessClaims:
        if len(token) > LONGEST_TOKEN or not _SHAPE.fullmatch(token):
            raise Unauthenticated("Invalid token")
        try:
            claims = _decoded(token, self._secret, _NEEDED_FOR_ACCESS)
        except jwt.ExpiredSignatureError:
            raise TokenExpired from None
        except _UNREADABLE:
            raise Unauthenticated("Invalid token") from None
        session_id, issued_at = claims["sid"], float(claims["iat"])
        if claims.get("type") != "access" or not isinstance(session_id, str) or not session_id:
            raise Unauthenticated("Invalid token")
        expires_at = min(float(claims["exp"]), issued_at + self._lifetime.total_seconds())
        return AccessClaims(Principal(claims["sub"], session_id), issued_at, expires_at)


class RefreshTokens:
    """Creates and validates refresh tokens."""

    def __init__(self, settings: Settings) -> None:
        self._secret = settings.jwt_refresh_secret
        self.lifetime = settings.jwt_refresh_expiration

    def issue(self, user_id: str) -> NewRefreshToken:
        """Returns the first token of a session."""
        return self._make(user_id, uuid.uuid4().hex, utcnow())

    def successor(self, text: str, user_id: str, rotated_at: datetime) -> NewRefreshToken:
        """Returns the token that replaces one used at `rotated_at`. Deterministic; requires the secret."""
        jti = hmac.new(self._secret.encode(), f"successor of {text}".encode(), hashlib.sha256).hexdigest()
        return self._make(user_id, jti, rotated_at)

    def check(self, text: str) -> str:
        """Returns the hash under which a valid refresh token is stored. Raises Unauthenticated."""
        if len(text) > LONGEST_TOKEN or not _SHAPE.fullmatch(text):
            raise Unauthenticated("Invalid refresh token")
        try:
            claims = _decoded(text, self._secret, _NEEDED_FOR_REFRESH)
        except jwt.ExpiredSignatureError:
            raise TokenExpired("Refresh token has expired - please log in again") from None
        except _UNREADABLE:
            raise Unauthenticated("Invalid refresh token") from None
        if claims.get("type") != "refresh":
            raise Unauthenticated("Invalid refresh token")
        return _hash(text)

    def _make(self, user_id: str, jti: str, issued_at: datetime) -> NewRefreshToken:
        expires_at = issued_at + self.lifetime
        claims = {
            "sub": user_id,
            "type": "refresh",
            "jti": jti,
            "iss": ISSUER,
            "iat": issued_at,
            "exp": expires_at,
        }
        text = jwt.encode(claims, self._secret, ALGORITHM)
        return NewRefreshToken(text, _hash(text), expires_at)


def _decoded(token: str, secret: str, needed: set[str]) -> dict[str, Any]:
    """Verifies a token and returns its claims.

    Our tokens have no audience, so one that does is rejected. `iat` and `nbf` may be in the future by up to LEEWAY.
    Expiry is reported before any other problem.
    """
    claims: dict[str, Any] = jwt.decode(token, secret, [ALGORITHM], options={"require": ["exp"]}, leeway=LEEWAY)
    if float(claims["exp"]) <= time.time():
        raise jwt.ExpiredSignatureError
    if missing := {name for name in needed if claims.get(name) is None}:
        raise jwt.MissingRequiredClaimError(min(missing))
    if claims.get("iss", ISSUER) != ISSUER:
        raise jwt.InvalidIssuerError
    return claims


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
