"""The envelope around every JSON response, and its schemas."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
from flask.json.provider import JSONProvider
from marshmallow import Schema, fields

from app.clock import iso
from app.http.stored import StoredField, StoredSchema


class OrjsonProvider(JSONProvider):
    """Flask's JSON provider based on orjson, which is faster, and strict about NaN and lone surrogates."""

    def dumps(self, obj: Any, **_: Any) -> str:
        return orjson.dumps(obj).decode()

    def loads(self, s: str | bytes, **_: Any) -> Any:
        return orjson.loads(s)

    def response(self, *args: Any, **kwargs: Any) -> Any:
        """As documented for `jsonify`: one value as is, several as a list, keyword arguments as an object."""
        value = kwargs or (args[0] if len(args) == 1 else args or None)
        return self._app.response_class(orjson.dumps(value), mimetype="application/json")  # type: ignore[arg-type]  # bytes are fine


MOMENT = {"type": "string", "format": "date-time", "example": "2026-01-31T08:15:00.250Z"}
"""The JSON schema of a Moment."""


class Moment(fields.Field[datetime]):
    """A time, serialised as ISO 8601 in UTC with `Z`."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return iso(value) if isinstance(value, datetime) else None


class FieldErrorSchema(Schema):
    field = fields.String(required=True, metadata={"example": "email"})
    message = fields.String(required=True, metadata={"example": "Not a valid email address."})


class ErrorSchema(Schema):
    """The envelope of every error."""

    success = fields.Boolean(required=True, metadata={"example": False})
    message = fields.String(required=True, metadata={"example": "Validation failed"})
    statusCode = fields.Integer(required=True, metadata={"example": 422})
    code = fields.String(required=True, metadata={"example": "validation_failed"})
    errors = fields.List(fields.Nested(FieldErrorSchema))
    currentRevision = fields.Integer(metadata={"example": 4, "description": "only with `revision_mismatch`"})
    requestId = fields.String(required=True, metadata={"example": "0f8fad5bd9cb469fa16570867728950e"})


class SuccessSchema(Schema):
    """The envelope of every success. Only its data need to be serialized, because the other members are our own."""

    def dump(self, obj: Any, *, many: bool | None = None) -> Any:
        return {**obj, "data": self.dump_fields["data"].serialize("data", obj)}


@lru_cache
def success_schema(data: type[Schema] | None) -> type[Schema]:
    """Returns the envelope schema for `data` of the given schema."""
    nested = StoredField if data and issubclass(data, StoredSchema) else fields.Nested
    inner: fields.Field[Any] = nested(data, required=True) if data else fields.Raw(metadata={"type": "null"})
    members = {
        "success": fields.Boolean(required=True, metadata={"example": True}),
        "message": fields.String(required=True, metadata={"example": "Content retrieved successfully"}),
        "data": inner,
        "statusCode": fields.Integer(required=True, metadata={"example": 200}),
    }
    name = f"{data.__name__.removesuffix('Schema')}EnvelopeSchema" if data else "EmptyEnvelopeSchema"
    return SuccessSchema.from_dict(members, name=name)  # type: ignore[arg-type]  # fields are what from_dict takes
