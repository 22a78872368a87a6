"""The requests and answers of the version routes."""

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
    """The tokens that the calls to the model used to make a text."""

    calls = fields.Integer(**shown(1))
    input_tokens = fields.Integer(data_key="inputTokens", **shown(420))
    output_tokens = fields.Integer(data_key="outputTokens", **shown(910))
    thinking_tokens = fields.Integer(data_key="thinkingTokens", **shown(0))
    cost = fields.Nested(
        CostSchema, required=True, allow_none=True, metadata={"description": "null: a price is not known, or no call"}
    )


class VersionSchema(Schema):
    """A version of a content's text, as lists show it."""

    number = fields.Integer(**shown(2))
    source = one_of(SOURCES, required=True)
    title = fields.String(**shown("Benefits of AI in Healthcare"))
    words = fields.Integer(**shown(11))
    excerpt = fields.String(**shown(_TEXT))
    model = fields.String(allow_none=True, **shown("gemini-3.5-flash-lite", description="null: no model wrote it"))
    usage = fields.Nested(VersionUsageSchema, required=True)
    checks = fields.List(FindingItem(), required=True)
    job_id = fields.String(allow_none=True, data_key="jobId", **shown("507f1f77bcf86cd799439012"))
    created_at = Moment(required=True, data_key="createdAt", metadata=MOMENT)


class AskedSchema(Schema):
    """What the model was asked for."""

    title = fields.String(**shown("Benefits of AI in Healthcare"))
    prompt = fields.String(**shown("Write about diagnostics and patient care"))
    brief = BriefField()
    instruction = fields.String(
        metadata={"example": "shorten", "description": "only for a new run or a rewrite that was asked for with one"}
    )


class WholeVersionSchema(VersionSchema):
    """A version with its text. `asked` is null for a text that no model wrote."""

    text = fields.String(**shown(_TEXT))
    asked = fields.Nested(AskedSchema, allow_none=True, required=True)


class VersionPageSchema(Schema):
    versions = fields.List(fields.Nested(VersionSchema), required=True)
    pagination = fields.Nested(PaginationSchema, required=True)


class ChangeSchema(Schema):
    op = one_of(OPS, required=True)
    text = fields.String(**shown("Hospitals "))


class ChangeItem(fields.Nested):
    """A piece of a comparison. There may be thousands, for which marshmallow would take longer than the comparison."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(ChangeSchema, **kwargs)

    def _serialize(self, nested_obj: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:  # type: ignore[override]  # Nested's own name
        return {"op": nested_obj.op, "text": nested_obj.text}


class DiffSchema(Schema):
    """What changed between two versions."""

    changes = fields.List(ChangeItem(), required=True)
