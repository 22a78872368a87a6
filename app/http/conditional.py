"""If-Match and ETag (RFC 9110, sections 8.8.3 and 13.1.1): a content's ETag is its revision in quotes."""

from __future__ import annotations

import re

from flask import Flask, Response, g, request

_TAG = re.compile(r'(?:W/)?"([^"]*)"')
_REVISION = re.compile(r"[0-9]{1,9}")
ANY = "*"


def allowed_revisions() -> frozenset[int] | None:
    """Returns the revisions in the current request's If-Match, or None (any) for `*` or without the header.

    A tag that is not a revision matches nothing.
    """
    given = request.headers.get("If-Match", ANY).strip()
    if given == ANY:
        return None
    return frozenset(int(tag) for tag in _TAG.findall(given) if _REVISION.fullmatch(tag))


def init_app(app: Flask) -> None:
    """Adds the ETag set by the view to the response."""

    @app.after_request
    def add(response: Response) -> Response:
        tag = named_etag()
        if tag:
            response.headers["ETag"] = tag
        return response


def with_etag(revision: int) -> None:
    """Sets the ETag of the current response."""
    g.etag = f'"{revision}"'


def named_etag() -> str | None:
    """Returns the ETag of the current response, or None."""
    tag: str | None = g.get("etag")
    return tag
