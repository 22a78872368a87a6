"""The previous runs of contents, so that their job ids remain valid.

A row is written before a new run replaces the old one. If the new run is not started after all, the row is harmless,
because job ids are looked up among the current runs first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from bson import ObjectId
from mongoengine import DateTimeField, DictField, Document, IntField, ObjectIdField, StringField

from app.content.document import GENERATION_STATUSES
from app.database import collection_of


class PastRun(Document):
    """A finished run that was replaced. Its `_id` is its job id."""

    id: str = StringField(primary_key=True)
    content_id: ObjectId = ObjectIdField(required=True)
    user_id: ObjectId = ObjectIdField(required=True)
    generation_status: str = StringField(required=True, choices=GENERATION_STATUSES)
    failure_reason: str | None = StringField()
    failure_code: str | None = StringField()
    asked: dict[str, Any] | None = DictField(default=None)
    attempt: int = IntField(default=0)
    started_at: datetime | None = DateTimeField()
    finished_at: datetime | None = DateTimeField()

    _TAKEN_OVER: ClassVar = (
        "user_id", "generation_status", "failure_reason", "failure_code", "asked", "attempt", "started_at",
        "finished_at",
    )  # fmt: skip

    meta = {  # noqa: RUF012  # MongoEngine reads this class attribute as it is
        "collection": "run_history",
        "strict": False,
        "auto_create_index": False,
        "indexes": [
            # the rows of a content, which are deleted with it
            {"fields": ["content_id"]},
        ],
    }

    @classmethod
    def keep(cls, content: Mapping[str, Any]) -> None:
        """Records the content's current run before another one replaces it. Does nothing if it has none."""
        if job_id := content.get("job_id"):
            row = {name: content[name] for name in cls._TAKEN_OVER if content.get(name) is not None}
            collection_of(cls).replace_one({"_id": job_id}, row | {"content_id": content["_id"]}, upsert=True)

    @classmethod
    def find_own(cls, user_id: str, job_id: str) -> dict[str, Any] | None:
        """Returns this user's past run, or None."""
        found: dict[str, Any] | None = collection_of(cls).find_one({"_id": job_id, "user_id": ObjectId(user_id)})
        return found

    @classmethod
    def was_cancelled(cls, job_id: str) -> bool:
        return collection_of(cls).find_one({"_id": job_id, "generation_status": "cancelled"}) is not None

    @classmethod
    def erase(cls, content_ids: Iterable[Any]) -> None:
        """Deletes the past runs of permanently deleted contents."""
        collection_of(cls).delete_many({"content_id": {"$in": list(content_ids)}})
