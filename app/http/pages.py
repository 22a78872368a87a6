"""The browser app: the files of its build, and its one page at every address that does not belong to the API."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Flask, Response, abort, request, send_from_directory
from werkzeug.routing import BaseConverter

from app.http.blueprint import public
from app.logs import get_logger

log = get_logger(__name__)

BUILD = Path(__file__).parent.parent / "ui" / "dist"
ENCODINGS = {"br": ".br", "gzip": ".gz"}
"""Encodings in which the build has each text asset, best first, with the extensions of those files."""

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
"""All methods, so that one that pages do not have is answered with 404, as at any other unknown address."""

UNTIL_IT_CHANGES = 365 * 24 * 3600


class PageAddress(BaseConverter):
    """Matches the addresses of pages: not those of the API, the sockets or the operators, and without an extension."""

    part_isolating = False
    regex = r"(?!(?i:api|socket\.io|assets|metrics|healthz|readyz)(?:/|$))(?:[^/]+/)*[^/.]+/?"


blueprint = Blueprint("pages", __name__)


def init_app(app: Flask) -> None:
    """Serves the browser app if it has been built. The API works without it."""
    if (BUILD / "index.html").is_file():
        app.url_map.converters["page"] = PageAddress
        app.register_blueprint(blueprint)
    else:
        log.info("browser app not built: serving the API alone")


@blueprint.get("/")
@blueprint.route("/<page:address>", methods=METHODS)
@public
def page(address: str = "") -> Response:  # noqa: ARG001  # the page itself reads it
    """The one page, which reads the address in the browser. It is never cached, so that a new release is noticed."""
    if request.method not in {"GET", "HEAD"}:
        abort(404)
    response = send_from_directory(BUILD, "index.html", max_age=0)
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/assets/<path:name>")
@public
def asset(name: str) -> Response:
    """A file whose name changes with its content, compressed if the browser accepts that."""
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
    """The content type, stated here because the tables of some machines have a wrong one for .js."""
    return {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}.get(
        Path(name).suffix, "application/octet-stream"
    )
