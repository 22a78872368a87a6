"""CORS headers are those of Flask-CORS, although it is not asked for every request."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_cors import CORS
from werkzeug.test import TestResponse

from app.http import cors

ORIGINS = ["https://app.example.com", "https://example.com"]
OPTIONS = {"supports_credentials": True, "expose_headers": cors.EXPOSED}
PREFLIGHT = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "If-Match"}
PRIVATE = {"Access-Control-Request-Private-Network": "true"}


def cors_headers(answer: TestResponse) -> list[tuple[str, str]]:
    return [each for each in answer.headers if each[0].startswith("Access-Control") or each[0] == "Vary"]


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("path", ["/api/content", "/page", "/api/crash"])
@pytest.mark.parametrize("origin", [None, *ORIGINS, "HTTPS://example.com", "https://example.org"])
def test_they_are_those_of_flask_cors(count: int, path: str, origin: str | None) -> None:
    apps = Flask("theirs"), Flask("ours")
    CORS(apps[0], resources={"/api/*": {"origins": ORIGINS[:count]}}, **OPTIONS)
    cors.init_app(apps[1], ORIGINS[:count])
    for app in apps:
        app.add_url_rule("/api/content", view_func=lambda: "text")
        app.add_url_rule("/page", "page", view_func=lambda: "text")
        app.add_url_rule("/api/crash", "crash", view_func=lambda: 1 / 0)
    given = {"Origin": origin} if origin else {}
    for method, more in (("GET", {}), ("GET", {}), ("GET", PRIVATE), ("OPTIONS", PREFLIGHT), ("PUT", {}), ("GET", {})):
        theirs, ours = (app.test_client().open(path, method=method, headers=given | more) for app in apps)
        assert theirs.status_code == ours.status_code
        assert cors_headers(ours) == cors_headers(theirs)
