"""A rewrite of a passage: what was asked, and a run with the same fields as that of a content.

`generated_text` is the replacement. `text` is the working text at the moment of the request: the passage in it is
what the model is shown, and `start`, `end` and `quote` say where it has to stand when the replacement is accepted.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from bson import ObjectId
from mongoengine import (
    BooleanField,
    DateTimeField,
    DictField,
    IntField,
    ObjectIdField,
    StringField,
)

from app.clock import utcnow
from app.content.document import PENDING, UNFINISHED
from app.content.run import Run
from app.rewriting.splice import Passage

KEPT_SECONDS = 30 * 24 * 3600


class Rewrite(Run):
    """One rewrite. Its id is what the job in Redis names, `job_id` what rows of usage name."""

    user_id: ObjectId = ObjectIdField(required=True)
    content_id: ObjectId = ObjectIdField(required=True)
    content_type: str = StringField(required=True)
    text: str = StringField(required=True)
    start: int = IntField(required=True)
    end: int = IntField(required=True)
    quote: str = StringField(required=True)
    asked: dict[str, Any] = DictField(required=True)  # action, and tone, language, instruction as they were given
    created_at: datetime = DateTimeField(required=True, default=utcnow)
    updated_at: datetime = DateTimeField(required=True, default=utcnow)
    deleted: bool = BooleanField(required=True, default=False)
    accepted_at: datetime | None = DateTimeField()

    job_id: str = StringField(required=True)
    generation_status: str = StringField(required=True)
    generated_text: str = StringField(default="")
    due_at: datetime = DateTimeField(required=True)
    max_attempts: int = IntField(required=True)
    revision: int | None = IntField()

    meta = {  # noqa: RUF012  # MongoEngine reads this class attribute as it is
        "collection": "rewrites",
        "strict": False,
        "auto_create_index": False,
        "indexes": [
            # kept for a month: by then it was accepted, or is forgotten
            {"name": "kept", "fields": ["created_at"], "expireAfterSeconds": KEPT_SECONDS},
            # erased with the content
            {"name": "content", "fields": ["content_id"]},
            # how many of a person are unfinished; only those are in it
            {"name": "unfinished", "fields": ["user_id"], "partialFilterExpression": {"wake_at": {"$exists": True}}},
            # the sweep, as that of contents
            {"name": "wake", "fields": ["wake_at", "id"], "partialFilterExpression": {"wake_at": {"$exists": True}}},
            # which leases are held; only what is being attempted is in it
            {"name": "lease", "fields": ["lease_owner"], "sparse": True},
            # the relay, as that of contents
            {"name": "outbox", "fields": ["outbox_at"], "partialFilterExpression": {"outbox_at": {"$exists": True}}},
        ],
    }

    @classmethod
    def request(cls, passage: Passage, **values: Any) -> Self:
        """A rewrite of the passage, due now; not stored yet. `values` name its id, its owner, and what is asked."""
        now = utcnow()
        place = {"text": passage.text, "start": passage.start, "end": passage.end, "quote": passage.quote}
        run = {"job_id": str(ObjectId()), "generation_status": PENDING, "due_at": now, "wake_at": now}
        return cls(**place, **run, created_at=now, updated_at=now, **values)

    @classmethod
    def count_unfinished(cls, user_id: str) -> int:
        """How many of a person's rewrites wait or run."""
        return int(cls.objects(user_id=user_id, wake_at__exists=True, generation_status__in=UNFINISHED).count())
