"""The security headers of every response, including Socket.IO's; see https://owasp.org/www-project-secure-headers/."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from flask import Flask

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# 'unsafe-inline' for styles only, because Swagger UI's scripts set them
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_ADDED = [(name.lower(), (name, value)) for name, value in HEADERS.items()]
HSTS = "max-age=31536000; includeSubDomains"
_NEVER_STORED = re.compile(r"/(?!api/(?:docs(?:/|$)|(?:openapi|asyncapi)\.json$))(?:api|socket\.io|metrics)(?:/|$)")
"""Paths of private responses, which no cache may store: everything below them except the reference."""
_SLASHES = re.compile("/+")


def init_app(app: Flask) -> None:
    """Adds the headers to all HTTP responses. Call it after Socket.IO has been set up."""
    app.wsgi_app = SecurityHeaders(app.wsgi_app)  # type: ignore[method-assign]  # Flask's documented way to wrap it


class SecurityHeaders:
    """WSGI middleware that adds missing headers, and HSTS if the request came over https."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, given: list[tuple[str, str]], *error: Any) -> Any:
            headers = [_within_this_server(each) if each[0].lower() == "location" else each for each in given]
            names = {name.lower() for name, _ in headers}
            headers += [each for name, each in _ADDED if name not in names]
            if environ.get("wsgi.url_scheme") == "https" and "strict-transport-security" not in names:
                headers.append(("Strict-Transport-Security", HSTS))
            if is_never_stored(environ.get("PATH_INFO", "")):
                headers = [each for each in headers if each[0].lower() != "cache-control"]
                headers.append(("Cache-Control", "no-store"))
            return start_response(status, headers, *error)

        return self._app(environ, start)


def is_never_stored(path: str) -> bool:
    """Whether responses at this path are private, regardless of repeated slashes."""
    return bool(_NEVER_STORED.match(_SLASHES.sub("/", f"/{path}").lower()))


def _within_this_server(header: tuple[str, str]) -> tuple[str, str]:
    return header[0], within_this_server(header[1])


def within_this_server(location: str) -> str:
    """Removes scheme and host from a redirect's target, because the router takes them from the client's Host header."""
    url = urlsplit(location)
    return urlunsplit(("", "", "/" + url.path.lstrip("/\\"), url.query, url.fragment))
