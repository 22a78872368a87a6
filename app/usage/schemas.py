"""What answers say of a cost."""

from __future__ import annotations

from marshmallow import Schema, fields

from app.usage.prices import CURRENCY


class CostSchema(Schema):
    amount = fields.Float(required=True, metadata={"example": 0.0123, "minimum": 0})
    currency = fields.String(required=True, metadata={"enum": [CURRENCY]})
