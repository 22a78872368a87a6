"""What is stored of a batch: all its rows in one document, so that accepting it is one write."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bson import ObjectId
from mongoengine import (
    BooleanField,
    DateTimeField,
    DictField,
    Document,
    IntField,
    ListField,
    ObjectIdField,
    StringField,
)

from app.clock import utcnow
from app.database import collection_of

RUNNING, PAUSED, CANCELLED = "running", "paused", "cancelled"
STATES = (RUNNING, PAUSED, CANCELLED)


class Batch(Document):
    """Rows {id, values}: the id of the content that a row becomes, and its variables or its request."""

    user_id: ObjectId = ObjectIdField(required=True)
    name: str = StringField(required=True)
    template_id: str | None = StringField()
    template: dict[str, Any] | None = DictField(default=None)  # as it was when the batch was accepted
    rows: list[dict[str, Any]] = ListField(DictField())
    state: str = StringField(default=RUNNING, choices=STATES)
    made: bool = BooleanField(default=False)  # every row has become a content
    unfinished: bool | None = BooleanField(default=True)
    place: int | None = IntField()  # which of its owner's places an unfinished batch takes
    retries: int | None = IntField()  # how often what failed was tried again
    told: dict[str, int] | None = DictField(default=None)  # the counts that its owner was told last
    request_id: str | None = StringField()
    created_at: datetime = DateTimeField(required=True, default=utcnow)
    finished_at: datetime | None = DateTimeField()

    meta = {  # noqa: RUF012  # MongoEngine reads this class attribute as it is
        "collection": "batches",
        "strict": False,
        "auto_create_index": False,
        "indexes": [
            # a person's batches, newest first
            {"name": "person", "fields": ["user_id", "-created_at"]},
            # what is to be made, told or ended; the rest is not in it
            {
                "name": "unfinished",
                "fields": ["unfinished", "user_id"],
                "partialFilterExpression": {"unfinished": True},
            },
            # no place is taken twice
            {
                "name": "place",
                "fields": ["user_id", "place"],
                "unique": True,
                "partialFilterExpression": {"place": {"$exists": True}},
            },
        ],
    }


def without_rows(conditions: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The batches that meet the conditions: instead of its rows, which may be megabytes, each has its `total`."""
    stages: list[dict[str, Any]] = [
        {"$match": conditions},
        {"$set": {"total": {"$size": "$rows"}}},
        {"$unset": ["rows", "template"]},
    ]
    return list(collection_of(Batch).aggregate(stages))
