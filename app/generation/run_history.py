"""The runs that a content had before its present one, so that their job ids can still be answered.

A row is written before the new run replaces the old one. If the new run is not begun after all, the row does no harm,
because a job id is looked up among the present runs first.
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
    """One run that has ended. Its `_id` is its job id."""

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
        """Records the content's present run before another one replaces it. A piece written by hand has none."""
        if job_id := content.get("job_id"):
            row = {name: content[name] for name in cls._TAKEN_OVER if content.get(name) is not None}
            collection_of(cls).replace_one({"_id": job_id}, row | {"content_id": content["_id"]}, upsert=True)

    @classmethod
    def find_own(cls, user_id: str, job_id: str) -> dict[str, Any] | None:
        """A person's past run."""
        found: dict[str, Any] | None = collection_of(cls).find_one({"_id": job_id, "user_id": ObjectId(user_id)})
        return found

    @classmethod
    def was_cancelled(cls, job_id: str) -> bool:
        return collection_of(cls).find_one({"_id": job_id, "generation_status": "cancelled"}) is not None

    @classmethod
    def erase(cls, content_ids: Iterable[Any]) -> None:
        """Deletes the past runs of contents that are deleted for good."""
        collection_of(cls).delete_many({"content_id": {"$in": list(content_ids)}})
