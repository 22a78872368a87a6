"""JSON Web Tokens: the only file that knows their libraries.

Access and refresh tokens have separate secrets and a `type` claim, so that neither passes for the other.
Access tokens are flask-jwt-extended's; refresh tokens arrive in a body or a cookie, never in a header, and are
made with PyJWT, on which it stands. Only HS256 is accepted, so `alg: none` is refused.
"""

from __future__ import annotations

import hashlib
import time
import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import jwt
from flask import Flask, current_app, request
from flask_jwt_extended import JWTManager, create_access_token, decode_token, get_jwt, verify_jwt_in_request
from flask_jwt_extended.exceptions import JWTExtendedException, NoAuthorizationError

from app.clock import utcnow
from app.config import Settings
from app.errors import TokenExpired, Unauthenticated

ALGORITHM = "HS256"
REMEMBERED_TOKENS = 10_000


@dataclass(frozen=True)
class NewRefreshToken:
    """A refresh token as it is handed out, and what is stored of it."""

    text: str
    token_hash: str
    expires_at: datetime


@dataclass(frozen=True)
class AccessClaims:
    """What an access token says: whose it is, of which session, and from when until when (epoch seconds)."""

    user_id: str
    session_id: str
    issued_at: float
    expires_at: float


def init_app(app: Flask, settings: Settings) -> None:
    """Prepares flask-jwt-extended: bearer tokens in the Authorization header, nowhere else."""
    app.config.update(
        JWT_SECRET_KEY=settings.jwt_secret,
        JWT_ACCESS_TOKEN_EXPIRES=settings.jwt_expiration,
        JWT_ALGORITHM=ALGORITHM,
        JWT_DECODE_ALGORITHMS=[ALGORITHM],
        JWT_TOKEN_LOCATION=["headers"],
    )
    JWTManager(app)
    app.extensions["verified_header"] = lru_cache(REMEMBERED_TOKENS)(_verify_header)


def issue_access_token(user_id: str, session_id: str) -> str:
    return str(create_access_token(identity=user_id, additional_claims={"sid": session_id}))


def authenticate_request() -> AccessClaims:
    """What the current request's bearer token proves. Raises Unauthenticated.

    A genuine token stays genuine until it expires, so it is verified once: PyJWT takes it apart four times over,
    which was a quarter to a third of a request.
    """
    claims: AccessClaims = current_app.extensions["verified_header"](request.headers.get("Authorization"))
    if claims.expires_at <= time.time():
        raise TokenExpired
    return claims


def _verify_header(_authorization: str | None) -> AccessClaims:
    """What the current request's bearer token says; its Authorization header is the key to remember it by."""
    try:
        verify_jwt_in_request()
        claims = get_jwt()
    except NoAuthorizationError:
        raise Unauthenticated from None
    except jwt.ExpiredSignatureError:
        raise TokenExpired from None
    except (JWTExtendedException, jwt.PyJWTError, ValueError, UnicodeError):
        raise Unauthenticated("Invalid token") from None
    return _access_claims(claims)


def read_access_token(token: object) -> AccessClaims:
    """The claims of an access token given as a bare string (Socket.IO). Raises Unauthenticated."""
    if not isinstance(token, str) or not token:
        raise Unauthenticated
    try:
        claims = decode_token(token)
    except jwt.ExpiredSignatureError:
        raise TokenExpired from None
    except (JWTExtendedException, jwt.PyJWTError, ValueError, UnicodeError):
        raise Unauthenticated("Invalid token") from None
    return _access_claims(claims)


def _access_claims(claims: dict[str, Any]) -> AccessClaims:
    """A token without `sid` (from before sessions had ids) belongs to no session that could be revoked."""
    if claims.get("type") != "access":
        raise Unauthenticated("Invalid token")
    return AccessClaims(
        str(claims["sub"]), str(claims.get("sid", "")), float(claims.get("iat", 0)), float(claims["exp"])
    )


class RefreshTokens:
    """Makes and reads refresh tokens."""

    def __init__(self, settings: Settings) -> None:
        self._secret = settings.jwt_refresh_secret
        self._lifetime = settings.jwt_refresh_expiration

    def issue(self, user_id: str) -> NewRefreshToken:
        now = utcnow()
        expires_at = now + self._lifetime
        claims = {"sub": user_id, "type": "refresh", "jti": uuid.uuid4().hex, "iat": now, "exp": expires_at}
        text = jwt.encode(claims, self._secret, ALGORITHM)
        return NewRefreshToken(text, _hash(text), expires_at)

    def check(self, text: str) -> str:
        """The hash under which a genuine, unexpired refresh token is stored. Raises Unauthenticated."""
        try:
            claims = jwt.decode(text, self._secret, [ALGORITHM], options={"require": ["exp", "sub", "jti"]})
        except jwt.ExpiredSignatureError:
            raise TokenExpired("Refresh token has expired - please log in again") from None
        except (jwt.PyJWTError, ValueError, UnicodeError):
            raise Unauthenticated("Invalid refresh token") from None
        if claims.get("type") != "refresh":
            raise Unauthenticated("Invalid refresh token")
        return _hash(text)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
