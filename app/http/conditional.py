"""If-Match and ETag (RFC 9110, sections 8.8.3 and 13.1.1): a content's ETag is its revision in quotes."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask, g
from marshmallow import EXCLUDE, Schema, fields
from werkzeug import Response

_TAG = re.compile(r'(?:W/)?"([^"]*)"')
_REVISION = re.compile(r"[0-9]{1,9}")
ANY = "*"


class Revisions(fields.Field["frozenset[int] | None"]):
    """The revisions that an If-Match header allows, or None for `*`. A tag that is not a revision matches nothing."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> frozenset[int] | None:
        if str(value).strip() == ANY:
            return None
        return frozenset(int(tag) for tag in _TAG.findall(str(value)) if _REVISION.fullmatch(tag))


class IfMatchSchema(Schema):
    """The If-Match header of a request that changes a content."""

    if_match = Revisions(
        data_key="If-Match",
        load_default=None,
        metadata={
            "type": "string",
            "description": "The ETag that was last seen: with another revision the answer is 412 and nothing changes.",
        },
    )

    class Meta:
        unknown = EXCLUDE


def init_app(app: Flask) -> None:
    """Adds the ETag that a view has named to its answer."""

    @app.after_request
    def add(response: Response) -> Response:
        tag = named_etag()
        if tag:
            response.headers["ETag"] = tag
        return response


def with_etag(revision: int) -> None:
    """Names the ETag of the current request's answer."""
    g.etag = f'"{revision}"'


def named_etag() -> str | None:
    """The ETag that the current request's answer will have."""
    tag: str | None = g.get("etag")
    return tag
