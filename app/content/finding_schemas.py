"""Schemas of the checks' findings and of POST /checks."""

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
    """A range of a text in Unicode code points, from `start` up to but not including `end`."""

    start = fields.Integer(**shown(29))
    end = fields.Integer(**shown(34))


class FindingSchema(Schema):
    """The result of one check. `value` is what the text has and `target` what the brief asks for, if applicable."""

    check = one_of(CHECKS, required=True, metadata={"example": "keyword"})
    passed = fields.Boolean(
        allow_none=True,
        required=True,
        metadata={"enum": [True, False, None], "description": "null if it cannot be determined"},
    )
    message = fields.String(**shown("“scans” occurs once."))
    value = fields.Raw(metadata={**_VALUE, "example": 1})
    target = fields.Raw(metadata={**_VALUE, "example": "scans"})
    spans = fields.List(
        fields.Nested(SpanSchema), required=True, metadata={"description": "the first 100", "maxItems": 100}
    )
    count = fields.Integer(**shown(1, description="the total number of places"))


class FindingItem(fields.Nested):
    """A finding, serialised as stored, because marshmallow would process each field of each span."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(FindingSchema, **kwargs)

    def _serialize(self, nested_obj: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:  # type: ignore[override]  # Nested's own name
        return nested_obj


def findings_field() -> fields.List[Any]:
    """The field `checks` of a content."""
    about = "The findings about the text, computed when it changed; null while there is no text."
    return fields.List(FindingItem(), allow_none=True, required=True, metadata={"description": about})


def words_field() -> fields.Integer:
    """The field `words` of a content."""
    about = "The number of words of the text without markup; null if not counted yet."
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
            "example": "Hospitals have begun to read scans with the help of machines.",
            "description": f"At most {LONGEST_CHECKED:,} characters, in a body of at most 1 MiB.",
        },
    )
    content_type = one_of(CONTENT_TYPES, required=True, data_key="contentType")
    brief = BriefField()


class ChecksSchema(Schema):
    """The findings about a text."""

    checks = fields.List(FindingItem(), required=True)
    words = fields.Integer(**shown(11))
