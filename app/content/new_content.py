"""A content that is about to be stored, as MongoDB stores it.

An object of MongoEngine would take an eighth of the time of a whole request for a text, and check once more what a
schema has checked. Its declaration stays the only one: what is not given is what it has as default.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from functools import cache
from typing import Any, Self

from bson import ObjectId

from app.clock import utcnow
from app.content.document import PENDING, Content, first_job_of
from app.content.folding import fold, folded
from app.database import collection_of


class NewContent:
    """`document` is what `insert` stores. The `values` are those of Content's fields, checked by a request's schema."""

    def __init__(self, user_id: ObjectId | str, content_id: ObjectId | None = None, **values: Any) -> None:
        now = utcnow()
        given = {name: value for name, value in values.items() if value is not None}
        made = {"accepted_by": uuid.uuid4().hex, "tag_keys": [fold(tag) for tag in values.get("tags") or ()]}
        ids = {"_id": content_id or ObjectId(), "user_id": ObjectId(user_id)}
        times = {"created_at": now, "updated_at": now}
        self.document: dict[str, Any] = ids | _defaults() | times | {"tags": []} | given | folded(values) | made

    @classmethod
    def request(
        cls, user_id: ObjectId | str, content_id: ObjectId | None = None, *, due_at: datetime, **values: Any
    ) -> Self:
        """A request for a text, pending until `due_at`; its job id is given already, too."""
        content_id = content_id or ObjectId()
        pending = {
            "job_id": first_job_of(content_id),
            "asked": {name: values[name] for name in ("title", "prompt", "brief") if values.get(name)},
            "generation_status": PENDING,
            "due_at": due_at,
            "wake_at": due_at,
        }
        return cls(user_id, content_id, **pending | values)

    @property
    def id(self) -> ObjectId:
        return ObjectId(self.document["_id"])

    @property
    def user_id(self) -> ObjectId:
        return ObjectId(self.document["user_id"])

    @property
    def job_id(self) -> str:
        """That of a request."""
        return str(self.document["job_id"])

    @property
    def accepted_by(self) -> str:
        """Which try of the request stores it."""
        return str(self.document["accepted_by"])

    def insert(self) -> None:
        """Stores it. Raises DuplicateKeyError if another try of the same request has."""
        collection_of(Content).insert_one(self.document)

    def take_back(self) -> None:
        """Deletes what this object's `insert` has stored, unless a retry of the same request was answered with it."""
        collection_of(Content).delete_one({"_id": self.id, "accepted_by": self.accepted_by})


@cache
def _defaults() -> dict[str, Any]:
    """What MongoEngine stores of a content that is given nothing."""
    default: dict[str, Any] = Content().to_mongo().to_dict()
    for name in ("created_at", "updated_at"):
        del default[name]
    return default
