"""The request and response headers in the OpenAPI document."""

from __future__ import annotations

from typing import Any

EXAMPLE_REQUEST_ID = "0f8fad5bd9cb469fa16570867728950e"
HEADERS: dict[str, Any] = {
    "X-Request-ID": {
        "description": "The id of this request, also in the log and in error bodies.",
        "required": True,
        "schema": {"type": "string", "pattern": r"^[\w.:-]{1,64}$", "examples": [EXAMPLE_REQUEST_ID]},
    },
    "Location": {
        "description": "The path of the created resource.",
        "required": True,
        "schema": {"type": "string", "pattern": "^/api/", "examples": ["/api/content/507f1f77bcf86cd799439011"]},
    },
    "Idempotency-Replayed": {
        "description": "Present if this is the stored response to an earlier request with this Idempotency-Key.",
        "required": False,
        "schema": {"const": "true"},
    },
    "Retry-After": {
        "description": "Seconds after which the same request may succeed.",
        "required": True,
        "schema": {"type": "string", "pattern": "^[0-9]+$", "examples": ["30"]},
    },
    "WWW-Authenticate": {
        "description": "The scheme to authenticate with.",
        "required": True,
        "schema": {"const": "Bearer"},
    },
}
_REQUEST_ID: dict[str, Any] = {
    "in": "header",
    "name": "X-Request-ID",
    "description": "An id of your own for this request: 1-64 letters, digits and `_.:-`. Anything else is replaced.",
    "schema": {"type": "string"},
}
PARAMETERS: dict[str, Any] = {"RequestId": _REQUEST_ID}
"""Idempotency-Key and If-Match are only described in text, because their valid values depend on earlier requests."""
IDEMPOTENCY_KEY = (
    "Accepts the header `Idempotency-Key`: a unique key for this request, such as a UUID, of at most 255 "
    "characters. For 24 hours the request runs once, and repetitions get the same response (with "
    "`Idempotency-Replayed: true`). While the first request is in progress, the response is 409 "
    "`idempotency_in_progress`; with a different body it is 422 `idempotency_mismatch`."
)
