"""CORS: which pages of other origins may call the API. The only module that uses Flask-CORS."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, Response, request
from flask_cors import cross_origin

PREFIX = "/api"
EXPOSED = (
    "X-Request-ID", "Retry-After", "ETag", "Location", "Idempotency-Replayed", "RateLimit", "RateLimit-Policy",
)  # fmt: skip
"""The response headers that pages of other origins may read."""
_OF_PREFLIGHTS = "HTTP_ACCESS_CONTROL_REQUEST_PRIVATE_NETWORK"


def init_app(app: Flask, origins: Sequence[str]) -> None:
    """Adds the CORS headers to all responses below PREFIX.

    Unless the request is a preflight, they depend on its origin alone. So for the allowed origins, and for clients that
    send none, Flask-CORS works them out once: it takes a twentieth of the time of `GET /content/:id`.
    """

    @cross_origin(origins=list(origins), supports_credentials=True, expose_headers=EXPOSED, automatic_options=False)
    def with_headers(response: Response) -> Response:
        return response

    usual = {None, *origins}
    remembered: dict[str | None, list[tuple[str, str]]] = {}

    @app.after_request
    def add(response: Response) -> Response:
        if not request.path.startswith(PREFIX):
            return response
        origin = request.headers.get("Origin")
        if origin not in usual or request.method == "OPTIONS" or _OF_PREFLIGHTS in request.environ:
            return with_headers(response)
        if origin not in remembered:
            plain = list(Response().headers)
            remembered[origin] = [each for each in with_headers(Response()).headers if each not in plain]
        response.headers.extend(remembered[origin])
        return response
