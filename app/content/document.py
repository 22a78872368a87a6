"""The Content document and its indexes. It inherits the fields of its generation from app.content.run."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
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
from app.content.folding import FOLDED_FIELDS, folded, tag_key
from app.content.run import Run
from app.database import collection_of

CONTENT_TYPES = ("blog", "product", "social")
STATUSES = ("draft", "published")

PENDING, PROCESSING, COMPLETED, FAILED, CANCELLED = "pending", "processing", "completed", "failed", "cancelled"
GENERATION_STATUSES = (PENDING, PROCESSING, COMPLETED, FAILED, CANCELLED)
UNFINISHED = (PENDING, PROCESSING)


def first_job_of(content_id: Any) -> str:
    """Returns the job id of a content's first generation.

    It is derived from the content's id, so a retried request with the same id reserves and starts the same generation.
    """
    return hashlib.sha256(f"job:{content_id}".encode()).hexdigest()[:24]


def queue_owner_of(content: Mapping[str, Any]) -> Any:
    """Returns whose turn in the fair queue a stored content's run takes: its user's, or that of its batch.

    Documents of the previous release do not have it stored.
    """
    return content.get("queue_owner") or content.get("batch_id") or content["user_id"]


class Content(Run):
    """A title, a prompt and a text. `generation_status` is None if it was written by hand."""

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
    asked: dict[str, Any] | None = DictField(default=None)  # title, prompt and brief at the time of the request
    due_at: datetime | None = DateTimeField()
    held_due_at: datetime | None = DateTimeField()  # due_at of a held run; see app.generation.holding
    queue_owner: ObjectId | None = ObjectIdField()  # see queue_owner_of
    max_attempts: int | None = IntField()
    model: str | None = StringField()  # that wrote the newest generated text

    brief: dict[str, Any] | None = DictField(default=None)  # an app.checks.brief.Brief
    checks: list[dict[str, Any]] | None = ListField(DictField(), default=None)  # of the text; see app.content.measuring
    words: int | None = IntField()

    accepted_by: str | None = StringField()  # the try of a request that stored this or its run, and may undo it
    auto_title: bool | None = BooleanField()  # the title is provisional: the first heading of the text replaces it

    revision: int = IntField(default=1)  # incremented by every edit, finished text, trashing and restoring
    version: int = IntField(default=0)  # number of the newest version; see app.content.versions for these six
    versions: list[dict[str, Any]] | None = ListField(DictField(), default=None)
    text_version: int | None = IntField()
    text_at: datetime | None = DateTimeField()
    text_by: str | None = StringField()
    refused_row: str | None = StringField()  # version row of the run's last rejected text, not a version yet

    tags: list[str] = ListField(StringField())
    tag_keys: list[str] = ListField(StringField())  # the tags in the form used for comparing
    folded: list[str] = ListField(StringField())  # title, prompt and text, folded for search
    title_key: str | None = StringField()  # the sort key of the title
    in_trash: bool | None = BooleanField()  # deleted but restorable; see app.content.trash
    batch_id: ObjectId | None = ObjectIdField()

    meta = {  # noqa: RUF012  # MongoEngine reads this class attribute as it is
        "collection": "contents",
        "strict": False,  # the next release may add fields while this one still runs
        "auto_create_index": False,
        "indexes": [
            # a user's list, newest first, and its count; covers the three filters
            {
                "name": "list",
                "fields": [
                    "user_id", "deleted", "-created_at", "-id", "content_type", "status", "generation_status",
                ],
            },
            # how many generations of a user or a batch are waiting, and how many are ahead of one; covers the queries
            {
                "name": "queue",
                "fields": ["queue_owner", "generation_status", "deleted", "due_at", "id"],
                "partialFilterExpression": {"generation_status": PENDING},
            },
            # job status
            {"name": "job", "fields": ["job_id"], "unique": True, "sparse": True},
            # the sweep: due or expired runs; finished documents have no wake_at
            {"name": "wake", "fields": ["wake_at", "id"], "partialFilterExpression": {"wake_at": {"$exists": True}}},
            # the relay: outbox entries left behind; almost always empty
            {"name": "outbox", "fields": ["outbox_at"], "partialFilterExpression": {"outbox_at": {"$exists": True}}},
            # the operators' commands: parked outbox entries; almost always empty
            {"name": "given_up", "fields": ["outbox.parked"], "partialFilterExpression": {"outbox.parked": True}},
            # the number of running attempts; sparse
            {"name": "lease", "fields": ["lease_owner"], "sparse": True},
            # the operators' commands: failed generations, latest first; partial
            {
                "name": "failed",
                "fields": ["-finished_at"],
                "partialFilterExpression": {"generation_status": "failed", "deleted": False},
            },
            # a user's list by last change, and by title
            {"name": "updated", "fields": ["user_id", "deleted", "-updated_at", "-id"]},
            {"name": "titles", "fields": ["user_id", "deleted", "title_key", "id"]},
            # a user's tags
            {"name": "tags", "fields": ["user_id", "deleted", "tag_keys"]},
            # the contents of a batch; partial
            {
                "name": "batch",
                "fields": ["batch_id", "generation_status"],
                "partialFilterExpression": {"batch_id": {"$exists": True}},
            },
            # the purge: contents past their time in the trash, and those deleted before there was one
            {
                "name": "trash",
                "fields": ["in_trash", "deleted_at"],
                "partialFilterExpression": {"deleted": True},
            },
        ],
    }  # fmt: skip

    def clean(self) -> None:
        """Sets the derived fields. Called by MongoEngine before validation."""
        for name, value in folded({name: getattr(self, name) for name in FOLDED_FIELDS}).items():
            setattr(self, name, value)
        self.tag_keys = [tag_key(tag) for tag in self.tags]

    @classmethod
    def adopt(cls, user_id: Any, **made: Any) -> dict[str, Any] | None:
        """Returns what an earlier try of the same request stored, or None, and prevents that try from undoing it."""
        own = {"user_id": ObjectId(user_id), **made}
        adopted = {"$set": {"accepted_by": uuid.uuid4().hex}}
        found: dict[str, Any] | None = collection_of(cls).find_one_and_update(
            own, adopted, return_document=ReturnDocument.AFTER
        )
        return found

    @classmethod
    def adopted(cls, *, max_attempts: int, **values: Any) -> Self:
        """Returns an unsaved content imported from another system. If it was unfinished, it is pending and due now."""
        content = cls(**values)
        status = content.generation_status
        if status in UNFINISHED and content.deleted:
            content.generation_status = CANCELLED
        elif status in UNFINISHED:
            content.generation_status = PENDING
            content.due_at = content.wake_at = utcnow()
            content.queue_owner = content.user_id
            content.max_attempts = max_attempts
        elif status in {COMPLETED, FAILED}:
            content.finished_at = content.updated_at
        return content

    @classmethod
    def trash(
        cls, user_id: str, content_id: ObjectId | str, along: Sequence[dict[str, Any]] = ()
    ) -> dict[str, Any] | None:
        """Moves a content to the trash. Returns it, or None if it is not this user's or already deleted.

        `along` are further stages of the same update.
        """
        now = utcnow()
        own = {"_id": ObjectId(content_id), "user_id": ObjectId(user_id), "deleted": False}
        gone = {"$set": {"deleted": True, "in_trash": True, "deleted_at": now, "updated_at": now}}
        found: dict[str, Any] | None = collection_of(cls).find_one_and_update(
            own, [*along, gone], return_document=ReturnDocument.AFTER
        )
        return found
