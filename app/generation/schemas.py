"""The requests of the generation routes, and the answers that only they give."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from marshmallow import Schema, ValidationError, fields

from app.clock import utcnow
from app.content.brief import BriefField
from app.content.schemas import MAX_PROMPT, MAX_TITLE, PieceSchema
from app.http.fields import Flag, Text
from app.http.moments import MOMENT_FORM, moment

MAX_INSTRUCTION = 2_000
EARLIEST = timedelta(seconds=60)
LATEST = timedelta(days=30)
NOW = "now"
_NOT_A_MOMENT = f'Must be "{NOW}", or {MOMENT_FORM}.'


class RunAt(fields.Field[datetime]):
    """When a generation should begin. A time that has just passed means now."""

    def __init__(self, **kwargs: Any) -> None:
        described = {
            "type": "string",
            "examples": [NOW, "2026-01-31T09:15:00+01:00"],
            "description": f'"{NOW}", or an ISO 8601 time with its offset: at most {LATEST.days} days ahead.',
        }
        super().__init__(metadata=described, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        now = utcnow()
        if value == NOW:
            return now
        when = moment(value, _NOT_A_MOMENT)
        if when < now - EARLIEST:
            raise ValidationError(f'Must not be in the past; send "{NOW}" to start at once.')
        if when > now + LATEST:
            raise ValidationError(f"Must be within the next {LATEST.days} days.")
        return max(when, now)


class GenerateSchema(PieceSchema):
    """Body of POST /content/generate."""

    run_at = RunAt(data_key="runAt")
    auto_title = Flag(
        data_key="autoTitle",
        metadata={
            "example": True,
            "description": "The title is provisional: the first heading of the text becomes it.",
        },
    )


class AgainSchema(Schema):
    """Body of POST /content/:id/generate. What is not given stays as it is."""

    title = Text(MAX_TITLE, metadata={"example": "Benefits of AI in Healthcare"})
    prompt = Text(MAX_PROMPT, metadata={"example": "Write about diagnostics and patient care"})
    brief = BriefField()
    instruction = Text(
        MAX_INSTRUCTION,
        metadata={"example": "Give more examples", "description": "What should be different from the text before."},
    )
    run_at = RunAt(data_key="runAt")

    body_may_be_absent = True
