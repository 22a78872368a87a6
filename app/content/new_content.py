"""Builds the MongoDB document of a new content, without an object of MongoEngine.

Such an object would take an eighth of the time of a whole generation request and repeat the validation of the request's
schema. Omitted fields get the defaults declared in `Content`.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from functools import cache
from typing import Any, Self

import bson
from bson import ObjectId

from app.clock import utcnow
from app.content.document import PENDING, Content, first_job_of
from app.content.folding import folded, tag_key
from app.database import collection_of


class NewContent:
    """A content that is not stored yet. `values` are fields of Content, validated by a request's schema."""

    def __init__(
        self, user_id: ObjectId | str, content_id: ObjectId | None = None, *, now: datetime | None = None, **values: Any
    ) -> None:
        self.id = content_id or ObjectId()
        self.user_id = ObjectId(user_id)
        self.accepted_by = uuid.uuid4().hex
        """Identifies the try that stores it."""
        now = now or utcnow()
        given = {name: value for name, value in values.items() if value is not None}
        made = {"accepted_by": self.accepted_by, "tag_keys": [tag_key(tag) for tag in values.get("tags") or ()]}
        ids = {"_id": self.id, "user_id": self.user_id}
        times = {"created_at": now, "updated_at": now}
        self.document: dict[str, Any] = ids | bson.decode(_defaults()) | times | given | folded(values) | made
        """What `insert` stores."""

    @classmethod
    def request(
        cls, user_id: ObjectId | str, content_id: ObjectId | None = None, *, due_at: datetime | None, **values: Any
    ) -> Self:
        """Returns a request for a text: pending, due at `due_at`, with its job id. Without `due_at`, it is held."""
        content_id = content_id or ObjectId()
        pending: dict[str, Any] = {
            "job_id": first_job_of(content_id),
            "asked": {name: values[name] for name in ("title", "prompt", "brief") if values.get(name)},
            "generation_status": PENDING,
            "due_at": due_at,
            "wake_at": due_at,
            "queue_owner": ObjectId(user_id),
        }
        return cls(user_id, content_id, **pending | values)

    @property
    def job_id(self) -> str:
        """The job id. Only requests have one."""
        return str(self.document["job_id"])

    def insert(self) -> None:
        """Stores it. Raises DuplicateKeyError if another try of the same request has."""
        collection_of(Content).insert_one(self.document)

    def take_back(self) -> None:
        """Deletes what `insert` stored, unless a retry of the same request was answered with it."""
        collection_of(Content).delete_one({"_id": self.id, "accepted_by": self.accepted_by})


@cache
def _defaults() -> bytes:
    """Returns what MongoEngine stores of a content without any values, in BSON, from which a copy is made quickly."""
    default: dict[str, Any] = Content().to_mongo().to_dict()
    for name in ("created_at", "updated_at"):
        del default[name]
    return bson.encode(default)
