"""A piece of content: its fields, its indexes, and what its owner may change.

The fields of its generation are those of app.content.run and a few more.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self

from bson import ObjectId
from mongoengine import (
    BooleanField,
    DateTimeField,
    DictField,
    IntField,
    ListField,
    ObjectIdField,
    StringField,
)
from pymongo import ReturnDocument

from app.clock import utcnow
from app.content.folding import FOLDED_FIELDS, fold, folded
from app.content.run import Run
from app.database import collection_of

CONTENT_TYPES = ("blog", "product", "social")
STATUSES = ("draft", "published")

PENDING, PROCESSING, COMPLETED, FAILED, CANCELLED = "pending", "processing", "completed", "failed", "cancelled"
GENERATION_STATUSES = (PENDING, PROCESSING, COMPLETED, FAILED, CANCELLED)
UNFINISHED = (PENDING, PROCESSING)


def first_job_of(content_id: Any) -> str:
    """The job id of the generation that a content is accepted with.

    It follows from the content's id, so that a request that is tried again, with the same id, reserves and starts the
    same generation.
    """
    return hashlib.sha256(f"job:{content_id}".encode()).hexdigest()[:24]


class Content(Run):
    """A title, a request and its text. `generation_status` is None for a piece written by hand."""

    user_id: ObjectId = ObjectIdField(required=True)
    title: str = StringField(required=True)
    content_type: str = StringField(required=True, choices=CONTENT_TYPES)
    prompt: str = StringField(required=True)
    generated_text: str = StringField(default="")
    status: str = StringField(default="draft", choices=STATUSES)
    created_at: datetime = DateTimeField(required=True, default=utcnow)
    updated_at: datetime = DateTimeField(required=True, default=utcnow)
    deleted: bool = BooleanField(required=True, default=False)
    deleted_at: datetime | None = DateTimeField()

    job_id: str | None = StringField()
    generation_status: str | None = StringField(choices=GENERATION_STATUSES)
    asked: dict[str, Any] | None = DictField(default=None)  # title, prompt and brief at the moment of the request
    due_at: datetime | None = DateTimeField()
    max_attempts: int | None = IntField()
    model: str | None = StringField()  # which one wrote the newest generated text

    brief: dict[str, Any] | None = DictField(default=None)  # an app.checks.brief.Brief
    checks: list[dict[str, Any]] | None = ListField(DictField(), default=None)  # of the text; see app.content.measuring
    words: int | None = IntField()

    accepted_by: str | None = StringField()  # the try of a request that stored this or its run, and may take it back
    auto_title: bool | None = BooleanField()  # the title is provisional: the first heading of the text replaces it

    revision: int = IntField(default=1)  # grows with what the owner edits and with a finished text
    version: int = IntField(default=0)  # number of the newest version; see app.content.versions for these six
    versions: list[dict[str, Any]] | None = ListField(DictField(), default=None)
    text_version: int | None = IntField()
    text_at: datetime | None = DateTimeField()
    text_by: str | None = StringField()
    refused_row: str | None = StringField()  # the last text of the run that was refused, until it is a version

    tags: list[str] = ListField(StringField())
    tag_keys: list[str] = ListField(StringField())  # the tags as they are compared
    folded: list[str] = ListField(StringField())  # title, prompt and text as they are searched
    title_key: str | None = StringField()  # the title as it is sorted
    in_trash: bool | None = BooleanField()  # deleted, and its owner may have it back; see app.content.trash
    batch_id: ObjectId | None = ObjectIdField()

    meta = {  # noqa: RUF012  # MongoEngine reads this class attribute as it is
        "collection": "contents",
        "strict": False,  # the release after this one may add fields while this one still runs
        "auto_create_index": False,
        "indexes": [
            # a person's list, newest first, and its count; the index's own keys answer the three filters
            {
                "name": "list",
                "fields": [
                    "user_id", "deleted", "-created_at", "-id", "content_type", "status", "generation_status",
                ],
            },
            # how many generations of a person wait; only those are in it
            {
                "name": "waiting",
                "fields": ["user_id"],
                "partialFilterExpression": {"generation_status": PENDING},
            },
            # how many of them are ahead of one; counted without a look at any document
            {
                "name": "line",
                "fields": ["user_id", "generation_status", "deleted", "due_at", "id"],
                "partialFilterExpression": {"generation_status": PENDING},
            },
            # job status
            {"name": "job", "fields": ["job_id"], "unique": True, "sparse": True},
            # the sweep: what is due or whose lease ran out; finished documents have no wake_at and are not in it
            {"name": "wake", "fields": ["wake_at", "id"], "partialFilterExpression": {"wake_at": {"$exists": True}}},
            # the relay: whose consequences were left behind; almost always empty
            {"name": "outbox", "fields": ["outbox_at"], "partialFilterExpression": {"outbox_at": {"$exists": True}}},
            # the operators' commands: consequences that were given up; almost always empty
            {"name": "given_up", "fields": ["outbox.parked"], "partialFilterExpression": {"outbox.parked": True}},
            # how many attempts run; sparse: only those that run are in it
            {"name": "lease", "fields": ["lease_owner"], "sparse": True},
            # the operators' commands: what failed, latest first; the rest is not in it
            {
                "name": "failed",
                "fields": ["-finished_at"],
                "partialFilterExpression": {"generation_status": "failed", "deleted": False},
            },
            # a person's list by the time of the last change, and by title
            {"name": "updated", "fields": ["user_id", "deleted", "-updated_at", "-id"]},
            {"name": "titles", "fields": ["user_id", "deleted", "title_key", "id"]},
            # a person's tags
            {"name": "tags", "fields": ["user_id", "deleted", "tag_keys"]},
            # what a batch has made; the rest is not in it
            {
                "name": "batch",
                "fields": ["batch_id", "generation_status"],
                "partialFilterExpression": {"batch_id": {"$exists": True}},
            },
            # the sweep: what has been in the trash long enough, and what was deleted before there was one
            {
                "name": "trash",
                "fields": ["in_trash", "deleted_at"],
                "partialFilterExpression": {"deleted": True},
            },
        ],
    }  # fmt: skip

    def clean(self) -> None:
        """Called by MongoEngine before it validates: fills what is made from other fields."""
        for name, value in folded({name: getattr(self, name) for name in FOLDED_FIELDS}).items():
            setattr(self, name, value)
        self.tag_keys = [fold(tag) for tag in self.tags]

    @classmethod
    def adopt(cls, user_id: Any, **made: Any) -> dict[str, Any] | None:
        """What an earlier try of the same request has made, which can then no longer take it back; None: nothing."""
        own = {"user_id": ObjectId(user_id), **made}
        adopted = {"$set": {"accepted_by": uuid.uuid4().hex}}
        found: dict[str, Any] | None = collection_of(cls).find_one_and_update(
            own, adopted, return_document=ReturnDocument.AFTER
        )
        return found

    @classmethod
    def adopted(cls, *, max_attempts: int, **values: Any) -> Self:
        """A content, not yet stored, that another system made; what was unfinished there is pending, due now."""
        content = cls(**values)
        status = content.generation_status
        if status in UNFINISHED and content.deleted:
            content.generation_status = CANCELLED
        elif status in UNFINISHED:
            content.generation_status = PENDING
            content.due_at = content.wake_at = utcnow()
            content.max_attempts = max_attempts
        elif status in {COMPLETED, FAILED}:
            content.finished_at = content.updated_at
        return content

    @classmethod
    def count_waiting(cls, user_id: str, most: int) -> int:
        """How many of a person's generations have not begun, batches apart; no more than `most` are counted."""
        found = collection_of(cls).aggregate(cls.counting_waiting(ObjectId(user_id), most))
        return next((int(each["waiting"]) for each in found), 0)

    @classmethod
    def counting_waiting(cls, user_id: ObjectId, most: int) -> list[dict[str, Any]]:
        """The stages that find {waiting}, what `count_waiting` says. No row: 0."""
        waiting = {"user_id": user_id, "generation_status": PENDING, "batch_id": None}
        return [{"$match": waiting}, {"$limit": most}, {"$count": "waiting"}]

    @property
    def log_ids(self) -> dict[str, Any]:
        """The ids by which the log's lines about this content are found."""
        return {"request_id": self.request_id, "content_id": str(self.id), "job_id": self.job_id}

    @classmethod
    def trash(
        cls, user_id: str, content_id: ObjectId | str, along: Sequence[dict[str, Any]] = ()
    ) -> dict[str, Any] | None:
        """Puts a content into the trash; as MongoDB has it then, or None when it is not this person's or is there.

        `along` are further stages of the same write: what else has to happen to a content that goes.
        """
        now = utcnow()
        own = {"_id": ObjectId(content_id), "user_id": ObjectId(user_id), "deleted": False}
        gone = {"$set": {"deleted": True, "in_trash": True, "deleted_at": now, "updated_at": now}}
        found: dict[str, Any] | None = collection_of(cls).find_one_and_update(
            own, [*along, gone], return_document=ReturnDocument.AFTER
        )
        return found
