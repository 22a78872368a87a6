"""Stored documents in responses.

Their values were validated when they were stored, so they are written as they are. marshmallow would look up the
accessor and the conversion of each value again, which took a twelfth of the time of `GET /content/:id`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from bson import ObjectId
from marshmallow import Schema, fields

from app.clock import iso


class StoredSchema(Schema):
    """The schema of a stored document in a response. In the envelope it is a StoredField."""


class StoredField(fields.Nested):
    """A stored document, with the names of the schema. Ids and times become strings; other values are not changed."""

    _conversions: Mapping[type, Callable[[Any], str]] = {ObjectId: str, datetime: iso}

    @cached_property
    def _members(self) -> tuple[tuple[str, str], ...]:
        """The name in the response and the stored name of each field."""
        return tuple((field.data_key or name, name) for name, field in self.schema.dump_fields.items())

    def _serialize(self, nested_obj: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:  # type: ignore[override]  # Nested's own name
        if nested_obj is None:
            return None
        answer = {key: nested_obj[name] for key, name in self._members if name in nested_obj}
        for key, member in answer.items():
            if convert := self._conversions.get(type(member)):
                answer[key] = convert(member)
        return answer
