"""The browser app: the files of its build, and its one page for every address that is not the API's."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Flask, Response, abort, request, send_from_directory
from werkzeug.routing import BaseConverter

from app.http.blueprint import public
from app.logs import get_logger

log = get_logger(__name__)

BUILD = Path(__file__).parent.parent / "ui" / "dist"
ENCODINGS = {"br": ".br", "gzip": ".gz"}
"""Encodings that the build has beside each text asset, best first, and the ending of that file."""

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
"""All, so that what is no page's method is as unknown there as everywhere: 404."""

UNTIL_IT_CHANGES = 365 * 24 * 3600


class PageAddress(BaseConverter):
    """Addresses of pages: not the API's, the sockets' or the operators', and without a file's ending."""

    part_isolating = False
    regex = r"(?!(?i:api|socket\.io|assets|metrics|healthz|readyz)(?:/|$))(?:[^/]+/)*[^/.]+/?"


blueprint = Blueprint("pages", __name__)


def init_app(app: Flask) -> None:
    """Serves the browser app when it has been built; the API works without it."""
    if (BUILD / "index.html").is_file():
        app.url_map.converters["page"] = PageAddress
        app.register_blueprint(blueprint)
    else:
        log.info("browser app not built: serving the API alone")


@blueprint.get("/")
@blueprint.route("/<page:address>", methods=METHODS)
@public
def page(address: str = "") -> Response:  # noqa: ARG001  # the page itself reads it
    """The page, which finds its way by the address in the browser; never cached, so that a release is seen."""
    if request.method not in {"GET", "HEAD"}:
        abort(404)
    response = send_from_directory(BUILD, "index.html", max_age=0)
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/assets/<path:name>")
@public
def asset(name: str) -> Response:
    """A file whose name changes with its content, compressed when the browser takes that."""
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
    """Said plainly, and not left to what a machine's tables say of .js."""
    return {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}.get(
        Path(name).suffix, "application/octet-stream"
    )
