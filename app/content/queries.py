"""Contents as they are shown: plain dicts, read straight from MongoDB.

A document that is only read need not become a MongoEngine object first: that took more than half of the time of a
list request. Dates are aware, ids are ObjectIds, names are those of `Content`'s fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pymongo
from bson import ObjectId

from app.content.document import Content

Shown = dict[str, Any]

FIELDS = (
    "user_id", "title", "content_type", "prompt", "generated_text", "status", "job_id", "generation_status",
    "failure_reason", "failure_code", "due_at", "attempt", "max_attempts", "created_at", "updated_at",
)  # fmt: skip
"""What is read besides the id; a field that is not stored is shown as None."""
NEWEST_FIRST = (("created_at", pymongo.DESCENDING), ("_id", pymongo.DESCENDING))

_PROJECTION = dict.fromkeys(FIELDS, 1)
_ABSENT: Mapping[str, Any] = dict.fromkeys(FIELDS)


def find_own(user_id: str, **conditions: Any) -> Shown | None:
    """A person's content that meets the conditions and is not deleted."""
    found = _collection().find_one(_own(user_id, conditions), _PROJECTION)
    return None if found is None else _shown(found)


def page_of(user_id: str, skip: int, limit: int, **filters: Any) -> tuple[list[Shown], int]:
    """`limit` contents of a person after the newest `skip`, and how many there are in all."""
    own = _own(user_id, filters)
    collection = _collection()
    found = collection.find(own, _PROJECTION, sort=NEWEST_FIRST, skip=skip, limit=limit)
    return [_shown(each) for each in found], collection.count_documents(own)


def _collection() -> pymongo.collection.Collection[dict[str, Any]]:
    collection: pymongo.collection.Collection[dict[str, Any]] = Content._get_collection()  # noqa: SLF001  # its documented way to pymongo
    return collection


def _own(user_id: str, conditions: Mapping[str, Any]) -> dict[str, Any]:
    """The conditions, and whose it has to be: no condition can say otherwise."""
    return {**conditions, "user_id": ObjectId(user_id), "deleted": False}


def _shown(document: dict[str, Any]) -> Shown:
    return {**_ABSENT, **document, "id": document["_id"]}
