"""/api/usage: usage and its cost."""

from __future__ import annotations

from typing import Any

from flask import g
from marshmallow import Schema, ValidationError, fields

from app.http.blueprint import ApiBlueprint
from app.http.fields import shown
from app.http.scopes import READ
from app.services import service
from app.usage.report import DIMENSIONS, UsageReports
from app.usage.schemas import PeriodSchema, TotalsSchema, period

_BY = f"Must be one or more of {', '.join(DIMENSIONS)}, separated by commas."


class _Dimensions(fields.String):
    """Names of dimensions, separated by commas."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        names = dict.fromkeys(str(super()._deserialize(value, attr, data, **kwargs)).split(","))
        if not names.keys() <= set(DIMENSIONS):
            raise ValidationError(_BY)
        return list(names)


class UsageQuerySchema(PeriodSchema):
    """Query of GET /usage."""

    by = _Dimensions(
        load_default=("day",),
        metadata={"example": "day", "pattern": "^(day|model|type)(,(day|model|type)){0,2}$", "default": "day"},
    )


class UsageRowSchema(TotalsSchema):
    day = fields.String(metadata={"format": "date", "example": "2026-01-31"})
    model = fields.String(metadata={"example": "gemini-3.5-flash-lite"})
    type = fields.String(metadata={"example": "blog"})


class RoomSchema(Schema):
    limit = fields.Integer(**shown(500))
    used = fields.Integer(**shown(9))
    remaining = fields.Integer(**shown(491))


class LimitSchema(RoomSchema):
    resets_at = fields.String(data_key="resetsAt", **shown("2026-02-01T00:00:00.000Z"))


class LimitsSchema(Schema):
    """The enforced limits. null means no limit; `storedBytes` is left out instead."""

    daily_generations = fields.Nested(LimitSchema, data_key="dailyGenerations", required=True, allow_none=True)
    monthly_tokens = fields.Nested(LimitSchema, data_key="monthlyTokens", required=True, allow_none=True)
    stored_bytes = fields.Nested(RoomSchema, data_key="storedBytes")


class UsageSchema(Schema):
    totals = fields.Nested(TotalsSchema, required=True)
    rows = fields.List(fields.Nested(UsageRowSchema), required=True)
    limits = fields.Nested(LimitsSchema, required=True)


blueprint = ApiBlueprint(
    "usage", __name__, url_prefix="/api/usage", description="Usage and its cost", scopes={"GET": READ}
)
_TOKENS = {"limit": 1_000_000, "used": 14_000, "remaining": 986_000, "resetsAt": "2026-02-01T00:00:00.000Z"}
_BYTES = {"limit": 100_000_000, "used": 350_000, "remaining": 99_650_000}
_LIMITS = {"limits.monthlyTokens": _TOKENS, "limits.storedBytes": _BYTES}


@blueprint.route("", methods=["GET"])
@blueprint.arguments(UsageQuerySchema, location="query")
@blueprint.answers(200, UsageSchema, "Usage retrieved successfully", example=_LIMITS)
def usage(query: dict[str, Any]) -> dict[str, Any]:
    """Get the calls, generations, tokens and cost of a period.

    Days are in UTC, and only those with calls have rows; there are none if `from` is after `to`. A generation counts
    once, however many calls it took.
    """
    first, last = period(query["first"], query["last"])
    return service(UsageReports).report(g.user_id, first, last, query["by"])
