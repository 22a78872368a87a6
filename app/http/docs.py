"""/api/docs: the reference as a page and as documents. Swagger UI is served from a PyPI package, not a CDN."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Any

import orjson
from flask import Blueprint, Flask, Response, current_app, redirect, send_from_directory
from werkzeug.wrappers import Response as AnyResponse

from app.http import reference
from app.http.blueprint import ApiBlueprint, plain, public
from app.services import service


@dataclass(frozen=True)
class EventsReference:
    """Builds the reference of the Socket.IO events; injected, because this package cannot import app.realtime."""

    build: Callable[[], dict[str, Any]]


blueprint = Blueprint("docs", __name__, url_prefix="/api")

PAGE = Path(__file__).with_name("docs_page")
SWAGGER_UI_FILES = frozenset({"swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"})
OUR_FILES = frozenset({"docs.js", "docs.css"})
CACHE_SECONDS = 3600
_building = Lock()
"""Held while the reference is built, because a blueprint must be described only once."""


@blueprint.get("/openapi.json")
@plain({"application/json": {"type": "object", "required": ["openapi", "paths"]}})
@public
def openapi() -> Response:
    """This reference: the HTTP routes as OpenAPI 3.1."""
    return Response(_openapi_text(current_app._get_current_object()), mimetype="application/json")  # type: ignore[attr-defined]  # noqa: SLF001  # Flask's documented way to the app itself


@blueprint.get("/asyncapi.json")
@plain({"application/json": {"type": "object", "required": ["asyncapi", "channels"]}})
@public
def events() -> Response:
    """The Socket.IO events as AsyncAPI 3."""
    return Response(orjson.dumps(service(EventsReference).build()), mimetype="application/json")


@blueprint.get("/docs")
@plain({"text/html": {"type": "string"}}, 200)
@public
def page() -> Response:
    """The interactive reference."""
    return send_from_directory(PAGE, "index.html")


@blueprint.get("/docs/")
@plain({}, 302)
@public
def page_with_slash() -> AnyResponse:
    """The same page."""
    return redirect("/api/docs")


@blueprint.get("/docs/<name>")
@plain(
    {"text/css": {}, "text/javascript": {}, "image/png": {}},
    200,
    path={"name": {"type": "string", "enum": sorted(SWAGGER_UI_FILES | OUR_FILES)}},
)
@public
def file(name: str) -> Response:
    """A file of the page."""
    folder: Any = files("flask_swagger_ui") / "dist" if name in SWAGGER_UI_FILES else PAGE
    if name not in SWAGGER_UI_FILES | OUR_FILES:
        name = "none"
    return send_from_directory(str(folder), name, max_age=CACHE_SECONDS)


def _openapi_text(app: Flask) -> bytes:
    with _building:
        return _built(app)


@cache
def _built(app: Flask) -> bytes:
    """Describes the blueprints, which takes a tenth of a second; most processes are never asked for the reference."""
    api = app.extensions["flask-smorest"]["apis"][""]["ext_obj"]
    for each in app.blueprints.values():
        if isinstance(each, ApiBlueprint):
            each.describe(app, api)
    return orjson.dumps(reference.build(app, api.spec.to_dict()))
