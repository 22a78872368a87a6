"""The findings of the checks as answers show them, and the body of POST /checks."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields

from app.content.brief import BriefField
from app.content.document import CONTENT_TYPES
from app.http.fields import one_of, shown
from app.typed_text import UnusableText, refuse_long_runs_of_marks

LONGEST_CHECKED = 200_000
CHECKS = (
    "length", "keyword", "avoid", "language", "structure", "readability", "repetition", "cliches", "to-verify",
    "placeholders", "task-talk",
)  # fmt: skip
_VALUE = {"type": ["number", "string"]}


class SpanSchema(Schema):
    """A place in a text, in Unicode code points, from `start` up to but not including `end`."""

    start = fields.Integer(**shown(18))
    end = fields.Integer(**shown(24))


class FindingSchema(Schema):
    """What one check found. `value` is what the text has and `target` what the brief asks for, if there are any."""

    check = one_of(CHECKS, required=True)
    passed = fields.Boolean(
        allow_none=True, required=True, metadata={"enum": [True, False, None], "description": "null: it cannot be said"}
    )
    message = fields.String(**shown("“triage” occurs twice."))
    value = fields.Raw(metadata={**_VALUE, "example": 2})
    target = fields.Raw(metadata={**_VALUE, "example": "triage"})
    spans = fields.List(
        fields.Nested(SpanSchema), required=True, metadata={"description": "the first hundred", "maxItems": 100}
    )
    count = fields.Integer(**shown(2, description="how many places there are in all"))


class FindingItem(fields.Nested):
    """A finding, shown exactly as it is stored. marshmallow would process each field of each span."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(FindingSchema, **kwargs)

    def _serialize(self, nested_obj: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:  # type: ignore[override]  # Nested's own name
        return nested_obj


def findings_field() -> fields.List[Any]:
    """The findings about a text, or null while there is no text."""
    about = "What the checks say of the text, measured when it changed; null while there is no text."
    return fields.List(FindingItem(), allow_none=True, required=True, metadata={"description": about})


def words_field() -> fields.Integer:
    """How many words a reader sees."""
    about = "Words of the text as a reader sees it; null where they were not counted yet."
    return fields.Integer(allow_none=True, required=True, metadata={"examples": [11], "description": about})


def _check_text(text: str) -> None:
    if len(text) > LONGEST_CHECKED:
        raise ValidationError(f"Must be at most {LONGEST_CHECKED:,} characters.")
    try:
        refuse_long_runs_of_marks(text)
    except UnusableText as error:
        raise ValidationError(str(error)) from None


class ChecksRequestSchema(Schema):
    """Body of POST /checks."""

    text = fields.String(
        required=True,
        validate=_check_text,
        metadata={
            "example": "Nurses sort patients; triage is what they call it.",
            "description": f"At most {LONGEST_CHECKED:,} characters, in a body of at most 1 MiB.",
        },
    )
    content_type = one_of(CONTENT_TYPES, required=True, data_key="contentType")
    brief = BriefField()


class ChecksSchema(Schema):
    """The findings about a text that is not stored."""

    checks = fields.List(FindingItem(), required=True)
    words = fields.Integer(**shown(9))
