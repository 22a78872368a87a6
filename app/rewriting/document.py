"""A rewrite of a passage: the request, and a run with the same fields as that of a content.

`generated_text` is the replacement. `text` is the full text at the time of the request, from which the prompt is
built. `start`, `end` and `quote` must still match the content when the replacement is accepted.
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
from app.content.document import PENDING
from app.content.run import Run
from app.places import insert_in_place, place_index
from app.rewriting.splice import Passage

KEPT_SECONDS = 30 * 24 * 3600


class Rewrite(Run):
    """One rewrite. Jobs in Redis refer to its id; usage rows refer to `job_id`."""

    user_id: ObjectId = ObjectIdField(required=True)
    content_id: ObjectId = ObjectIdField(required=True)
    content_type: str = StringField(required=True)
    text: str = StringField(required=True)
    start: int = IntField(required=True)
    end: int = IntField(required=True)
    quote: str = StringField(required=True)
    asked: dict[str, Any] = DictField(required=True)  # action, and tone, language, instruction if given
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
    place: int | None = IntField()  # see app.places

    meta = {  # noqa: RUF012  # MongoEngine reads this class attribute as it is
        "collection": "rewrites",
        "strict": False,
        "auto_create_index": False,
        "indexes": [
            # TTL of 30 days
            {"name": "kept", "fields": ["created_at"], "expireAfterSeconds": KEPT_SECONDS},
            # deleted with the content
            {"name": "content", "fields": ["content_id"]},
            # a user's unfinished rewrites; contains only those
            {"name": "unfinished", "fields": ["user_id"], "partialFilterExpression": {"wake_at": {"$exists": True}}},
            # no place is taken twice; contains only unfinished rewrites
            place_index(wake_at={"$exists": True}),
            # for the sweep, as for contents
            {"name": "wake", "fields": ["wake_at", "id"], "partialFilterExpression": {"wake_at": {"$exists": True}}},
            # by lease owner; contains only running attempts
            {"name": "lease", "fields": ["lease_owner"], "sparse": True},
            # for the relay, as for contents
            {"name": "outbox", "fields": ["outbox_at"], "partialFilterExpression": {"outbox_at": {"$exists": True}}},
        ],
    }

    @classmethod
    def request(cls, passage: Passage, **values: Any) -> Self:
        """Returns an unsaved rewrite of the passage, due now. `values` has its id, its owner and the request."""
        now = utcnow()
        place = {"text": passage.text, "start": passage.start, "end": passage.end, "quote": passage.quote}
        run = {"job_id": str(ObjectId()), "generation_status": PENDING, "due_at": now, "wake_at": now}
        return cls(**place, **run, created_at=now, updated_at=now, **values)

    def store(self, most_unfinished: int) -> dict[str, Any] | None:
        """Stores the rewrite and returns its stored form, or None if too many of the user's are unfinished."""
        self.validate()
        stored: dict[str, Any] = self.to_mongo().to_dict()
        unfinished = {"user_id": self.user_id, "wake_at": {"$exists": True}}
        return stored if insert_in_place(Rewrite, stored, unfinished, most_unfinished) else None
