"""Request and response schemas of the rewrite routes."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import Schema, ValidationError, fields, validates_schema

from app.checks.brief import LONGEST_TONE
from app.content.brief import LanguageField
from app.content.document import COMPLETED, FAILED, PENDING, PROCESSING
from app.http.envelope import MOMENT, Moment
from app.http.fields import VISIBLE_PATTERN, Text, WholeNumber, one_of, shown
from app.rewriting.prompts import ACTIONS, CUSTOM, TONE, TRANSLATE
from app.typed_text import has_visible_character

LONGEST_QUOTE = 20_000
LONGEST_INSTRUCTION = 1_000
LAST_OFFSET = 10_000_000
NEEDED = {TONE: "tone", TRANSLATE: "language", CUSTOM: "instruction"}
_QUOTE = "Hospitals have begun to read scans with the help of machines."


def _check_quote(quote: str) -> None:
    if len(quote) > LONGEST_QUOTE:
        raise ValidationError(f"Must be at most {LONGEST_QUOTE:,} characters.")
    if not has_visible_character(quote):
        raise ValidationError("Must contain at least one visible character.")


class RewriteRequestSchema(Schema):
    """Body of POST /content/:id/rewrites."""

    json_schema: ClassVar = {
        "anyOf": [
            {"properties": {"action": {"enum": [each for each in ACTIONS if each not in NEEDED]}}},
            *({"properties": {"action": {"const": action}}, "required": [name]} for action, name in NEEDED.items()),
        ]
    }

    start = WholeNumber(0, LAST_OFFSET, required=True, metadata={"example": 0, "description": "in Unicode code points"})
    end = WholeNumber(1, LAST_OFFSET, required=True, metadata={"example": len(_QUOTE)})
    quote = fields.String(
        required=True,
        validate=_check_quote,
        metadata={
            "example": _QUOTE,
            "minLength": 1,
            "maxLength": LONGEST_QUOTE,
            "pattern": VISIBLE_PATTERN,
            "description": "The text between `start` and `end`.",
        },
    )
    action = one_of(ACTIONS, required=True)
    tone = Text(LONGEST_TONE, metadata={"example": "calm, concrete"})
    language = LanguageField(metadata={"example": "de"})
    instruction = Text(LONGEST_INSTRUCTION, metadata={"example": "Name a hospital as an example."})

    @validates_schema
    def _check_needed(self, data: dict[str, Any], **_: Any) -> None:
        needed = NEEDED.get(data["action"])
        if needed and not data.get(needed):
            raise ValidationError(f"Required when the action is {data['action']}.", needed)


class AcceptSchema(Schema):
    """Body of POST /content/:id/rewrites/:id/accept. Optional."""

    body_may_be_absent = True

    start = WholeNumber(
        0,
        LAST_OFFSET,
        metadata={
            "example": 0,
            "description": "current start of the passage in Unicode code points, if it has moved since the request",
        },
    )


class RewriteSchema(Schema):
    """A rewrite of a passage."""

    id = fields.String(attribute="_id", **shown("507f1f77bcf86cd799439013"))
    status = fields.String(
        attribute="generation_status", **shown(COMPLETED, enum=[PENDING, PROCESSING, COMPLETED, FAILED])
    )
    start = fields.Integer(**shown(0))
    end = fields.Integer(**shown(len(_QUOTE)))
    quote = fields.String(**shown(_QUOTE))
    action = fields.Function(lambda rewrite: rewrite["asked"]["action"], required=True, metadata={"enum": ACTIONS})
    replacement = fields.Function(
        lambda rewrite: rewrite.get("generated_text") or None,
        required=True,
        metadata={
            "type": ["string", "null"],
            "examples": ["Hospitals now read scans with machines."],
            "description": "the text that replaces the quote when accepted; null until the rewrite is completed",
        },
    )
    failure_reason = fields.String(
        data_key="failureReason", allow_none=True, dump_default=None, metadata={"examples": [None]}
    )
    accepted = fields.Function(
        lambda rewrite: rewrite.get("accepted_at") is not None,
        required=True,
        metadata={"type": "boolean", "enum": [False, True]},
    )
    created_at = Moment(required=True, data_key="createdAt", metadata=MOMENT)
