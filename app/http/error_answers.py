"""Renders all errors of requests in the error envelope."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Flask, Response, g, jsonify
from werkzeug.exceptions import HTTPException

from app.database import OUTAGES
from app.errors import (
    AppError,
    Conflict,
    Forbidden,
    IdempotencyInProgress,
    InvalidInput,
    MalformedRequest,
    MethodNotAllowed,
    NotFound,
    PayloadTooLarge,
    PreconditionFailed,
    RateLimited,
    RevisionMismatch,
    Unauthenticated,
    Unavailable,
)
from app.logs import get_logger

log = get_logger(__name__)

STATUS_OF: dict[type[AppError], int] = {
    MalformedRequest: 400,
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    MethodNotAllowed: 405,
    Conflict: 409,
    PreconditionFailed: 412,
    PayloadTooLarge: 413,
    InvalidInput: 422,
    RateLimited: 429,
    Unavailable: 503,
}

_OURS: dict[int | None, type[AppError]] = {
    404: NotFound,
    405: MethodNotAllowed,
    413: PayloadTooLarge,
    429: RateLimited,
}


def init_app(app: Flask) -> None:
    """Registers handlers for our errors, the framework's errors, MongoDB outages and crashes."""
    app.register_error_handler(AppError, render)
    app.register_error_handler(HTTPException, render_http_exception)
    app.register_error_handler(Exception, render_crash)
    for outage in OUTAGES:
        app.register_error_handler(outage, render_outage)


def render(error: AppError) -> Response:
    status = next((STATUS_OF[kind] for kind in type(error).__mro__ if kind in STATUS_OF), 500)
    details: dict[str, Any] = {}
    if isinstance(error, InvalidInput):
        details["errors"] = [{"field": each.field, "message": each.message} for each in error.errors]
    if isinstance(error, RevisionMismatch):
        details["currentRevision"] = error.current
    response = _envelope(status, error.message, error.code, **details)
    if isinstance(error, (RateLimited, Unavailable, IdempotencyInProgress)):
        response.headers["Retry-After"] = str(error.retry_after)
    if status == 401:  # noqa: PLR2004  # RFC 9110 section 11.6.1 wants the scheme named
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def render_http_exception(error: HTTPException) -> Response:
    """Renders the framework's errors: unknown routes, wrong methods, oversized bodies, broken requests, redirects."""
    if error.code in _OURS:
        response = render(_OURS[error.code]())
    elif error.code is None or error.code < 400:  # noqa: PLR2004  # a redirect, or a ready response
        return Response(error.get_body(), error.code, error.get_headers())
    else:
        response = _envelope(error.code, error.name, error.name.lower().replace(" ", "_"))
    if methods := getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(sorted(methods))
    return response


def render_outage(error: Exception) -> Response:
    log.error("database unavailable", error=type(error).__name__, detail=str(error)[:200])
    return render(Unavailable("The database is temporarily unavailable - please try again"))


def render_crash(error: Exception) -> Response:
    """Renders a bug: logs the traceback and responds with a constant message."""
    log.error("request crashed", exc_info=error)
    return _envelope(500, "Internal server error", AppError.code)


def _envelope(status: int, message: str, code: str, **details: Any) -> Response:
    request_id = g.get("request_id") or structlog.contextvars.get_contextvars().get("request_id", "")
    body = {"success": False, "message": message, "statusCode": status, "code": code, "requestId": request_id}
    response = jsonify(body | details)
    response.status_code = status
    return response
