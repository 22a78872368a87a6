"""One row for each call to the model, written before the outcome is known.

A row is inserted as `open` before the call and completed afterwards. So a call is counted even if its worker died, its
lease was lost, its text was rejected or its content was deleted. The key is the owner of the lease, which is unique to
the attempt.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, ClassVar

from bson import ObjectId
from mongoengine import BooleanField, DateTimeField, Document, IntField, ObjectIdField, StringField

from app.clock import utcnow
from app.database import collection_of
from app.usage.tokens import TokenUsage

OPEN = "open"
OUTCOMES = (OPEN, "done", "later", "never", "lost", "cancelled")


@dataclass(frozen=True)
class Call:
    """A call about to be made: for whom, and to which model."""

    owner: str
    user_id: ObjectId
    content_id: ObjectId
    job_id: str | None
    content_type: str
    attempt: int
    model: str
    estimated_input_tokens: int
    rewrite: bool = False


class UsageRow(Document):
    """A call to the model. `outcome` is that of its attempt; `estimated` means that the tokens were not reported.

    `rewrite` is True if the call was for a passage.
    """

    id: str = StringField(primary_key=True)
    user_id: ObjectId = ObjectIdField(required=True)
    content_id: ObjectId = ObjectIdField(required=True)
    job_id: str | None = StringField()
    content_type: str = StringField(required=True)
    attempt: int = IntField(required=True)
    model: str = StringField(required=True)
    outcome: str = StringField(required=True, default=OPEN, choices=OUTCOMES)
    input_tokens: int = IntField(default=0)
    output_tokens: int = IntField(default=0)
    thinking_tokens: int = IntField(default=0)
    estimated: bool = BooleanField(default=False)
    rewrite: bool | None = BooleanField()
    at: datetime = DateTimeField(required=True, default=utcnow)
    ended_at: datetime | None = DateTimeField()

    _NEEDED: ClassVar = ("user_id", "content_id", "job_id", "content_type", "attempt", "model")

    meta = {  # noqa: RUF012  # MongoEngine reads this class attribute as it is
        "collection": "usage",
        "strict": False,
        "auto_create_index": False,
        "indexes": [
            # usage of a user, by time
            {"fields": ["user_id", "at"]},
            # usage of all users, by time
            {"fields": ["at"]},
            # usage of a content, erased with it
            {"fields": ["content_id"]},
        ],
    }

    @classmethod
    def open(cls, call: Call) -> None:
        """Records a call that is about to be made. If it raises one of database.OUTAGES, do not make the call."""
        row = {"_id": call.owner, "outcome": OPEN, "at": utcnow()}
        row |= {"input_tokens": call.estimated_input_tokens, "estimated": True}
        row |= {"rewrite": True} if call.rewrite else {}
        collection_of(cls).insert_one(row | {name: getattr(call, name) for name in cls._NEEDED})

    @classmethod
    def discard(cls, owner: str) -> None:
        """Deletes the row of a call that was not made. Raises one of database.OUTAGES."""
        collection_of(cls).delete_one({"_id": owner})

    @classmethod
    def complete(cls, owner: str, outcome: str, usage: TokenUsage) -> None:
        """Records the outcome and the tokens of this owner's call. Raises one of database.OUTAGES."""
        ended = {"outcome": outcome, "ended_at": utcnow(), **asdict(usage)}
        collection_of(cls).update_one({"_id": owner}, {"$set": ended})

    @classmethod
    def lose(cls, owner: str, outcome: str = "lost") -> None:
        """Records that this call was abandoned. Its tokens stay estimated unless `complete` is called later."""
        lost = {"outcome": outcome, "ended_at": utcnow()}
        collection_of(cls).update_one({"_id": owner, "outcome": OPEN}, {"$set": lost})

    @classmethod
    def jobs_called(cls, content_ids: Collection[Any], jobs: Collection[str]) -> set[str]:
        """Returns those jobs, of these contents, for which the model was called."""
        called = {"content_id": {"$in": list(content_ids)}, "job_id": {"$in": list(jobs)}}
        return {row["job_id"] for row in collection_of(cls).find(called, {"job_id": 1})}

    @classmethod
    def tokens_since(cls, user_id: str, moment: datetime) -> int:
        """Returns the number of tokens of all kinds that a user has used since `moment`."""
        kinds = ("input_tokens", "output_tokens", "thinking_tokens")
        tokens = {"$add": [{"$ifNull": [f"${name}", 0]} for name in kinds]}
        mine = {"$match": {"user_id": ObjectId(user_id), "at": {"$gte": moment}}}
        found = collection_of(cls).aggregate([mine, {"$group": {"_id": None, "tokens": {"$sum": tokens}}}])
        return next((int(each["tokens"]) for each in found), 0)
