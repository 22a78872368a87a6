"""Schemas of usage periods, totals and costs."""

from __future__ import annotations

from datetime import date

from marshmallow import Schema, fields

from app.clock import utcnow
from app.http.fields import shown
from app.usage.prices import CURRENCY


class CostSchema(Schema):
    amount = fields.Float(required=True, metadata={"example": 0.0123, "minimum": 0})
    currency = fields.String(required=True, metadata={"enum": [CURRENCY]})


_DAY = {"format": "date", "example": "2026-01-31"}


class _Day(fields.Date):
    default_error_messages = {"invalid": "Must be a day such as 2026-01-31."}  # noqa: RUF012  # marshmallow's own name and type


class PeriodSchema(Schema):
    """The requested period."""

    first = _Day(load_default=None, data_key="from", metadata=_DAY | {"description": "the month's first day"})
    last = _Day(load_default=None, data_key="to", metadata=_DAY | {"description": "today, in UTC"})


def period(first: date | None, last: date | None) -> tuple[date, date]:
    """Returns the first and last day of a period. Defaults to the last day's month up to today."""
    last = last or utcnow().date()
    return first or last.replace(day=1), last


class TotalsSchema(Schema):
    """`cost` is null if the price of a model is not known (see AI_PRICES)."""

    calls = fields.Integer(**shown(12))
    generations = fields.Integer(**shown(9))
    input_tokens = fields.Integer(data_key="inputTokens", **shown(4200))
    output_tokens = fields.Integer(data_key="outputTokens", **shown(9800))
    thinking_tokens = fields.Integer(data_key="thinkingTokens", **shown(0))
    cost = fields.Nested(CostSchema, required=True, allow_none=True)
