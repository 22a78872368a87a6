"""The request and response schemas of the version routes."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from app.content.brief import BriefField
from app.content.finding_schemas import FindingItem
from app.content.list_schemas import MAX_LIMIT, MAX_PAGE, PaginationSchema
from app.content.text_diff import OPS
from app.content.versions import SOURCES
from app.http.envelope import MOMENT, Moment
from app.http.fields import one_of, shown, whole
from app.usage.schemas import CostSchema

_TEXT = "Hospitals have begun to read scans with the help of machines."


class VersionListQuerySchema(Schema):
    """Query of GET /content/:id/versions."""

    page = whole(1, MAX_PAGE, 1)
    limit = whole(1, MAX_LIMIT, 20)


class VersionUsageSchema(Schema):
    """The tokens used by the model calls that produced a text."""

    calls = fields.Integer(**shown(1))
    input_tokens = fields.Integer(data_key="inputTokens", **shown(420))
    output_tokens = fields.Integer(data_key="outputTokens", **shown(910))
    thinking_tokens = fields.Integer(data_key="thinkingTokens", **shown(0))
    cost = fields.Nested(
        CostSchema,
        required=True,
        allow_none=True,
        metadata={"description": "null if a price is not known or there was no call"},
    )


class VersionSchema(Schema):
    """A version of a content's text in a list."""

    number = fields.Integer(**shown(2))
    source = one_of(SOURCES, required=True)
    title = fields.String(**shown("Benefits of AI in Healthcare"))
    words = fields.Integer(**shown(11))
    excerpt = fields.String(**shown(_TEXT))
    model = fields.String(allow_none=True, **shown("gemini-3.5-flash-lite", description="null if no model wrote it"))
    usage = fields.Nested(VersionUsageSchema, required=True)
    checks = fields.List(FindingItem(), required=True)
    job_id = fields.String(allow_none=True, data_key="jobId", **shown("507f1f77bcf86cd799439012"))
    created_at = Moment(required=True, data_key="createdAt", metadata=MOMENT)


class AskedSchema(Schema):
    """The request that the model was given."""

    title = fields.String(**shown("Benefits of AI in Healthcare"))
    prompt = fields.String(**shown("Write about diagnostics and patient care"))
    brief = BriefField()
    instruction = fields.String(
        metadata={"example": "shorten", "description": "if the generation or rewrite was requested with one"}
    )


class WholeVersionSchema(VersionSchema):
    """A version with its text. `asked` is null if no model wrote it."""

    text = fields.String(**shown(_TEXT))
    asked = fields.Nested(AskedSchema, allow_none=True, required=True)


class VersionPageSchema(Schema):
    versions = fields.List(fields.Nested(VersionSchema), required=True)
    pagination = fields.Nested(PaginationSchema, required=True)


class ChangeSchema(Schema):
    op = one_of(OPS, required=True)
    text = fields.String(**shown("Hospitals "))


class ChangeItem(fields.Nested):
    """A piece of a comparison, serialised directly, because marshmallow is too slow for thousands of them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(ChangeSchema, **kwargs)

    def _serialize(self, nested_obj: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:  # type: ignore[override]  # Nested's own name
        return {"op": nested_obj.op, "text": nested_obj.text}


class DiffSchema(Schema):
    """The changes between two versions."""

    changes = fields.List(ChangeItem(), required=True)
