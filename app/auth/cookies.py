"""The refresh token in an httpOnly cookie instead of the JSON body, for browsers.

A request chooses this with the header `X-Auth-Transport: cookie`. Another site cannot read the cookie, cannot send that
header without a CORS preflight that we reject, and SameSite=Strict keeps the browser from sending the cookie. So there
are three independent protections against forged cross-site requests.

Over https the name begins with `__Host-`, so browsers accept the cookie only from this host and sibling subdomains
cannot set it. Over plain http, and in browsers that logged in before that name was introduced, the cookie is called
`refresh_token`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Response, after_this_request, request

from app.errors import FieldError, Forbidden, InvalidInput, Unauthenticated

TRANSPORT_HEADER = "X-Auth-Transport"
COOKIE = "__Host-refresh_token"
COOKIE_PATH = "/"
PLAIN_COOKIE = "refresh_token"
PLAIN_COOKIE_PATH = "/api/auth"

TRANSPORT_PARAMETER: dict[str, Any] = {
    "in": "header",
    "name": TRANSPORT_HEADER,
    "description": "`cookie`: use an httpOnly cookie for the refresh token instead of the JSON bodies.",
    "schema": {"type": "string", "examples": ["cookie"]},
}
"""How the reference describes the header."""


def wants_cookie() -> bool:
    """Whether the current request asks for the cookie."""
    return request.headers.get(TRANSPORT_HEADER, "").strip().lower() == "cookie"


def given_refresh_token(in_body: str | None) -> str:
    """Returns the refresh token of the current request, from its body or its cookie.

    Raises InvalidInput if it is missing from the body, Unauthenticated if it is missing from the cookie, Forbidden for
    a cross-site request.
    """
    if in_body is not None:
        return in_body
    if not wants_cookie():
        raise InvalidInput([FieldError("refresh_token", "Missing data for required field.")])
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        raise Forbidden("The refresh cookie is only accepted from this site itself")
    token = _given_cookie()
    if not token:
        raise Unauthenticated
    return token


def _given_cookie() -> str | None:
    """Returns the `__Host-` cookie if the browser sent it, else the one with the old name."""
    if request.is_secure and COOKIE in request.cookies:
        return request.cookies[COOKIE]
    return request.cookies.get(PLAIN_COOKIE)


def set_refresh_cookie(token: str, lifetime: timedelta) -> None:
    """Adds the cookie to the current response, and removes one with the other name."""
    secure = request.is_secure
    name, path = (COOKIE, COOKIE_PATH) if secure else (PLAIN_COOKIE, PLAIN_COOKIE_PATH)

    @after_this_request
    def add(response: Response) -> Response:
        response.set_cookie(name, token, max_age=lifetime, path=path, httponly=True, samesite="Strict", secure=secure)
        if secure and PLAIN_COOKIE in request.cookies:
            _delete(response, PLAIN_COOKIE, PLAIN_COOKIE_PATH)
        return response


def clear_refresh_cookie() -> None:
    """Removes the cookie with the current response."""

    @after_this_request
    def remove(response: Response) -> Response:
        _delete(response, PLAIN_COOKIE, PLAIN_COOKIE_PATH)
        if request.is_secure:
            _delete(response, COOKIE, COOKIE_PATH)
        return response


def _delete(response: Response, name: str, path: str) -> None:
    response.delete_cookie(name, path=path, httponly=True, samesite="Strict", secure=request.is_secure)
