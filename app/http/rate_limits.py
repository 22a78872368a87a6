"""Rate limits. The only module that uses Flask-Limiter.

The counts are in Redis, shared by all web processes. During a Redis outage, each process counts in memory and retries
Redis from time to time. Counting never makes a request fail, and delays it by at most 150 ms.

The keys are computed before Flask-Limiter is called, because it treats any error as a Redis outage. So a bug there is a
500 like any other and does not reset the counts.
"""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Flask, Response, current_app, g, request
from flask_limiter import ApplicationLimit, Limiter, RateLimitExceeded
from redis.backoff import NoBackoff
from redis.retry import Retry
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from app.config import Settings
from app.emails import is_too_long, known_forms
from app.errors import AppError, RateLimited
from app.http.addresses import place_of
from app.http.blueprint import is_costly
from app.http.error_answers import render
from app.http.json_bodies import read_object
from app.http.limit_headers import Standing, announce
from app.redis_client import OUTAGES

PREFIX = "/api/"
_REDIS_OPTIONS: dict[str, Any] = {
    "socket_timeout": 0.15,
    "socket_connect_timeout": 0.15,
    "retry": Retry(NoBackoff(), 0),
}


@dataclass(frozen=True)
class Rule:
    """Allows `rate` requests (such as 10/minute) to `paths` for each value of `key`.

    With `methods`, only requests with one of these count. With `costly`, the rule applies to the views decorated with
    app.http.blueprint.costs. Without `paths` and `costly`, it applies to all requests that no other rule covers.
    """

    name: str
    rate: str
    key: Callable[[], str]
    paths: frozenset[str] = frozenset()
    costly: bool = False
    methods: frozenset[str] = frozenset()

    @property
    def is_special(self) -> bool:
        """Whether the rule is for certain requests, rather than the default rule."""
        return self.costly or bool(self.paths)

    def covers_request(self) -> bool:
        """Whether a special rule applies to the current request."""
        if self.methods and request.method not in self.methods:
            return False
        return request.path.rstrip("/") in self.paths or (self.costly and is_costly(_view()))


def rules_of(settings: Settings, user_id_of_request: Callable[[], str | None]) -> list[Rule]:
    """Returns the rules. None applies to requests outside /api (health, metrics, pages)."""

    def user_or_address() -> str:
        user_id = user_id_of_request()
        return f"user:{user_id}" if user_id else address()

    login = frozenset({"/api/auth/login"})
    refresh = frozenset({"/api/auth/refresh", "/api/auth/refresh-token"})
    return [
        Rule("login by address", settings.rate_limit_login, address, login),
        Rule("login by account", settings.rate_limit_login, account, login),
        Rule("password", settings.rate_limit_login, user_or_address, frozenset({"/api/auth/password"})),
        Rule(
            "deletion",
            settings.rate_limit_login,
            user_or_address,
            frozenset({"/api/auth/me"}),
            methods=frozenset({"DELETE"}),
        ),
        Rule("reset", settings.rate_limit_login, address, frozenset({"/api/auth/password/reset"})),
        Rule("register", settings.rate_limit_register, address, frozenset({"/api/auth/register"})),
        Rule("refresh", settings.rate_limit_refresh, address, refresh),
        Rule("generate", settings.rate_limit_generate, user_or_address, costly=True),
        Rule("default", settings.rate_limit_default, user_or_address),
    ]


def init_app(app: Flask, settings: Settings, user_id_of_request: Callable[[], str | None]) -> None:
    """Installs the rate limits, which count requests before authentication. Does nothing if they are disabled.

    `user_id_of_request` returns the user id if the request has a valid token.
    """
    if not settings.rate_limit_enabled:
        return
    rules = rules_of(settings, user_id_of_request)
    special = [rule for rule in rules if rule.is_special]

    @app.before_request
    def note_who_is_counted() -> None:
        g.counted = {rule.name: rule.key() for rule in rules if not _spares(rule, special)}

    limiter = _limiter(app, settings, rules)
    app.register_error_handler(RateLimitExceeded, partial(_refuse, limiter))

    @app.after_request
    def tell(response: Response) -> Response:
        try:
            announce(response, _standings(limiter))
        except OUTAGES:
            return response
        return response


def _limiter(app: Flask, settings: Settings, rules: list[Rule]) -> Limiter:
    return Limiter(
        address,
        app=app,
        application_limits=[
            ApplicationLimit(
                rule.rate,
                scope=rule.name,
                key_function=partial(_noted_key, rule.name),
                exempt_when=partial(_is_spared, rule.name),
            )
            for rule in rules
        ],
        request_identifier=lambda: request.endpoint or "unknown",
        strategy="moving-window",
        storage_uri=settings.redis_url.replace("unix://", "redis+unix://"),
        storage_options=_REDIS_OPTIONS,
        in_memory_fallback_enabled=True,
        swallow_errors=True,
        key_prefix="rate-limit",
    )


def trust_proxies(app: Flask, count: int) -> None:
    """Takes the client's address and scheme from the headers of `count` trusted reverse proxies.

    Each proxy appends the address it saw to X-Forwarded-For. The entry of the outermost trusted proxy is the client;
    everything before it was sent by the client itself. With 0, the headers are ignored.
    """
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]  # Flask's way to wrap it


def address() -> str:
    """Returns the key for the current request's address."""
    return f"address:{place_of(request.remote_addr)}"


def account() -> str:
    """Returns the key for the account of a login (a hash), or that of the address if the body has no email."""
    try:
        email = read_object(request.get_data(cache=True)).get("email")
    except (HTTPException, AppError):
        return address()
    if not isinstance(email, str) or is_too_long(email):
        return address()
    return f"account:{hashlib.sha256(known_forms(email)[0].encode()).hexdigest()}"


def _spares(rule: Rule, special: Collection[Rule]) -> bool:
    """Whether a rule does not apply to the current request.

    A browser's preflight OPTIONS only counts towards the default rule, so that one login counts once.
    """
    if request.method == "OPTIONS":
        return rule.is_special or not request.path.startswith(PREFIX)
    if rule.is_special:
        return not rule.covers_request()
    return not request.path.startswith(PREFIX) or any(each.covers_request() for each in special)


def _view() -> Callable[..., Any] | None:
    return current_app.view_functions.get(request.endpoint or "")


def _noted_key(name: str) -> str:
    return str(g.counted[name])


def _is_spared(name: str) -> bool:
    return name not in g.counted


def _standings(limiter: Limiter) -> list[Standing]:
    """Returns the state of the rules that counted the current request."""
    now = time.time()
    return [
        Standing(
            next(name for name in g.counted if name in each.request_args).replace(" ", "-"),
            each.limit.amount,
            each.limit.get_expiry(),
            each.remaining,
            min(math.ceil(each.reset_at - now), each.limit.get_expiry()),
        )
        for each in limiter.current_limits
    ]


def _refuse(limiter: Limiter, error: RateLimitExceeded) -> Response:
    """Renders the 429 response, with the whole seconds until another request would be accepted."""
    longest = error.limit.limit.get_expiry()
    hit = limiter.current_limit
    try:
        seconds = math.ceil(hit.reset_at - time.time()) if hit else longest
    except OUTAGES:
        seconds = longest
    return render(RateLimited(retry_after=min(max(seconds, 1), longest)))
