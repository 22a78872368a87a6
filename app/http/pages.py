"""Serves the browser app: its built files, and its page at every address that does not belong to the API."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Flask, Response, abort, request, send_from_directory
from werkzeug.routing import BaseConverter

from app.http.blueprint import public
from app.logs import get_logger

log = get_logger(__name__)

BUILD = Path(__file__).parent.parent / "ui" / "dist"
ENCODINGS = {"br": ".br", "gzip": ".gz"}
"""Encodings of built text assets, best first, with their file extensions."""

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
"""All methods, so that unsupported ones are answered with 404, as at any unknown address."""

UNTIL_IT_CHANGES = 365 * 24 * 3600


class PageAddress(BaseConverter):
    """Matches addresses of pages: without a file extension, and not of the API, sockets, health or metrics."""

    part_isolating = False
    regex = r"(?!(?i:api|socket\.io|assets|metrics|healthz|readyz)(?:/|$))(?:[^/]+/)*[^/.]+/?"


blueprint = Blueprint("pages", __name__)


def init_app(app: Flask) -> None:
    """Serves the browser app if it has been built. The API works without it."""
    if (BUILD / "index.html").is_file():
        app.url_map.converters["page"] = PageAddress
        app.register_blueprint(blueprint)
    else:
        log.info("browser app not built: serving the API only")


@blueprint.get("/")
@blueprint.route("/<page:address>", methods=METHODS)
@public
def page(address: str = "") -> Response:  # noqa: ARG001  # read by the page in the browser
    """The app's page. Not cached, so that browsers notice a new release."""
    if request.method not in {"GET", "HEAD"}:
        abort(404)
    response = send_from_directory(BUILD, "index.html", max_age=0)
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/assets/<path:name>")
@public
def asset(name: str) -> Response:
    """A built file, whose name changes with its content. Compressed if the browser accepts it."""
    accepted = request.accept_encodings
    for encoding, ending in ENCODINGS.items():
        if accepted[encoding] and (BUILD / "assets" / f"{Path(name).name}{ending}").is_file():
            response = send_from_directory(BUILD / "assets", name + ending, mimetype=_mimetype(name))
            response.headers["Content-Encoding"] = encoding
            break
    else:
        response = send_from_directory(BUILD / "assets", name)
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = f"public, max-age={UNTIL_IT_CHANGES}, immutable"
    return response


def _mimetype(name: str) -> str:
    """Returns the content type. Not from the system's tables, which may be wrong for .js."""
    return {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}.get(
        Path(name).suffix, "application/octet-stream"
    )
