"""The stored form of a user's templates."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bson import ObjectId
from mongoengine import DateTimeField, DictField, Document, IntField, ObjectIdField, StringField

from app.clock import utcnow
from app.content.document import CONTENT_TYPES
from app.places import place_index


class Template(Document):
    """A generation request with variables."""

    user_id: ObjectId = ObjectIdField(required=True)
    name: str = StringField(required=True)
    content_type: str = StringField(required=True, choices=CONTENT_TYPES)
    title: str = StringField(required=True)
    prompt: str = StringField(required=True)
    brief: dict[str, Any] | None = DictField(default=None)
    created_at: datetime = DateTimeField(required=True, default=utcnow)
    updated_at: datetime = DateTimeField(required=True, default=utcnow)
    place: int | None = IntField()  # see app.places

    meta = {  # noqa: RUF012  # MongoEngine reads this class attribute as it is
        "collection": "templates",
        "strict": False,
        "auto_create_index": False,
        "indexes": [
            # a user's templates by name
            {"name": "person", "fields": ["user_id", "name"]},
            # no place is taken twice
            place_index(),
        ],
    }
