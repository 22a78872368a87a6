"""The request schemas of the generation routes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from app.clock import utcnow
from app.content.brief import BriefField
from app.content.document import CONTENT_TYPES
from app.content.schemas import MAX_PROMPT, MAX_TITLE, PieceSchema
from app.http.fields import VISIBLE_PATTERN, Flag, Text, one_of
from app.http.timestamps import TIMESTAMP_FORMAT, parse_timestamp

MAX_INSTRUCTION = 2_000
MAX_VARIABLE_NAME = 100
MOST_VARIABLES = 3_000
"""More than a template can have."""
_TOO_LONG = f"Must be at most {MAX_PROMPT:,} characters."
EARLIEST = timedelta(seconds=60)
LATEST = timedelta(days=30)
NOW = "now"
_INVALID_RUN_AT = f'Must be "{NOW}", or {TIMESTAMP_FORMAT}.'


class RunAt(fields.Field[datetime]):
    """When a generation should start. A time up to a minute in the past means now."""

    def __init__(self, **kwargs: Any) -> None:
        described = {
            "type": "string",
            "anyOf": [{"const": NOW}, {"format": "date-time"}],
            "examples": [NOW],
            "description": f'"{NOW}", or an ISO 8601 time with its offset, such as '
            f"2026-01-31T09:15:00+01:00: at most {LATEST.days} days ahead.",
        }
        super().__init__(metadata=described, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        now = utcnow()
        if value == NOW:
            return now
        when = parse_timestamp(value, _INVALID_RUN_AT)
        if when < now - EARLIEST:
            raise ValidationError(f'Must not be in the past; send "{NOW}" to start at once.')
        if when > now + LATEST:
            raise ValidationError(f"Must be within the next {LATEST.days} days.")
        return max(when, now)


class Variables(fields.Dict):
    """Values by variable. They are counted before any is parsed."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[Any, Any]:
        if isinstance(value, dict) and len(value) > MOST_VARIABLES:
            raise ValidationError(f"Must have at most {MOST_VARIABLES:,} values.")
        values: dict[Any, Any] = super()._deserialize(value, attr, data, **kwargs)  # type: ignore[no-untyped-call]  # marshmallow does not type it
        return values


class OwnRequestSchema(PieceSchema):
    """Body of POST /content/generate."""

    run_at = RunAt(data_key="runAt")
    auto_title = Flag(
        data_key="autoTitle",
        metadata={
            "example": True,
            "description": "The title is provisional: the first heading of the text replaces it.",
        },
    )


class GenerateSchema(OwnRequestSchema):
    """Body of POST /content/generate: a title, content type and prompt, or a template with values for its variables."""

    json_schema: ClassVar = {
        "anyOf": [
            {"required": ["title", "contentType", "prompt"], "properties": {"templateId": False, "variables": False}},
            {
                "required": ["templateId"],
                "properties": {
                    "title": False,
                    "contentType": False,
                    "prompt": False,
                    "variables": {"propertyNames": {"maxLength": MAX_VARIABLE_NAME, "pattern": VISIBLE_PATTERN}},
                },
            },
        ]
    }

    title = Text(MAX_TITLE, metadata={"example": "Benefits of AI in Healthcare"})
    content_type = one_of(CONTENT_TYPES, data_key="contentType")
    prompt = Text(MAX_PROMPT, metadata={"example": "Write about diagnostics and patient care"})
    template_id = fields.String(
        data_key="templateId",
        metadata={"example": "507f1f77bcf86cd799439014", "description": "Instead of title, contentType and prompt."},
    )
    variables = Variables(
        keys=Text(MAX_VARIABLE_NAME),
        values=fields.String(validate=validate.Length(max=MAX_PROMPT, error=_TOO_LONG)),
        metadata={"examples": [{"product_name": "Apron", "features": "linen"}], "maxProperties": MOST_VARIABLES},
    )

    @validates_schema
    def check_either(self, data: dict[str, Any], **_: Any) -> None:
        """Raises ValidationError for each field that is missing or cannot be combined with a template."""
        own = {"title": "title", "content_type": "contentType", "prompt": "prompt"}
        if "template_id" in data:
            wrong = {shown: ["Not together with templateId."] for name, shown in own.items() if name in data}
        else:
            wrong = {shown: ["Missing data for required field."] for name, shown in own.items() if name not in data}
            wrong |= {"variables": ["Only together with templateId."]} if "variables" in data else {}
        if wrong:
            raise ValidationError(wrong)


class AgainSchema(Schema):
    """Body of POST /content/:id/generate. Omitted fields keep their values."""

    title = Text(MAX_TITLE, metadata={"example": "Benefits of AI in Healthcare"})
    prompt = Text(MAX_PROMPT, metadata={"example": "Write about diagnostics and patient care"})
    brief = BriefField()
    instruction = Text(
        MAX_INSTRUCTION,
        metadata={"example": "Give more examples", "description": "What to change from the previous text."},
    )
    run_at = RunAt(data_key="runAt")

    body_may_be_absent = True
