"""Decoding of access tokens, which depends only on the token, the secret and the time."""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest

from app.auth.principal import Principal
from app.auth.tokens import LEEWAY, LONGEST_TOKEN, AccessTokens, RefreshTokens
from app.clock import utcnow
from app.config import Settings, load_settings
from app.errors import TokenExpired, Unauthenticated

USER, SESSION = "507f1f77bcf86cd799439011", "a" * 32
Change = Callable[[dict[str, Any]], Any]


def settings(**changes: str) -> Settings:
    return load_settings(changes)


def token(change: Change = lambda _claims: None) -> str:
    """A signed token with modified claims."""
    now = int(time.time())
    claims: dict[str, Any] = {
        "sub": USER,
        "sid": SESSION,
        "type": "access",
        "iss": "ai-content-generator",
        "iat": now,
        "nbf": now,
        "exp": now + 900,
    }
    change(claims)
    return jwt.PyJWS().encode(json.dumps(claims).encode(), settings().jwt_secret, "HS256")


def test_a_valid_token_identifies_its_user() -> None:
    claims = AccessTokens(settings()).read(token())
    assert claims.principal == Principal(USER, SESSION)
    assert "content:read" in claims.principal.scopes
    assert claims.expires_at - claims.issued_at == 900


@pytest.mark.parametrize(
    "change",
    [
        *(lambda claims, name=name: claims.pop(name) for name in ("exp", "iat", "sub", "sid", "iss", "type")),
        *(lambda claims, kind=kind: claims.update(type=kind) for kind in ("refresh", "Access", None, ["access"], 1)),
        *(lambda claims, iss=iss: claims.update(iss=iss) for iss in ("another", "", None, ["ai-content-generator"])),
        *(lambda claims, aud=aud: claims.update(aud=aud) for aud in ("another", ["another"], {"a": 1})),
        *(lambda claims, sid=sid: claims.update(sid=sid) for sid in ("", None, 1, {"$gt": ""})),
        *(lambda claims, sub=sub: claims.update(sub=sub) for sub in (None, 1, {"$gt": ""})),
        *(lambda claims, exp=exp: claims.update(exp=exp) for exp in (None, "soon", {"$gt": ""}, math.inf, math.nan)),
        lambda claims: claims.update(iat=time.time() + 60),
        lambda claims: claims.update(nbf=time.time() + 60),
    ],
)
def test_every_claim_is_checked(change: Change) -> None:
    with pytest.raises(Unauthenticated):
        AccessTokens(settings()).read(token(change))


@pytest.mark.parametrize("seconds", [2, LEEWAY.total_seconds() - 5])
def test_a_token_issued_by_a_process_with_a_fast_clock_is_accepted(seconds: float) -> None:
    """Both access and refresh tokens."""

    def ahead(claims: dict[str, Any]) -> None:
        claims |= {name: claims[name] + seconds for name in ("iat", "nbf", "exp")}

    assert AccessTokens(settings()).read(token(ahead)).principal.user_id == USER
    refresh = RefreshTokens(settings())
    assert refresh.check(refresh.successor("x", USER, utcnow() + timedelta(seconds=seconds)).text)


def test_expiry_has_no_leeway() -> None:
    tokens = AccessTokens(settings())
    with pytest.raises(TokenExpired):
        tokens.read(token(lambda claims: claims.update(exp=int(time.time()))))
    refresh = RefreshTokens(settings())
    with pytest.raises(TokenExpired):
        refresh.check(refresh.successor("x", USER, utcnow() - refresh.lifetime).text)


def test_a_shorter_lifetime_setting_applies_to_existing_tokens() -> None:
    """If the lifetime is lowered from a day to a minute, a token issued for a day expires a minute after its `iat`."""
    made_for_a_day = token(lambda claims: claims.update(iat=claims["iat"] - 61, exp=claims["exp"] + 86400))
    assert AccessTokens(settings(JWT_EXPIRATION="1d")).read(made_for_a_day)
    with pytest.raises(TokenExpired):
        AccessTokens(settings(JWT_EXPIRATION="1m")).read(made_for_a_day)


def test_no_access_token_outlives_its_session() -> None:
    """When its last refresh token expires, a session is forgotten, including that it was revoked."""
    claims = AccessTokens(settings(JWT_EXPIRATION="2h", JWT_REFRESH_EXPIRATION="1h")).read(
        token(lambda claims: claims.update(exp=claims["iat"] + 7200))
    )
    assert claims.expires_at - claims.issued_at == 3600


@pytest.mark.parametrize("spelling", ["{} ", " {}", "{}=", "{}==", "{}*", "{}.", "{}\n", "{}" + "!" * 100])
def test_a_token_has_one_spelling(spelling: str) -> None:
    """base64 decoders ignore unknown characters, so each spelling would be cached separately."""
    tokens, genuine = AccessTokens(settings()), token()
    assert tokens.read(genuine)
    with pytest.raises(Unauthenticated):
        tokens.read(spelling.format(genuine))


def test_the_token_cache_is_bounded() -> None:
    """Invalid or long tokens take no memory: even a full cache holds only small, valid tokens."""
    tokens = AccessTokens(settings())
    long = token(lambda claims: claims.update(padding="x" * LONGEST_TOKEN))
    for refused in (long, "x" * 100_000, "a.b.c", token(lambda claims: claims.update(type="x"))):
        with pytest.raises(Unauthenticated):
            tokens.read(refused)
    assert tokens._remembered.cache_info().currsize == 0
    tokens.read(token())
    assert tokens._remembered.cache_info().maxsize * LONGEST_TOKEN < 12 * 1024 * 1024
    assert sys.getsizeof(token()) < 500


@pytest.mark.parametrize("nothing", [None, "", 1, [], {"$gt": ""}, b"x"])
def test_an_empty_text_is_not_a_token(nothing: object) -> None:
    with pytest.raises(Unauthenticated, match="Authentication required"):
        AccessTokens(settings()).read(nothing)


def test_a_refresh_tokens_successor_is_deterministic_but_secret() -> None:
    """The same for one token and time of use, and different with another secret."""
    moment = utcnow()
    refresh = RefreshTokens(settings())
    first = refresh.issue(USER)
    assert refresh.successor(first.text, USER, moment) == refresh.successor(first.text, USER, moment)
    assert refresh.successor(first.text, USER, moment) != refresh.successor(refresh.issue(USER).text, USER, moment)
    other = RefreshTokens(settings(JWT_REFRESH_SECRET="another-secret-of-more-than-32-bytes"))
    ids = [
        jwt.decode(each.successor(first.text, USER, moment).text, options={"verify_signature": False})["jti"]
        for each in (refresh, other)
    ]
    assert ids[0] != ids[1]


def test_older_refresh_tokens_are_accepted() -> None:
    """Older tokens have no issuer and stay valid after an upgrade. A token of another issuer is rejected."""
    given = settings()
    now = int(time.time())
    claims = {"sub": USER, "type": "refresh", "jti": "x", "iat": now, "exp": now + 60}
    assert RefreshTokens(given).check(jwt.encode(claims, given.jwt_refresh_secret, "HS256"))
    with pytest.raises(Unauthenticated):
        RefreshTokens(given).check(jwt.encode(claims | {"iss": "x"}, given.jwt_refresh_secret, "HS256"))
