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
    """A token as the product makes it, with its claims changed."""
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


def test_a_genuine_token_is_a_principal() -> None:
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
def test_the_clock_of_the_process_that_made_it_may_be_ahead(seconds: float) -> None:
    """Access and refresh tokens alike."""

    def ahead(claims: dict[str, Any]) -> None:
        claims |= {name: claims[name] + seconds for name in ("iat", "nbf", "exp")}

    assert AccessTokens(settings()).read(token(ahead)).principal.user_id == USER
    refresh = RefreshTokens(settings())
    assert refresh.check(refresh.successor("x", USER, utcnow() + timedelta(seconds=seconds)).text)


def test_no_leeway_beyond_the_end() -> None:
    tokens = AccessTokens(settings())
    with pytest.raises(TokenExpired):
        tokens.read(token(lambda claims: claims.update(exp=int(time.time()))))
    refresh = RefreshTokens(settings())
    with pytest.raises(TokenExpired):
        refresh.check(refresh.successor("x", USER, utcnow() - refresh.lifetime).text)


def test_no_token_outlives_todays_setting() -> None:
    """One that was made for a day is over when the life of a token is lowered to a minute, and its `iat` is older."""
    made_for_a_day = token(lambda claims: claims.update(iat=claims["iat"] - 61, exp=claims["exp"] + 86400))
    assert AccessTokens(settings(JWT_EXPIRATION="1d")).read(made_for_a_day)
    with pytest.raises(TokenExpired):
        AccessTokens(settings(JWT_EXPIRATION="1m")).read(made_for_a_day)


def test_no_access_token_outlives_its_session() -> None:
    """A session is forgotten with its last refresh token, and that it was revoked with it."""
    claims = AccessTokens(settings(JWT_EXPIRATION="2h", JWT_REFRESH_EXPIRATION="1h")).read(
        token(lambda claims: claims.update(exp=claims["iat"] + 7200))
    )
    assert claims.expires_at - claims.issued_at == 3600


@pytest.mark.parametrize("spelling", ["{} ", " {}", "{}=", "{}==", "{}*", "{}.", "{}\n", "{}" + "!" * 100])
def test_a_token_has_one_spelling(spelling: str) -> None:
    """base64 decoders skip what they do not know: each spelling would be remembered apart."""
    tokens, genuine = AccessTokens(settings()), token()
    assert tokens.read(genuine)
    with pytest.raises(Unauthenticated):
        tokens.read(spelling.format(genuine))


def test_what_is_remembered_is_bounded() -> None:
    """Neither nonsense nor length takes memory: a full memory holds small, genuine tokens."""
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


def test_a_successor_is_always_the_same_and_cannot_be_guessed() -> None:
    """For one token and the moment it was spent; with another secret it is another one."""
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


def test_refresh_tokens_from_before_are_accepted() -> None:
    """Older tokens have no issuer and stay valid after an upgrade. A token of another issuer is rejected."""
    given = settings()
    now = int(time.time())
    claims = {"sub": USER, "type": "refresh", "jti": "x", "iat": now, "exp": now + 60}
    assert RefreshTokens(given).check(jwt.encode(claims, given.jwt_refresh_secret, "HS256"))
    with pytest.raises(Unauthenticated):
        RefreshTokens(given).check(jwt.encode(claims | {"iss": "x"}, given.jwt_refresh_secret, "HS256"))
