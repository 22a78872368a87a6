"""Gives every request an id and a log line."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable
from typing import Generic, TypeVar

import structlog
from flask import Flask, Response, g, has_request_context, request

from app.logs import get_logger

log = get_logger("app.request")
T = TypeVar("T")
_USABLE_ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_BEARER = re.compile(r"bearer +(\S(?:.*[^ ])?) *", re.IGNORECASE)
"""The scheme is case-insensitive (RFC 9110 section 11.1)."""


def init_app(app: Flask) -> None:
    """Adds a log line and an id to every request: the client's X-Request-ID if it is valid, else a new one."""

    @app.before_request
    def begin() -> None:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if _USABLE_ID.fullmatch(given) else uuid.uuid4().hex
        g.request_id, g.started = request_id, time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)

    @app.after_request
    def end(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.get("request_id", "")
        rule, now = request.url_rule, time.perf_counter()
        log.info(
            "request",
            method=request.method,
            route=rule.rule if rule else request.path[:200],
            status=response.status_code,
            user_id=g.get("user_id"),
            duration_ms=round((now - g.get("started", now)) * 1000, 1),
        )
        return response

    @app.teardown_request
    def part(_error: BaseException | None) -> None:
        structlog.contextvars.clear_contextvars()  # the thread may serve a socket next


class OnceARequest(Generic[T]):
    """`ask`, whose answer is kept until the end of the request. Outside a request it is asked every time."""

    def __init__(self, ask: Callable[[str], T]) -> None:
        self._ask = ask

    def __call__(self, about: str) -> T:
        if not has_request_context():
            return self._ask(about)
        answers = self._answers()
        if (self, about) not in answers:
            answers[self, about] = self._ask(about)
        return answers[self, about]

    def note(self, about: str, answer: T) -> None:
        """Keeps an answer that is known without asking. Outside a request it does nothing."""
        if has_request_context():
            self._answers()[self, about] = answer

    def _answers(self) -> dict[object, T]:
        answers: dict[object, T] = g.setdefault("answers", {})
        return answers


def bearer_token() -> str | None:
    """Returns the bearer token of the current request, or None."""
    given = _BEARER.fullmatch(request.headers.get("Authorization", ""))
    return given[1] if given else None
