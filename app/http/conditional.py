"""If-Match and ETag (RFC 9110, sections 8.8.3 and 13.1.1): a content's ETag is its revision in quotes."""

from __future__ import annotations

import re
from typing import Any

from flask import after_this_request
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


def with_etag(revision: int) -> None:
    """Adds the ETag to the answer of the current request."""

    @after_this_request
    def add(response: Response) -> Response:
        response.headers["ETag"] = f'"{revision}"'
        return response
