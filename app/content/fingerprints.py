"""Stores the fingerprints of each content's text, and finds other texts of the same user that share some.

A row is written just before its text. Rows whose text was not stored after all, or whose content is in the trash, are
ignored.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from bson import ObjectId
from mongoengine import Document, ListField, LongField, ObjectIdField

from app.checks.finding import Finding
from app.checks.fingerprints import FEWEST_SHARED, fingerprints_of, shared_passages
from app.checks.subject import Subject
from app.content.document import Content
from app.database import collection_of

_MOST_LIKE = 5
"""How many of the most similar contents are checked for existence."""
_MOST_COMPARED = 200
"""How many texts that share a fingerprint are compared. A user may have thousands that begin alike; comparing them all
would take MongoDB seconds for each new text."""


class Fingerprints(Document):
    """The fingerprints of a content's text. The id is the content's."""

    id: ObjectId = ObjectIdField(primary_key=True)
    user_id: ObjectId = ObjectIdField(required=True)
    hashes: list[int] = ListField(LongField())

    meta = {  # noqa: RUF012  # MongoEngine reads this class attribute as it is
        "collection": "fingerprints",
        "strict": False,
        "auto_create_index": False,
        "indexes": [
            # a user's texts that share a fingerprint; covers the query
            {"fields": ["user_id", "hashes"]},
        ],
    }


def compare(subject: Subject, user_id: Any, content_id: Any = None, *, remember: bool = False) -> Finding | None:
    """Returns the finding about passages shared with another text of this user, or None if there are none.

    With `remember`, stores the fingerprints as those of the content's text.
    """
    mine = fingerprints_of(subject)
    if remember:
        row = {"user_id": ObjectId(user_id), "hashes": list(mine)}
        _rows().replace_one({"_id": content_id}, row, upsert=True)
    for found in _like(ObjectId(user_id), content_id, mine) if len(mine) >= FEWEST_SHARED else ():
        there = {"_id": found["_id"], "user_id": ObjectId(user_id), "deleted": False}
        content = collection_of(Content).find_one(there, {"title": 1})
        if content is not None:
            return shared_passages(subject, mine, found["shared"], content["title"])
    return None


def erase(content_ids: Iterable[Any]) -> None:
    """Deletes the fingerprints of permanently deleted contents."""
    _rows().delete_many({"_id": {"$in": list(content_ids)}})


def _like(user_id: ObjectId, content_id: Any, mine: Collection[int]) -> list[dict[str, Any]]:
    """Returns the user's rows that share the most of these fingerprints, and the shared ones."""
    hashes = list(mine)
    stages = [
        {"$match": {"user_id": user_id, "hashes": {"$in": hashes}, "_id": {"$ne": content_id}}},
        {"$limit": _MOST_COMPARED},
        {"$project": {"shared": {"$setIntersection": ["$hashes", hashes]}}},
        {"$set": {"amount": {"$size": "$shared"}}},
        {"$match": {"amount": {"$gte": FEWEST_SHARED}}},
        {"$sort": {"amount": -1, "_id": 1}},
        {"$limit": _MOST_LIKE},
    ]
    return list(_rows().aggregate(stages))


def _rows() -> Any:
    return collection_of(Fingerprints)
