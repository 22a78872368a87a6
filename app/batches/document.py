"""The Batch document. It holds all rows, so that accepting a batch is one write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from app.errors import NotFound
from app.places import place_index

RUNNING, PAUSED, CANCELLED = "running", "paused", "cancelled"
STATES = (RUNNING, PAUSED, CANCELLED)


class Batch(Document):
    """A batch. Rows are {id, values}: the id of the content to create, and its template variables or its request."""

    user_id: ObjectId = ObjectIdField(required=True)
    name: str = StringField(required=True)
    template_id: str | None = StringField()
    template: dict[str, Any] | None = DictField(default=None)  # a snapshot from when the batch was accepted
    rows: list[dict[str, Any]] = ListField(DictField())
    rows_bytes: int | None = IntField()  # their size
    state: str = StringField(default=RUNNING, choices=STATES)
    made: bool = BooleanField(default=False)  # a content was created for every row
    made_rows: int | None = IntField()  # for how many: rows before this one without a content were deleted
    begun_rows: int | None = IntField()  # the end of the newest chunk of rows whose contents a worker began to create
    unfinished: bool | None = BooleanField(default=True)
    place: int | None = IntField()  # the one of its owner's places that an unfinished batch takes
    retries: int | None = IntField()  # how often failed rows were retried
    told: dict[str, int] | None = DictField(default=None)  # the counts in the last progress event
    request_id: str | None = StringField()
    created_at: datetime = DateTimeField(required=True, default=utcnow)
    finished_at: datetime | None = DateTimeField()

    meta = {  # noqa: RUF012  # MongoEngine reads this class attribute as it is
        "collection": "batches",
        "strict": False,
        "auto_create_index": False,
        "indexes": [
            # a user's batches, newest first
            {"name": "person", "fields": ["user_id", "-created_at"]},
            # unfinished batches; partial
            {
                "name": "unfinished",
                "fields": ["unfinished", "user_id"],
                "partialFilterExpression": {"unfinished": True},
            },
            # no place is taken twice
            place_index(),
        ],
    }


def without_rows(conditions: Mapping[str, Any], *which: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Returns the batches that match. Each has `total` instead of `rows`, which may be megabytes.

    `which` are stages that sort and limit them.
    """
    stages: list[Mapping[str, Any]] = [
        {"$match": conditions},
        *which,
        {"$set": {"total": {"$size": "$rows"}}},
        {"$unset": ["rows", "template"]},
    ]
    return list(collection_of(Batch).aggregate(stages))


def rows_at(batch_id: Any, places: Sequence[int]) -> list[dict[str, Any]]:
    """Returns the rows of a batch at these indexes. Raises NotFound if it was deleted meanwhile."""
    rows = {"$map": {"input": list(places), "in": {"$arrayElemAt": ["$rows", "$$this"]}}}
    for found in collection_of(Batch).aggregate([{"$match": {"_id": batch_id}}, {"$project": {"rows": rows}}]):
        return list(found["rows"])
    raise NotFound("Batch not found")


def row_ids(batch_id: Any) -> list[Any]:
    """Returns the content ids of all rows of a batch, in order."""
    found = collection_of(Batch).find_one({"_id": batch_id}, {"rows.id": 1}) or {"rows": []}
    return [row["id"] for row in found["rows"]]
