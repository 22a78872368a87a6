"""/api/content/:id/export and /api/content/export: downloads texts."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import Response, g
from marshmallow import Schema, ValidationError, fields, post_load, validates_schema

from app.content.export.formats import FORMATS
from app.content.export.names import content_disposition
from app.content.export.service import Exports
from app.content.list_schemas import ContentFilterSchema
from app.content.listing import ListQuery
from app.content.trash_routes import IdList
from app.errors import NotFound
from app.http.blueprint import ApiBlueprint, plain
from app.http.fields import one_of
from app.http.scopes import READ
from app.services import service

_KINDS = tuple(FORMATS)
_BYTES = {"schema": {"type": "string", "format": "binary"}}
_OF_ALL = {each.media_type.partition(";")[0]: _BYTES for each in FORMATS.values()}

blueprint = ApiBlueprint("export", __name__, url_prefix="/api/content", description="Exports of texts")


class ExportQuerySchema(Schema):
    """Query of GET /content/:id/export."""

    format = one_of(_KINDS, required=True)


class ExportFilterSchema(ContentFilterSchema):
    """Filters as in GET /content. Where several values are possible, they are a list."""

    @post_load
    def query(self, data: dict[str, Any], **_: Any) -> ListQuery:
        """Returns the query for the service."""
        return ListQuery(**data)


class ExportSchema(Schema):
    """Body of POST /content/export: ids, or a filter."""

    json_schema: ClassVar = {
        "anyOf": [
            {"required": ["ids"], "properties": {"filter": False}},
            {"required": ["filter"], "properties": {"ids": False}},
        ]
    }

    ids = IdList()
    filter = fields.Nested(ExportFilterSchema, metadata={"description": "Instead of ids. {} matches everything."})
    format = one_of(_KINDS, required=True)

    @validates_schema
    def check_which(self, data: dict[str, Any], **_: Any) -> None:
        if ("ids" in data) == ("filter" in data):
            raise ValidationError("Give either ids or filter.", "ids")


@blueprint.route("/<content:content_id>/export", methods=["GET"], scope=READ)
@blueprint.arguments(ExportQuerySchema, location="query")
@plain(_OF_ALL)
def export_one(query: dict[str, Any], content_id: str) -> Response:
    """Download a text as Markdown (unchanged), self-contained HTML, plain text, Word or JSON."""
    file = service(Exports).file(g.user_id, content_id, query["format"])
    return _attached(Response(file.data, content_type=file.media_type), file.name)


@blueprint.route("/export", methods=["POST"], scope=READ)
@blueprint.arguments(ExportSchema)
@plain({"application/zip": _BYTES}, raises=(NotFound,))
def export_many(body: dict[str, Any]) -> Response:
    """Download up to 500 texts as a zip with a manifest, selected by ids or by a filter."""
    pieces = service(Exports).archive(g.user_id, body["format"], body.get("ids"), body.get("filter"))
    return _attached(Response(pieces, content_type="application/zip"), "texts.zip")


def _attached(response: Response, name: str) -> Response:
    response.headers["Content-Disposition"] = content_disposition(name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
