"""Requests that carry an Idempotency-Key: each is carried out once, and answered alike however often it is sent.

A row is written before the request is carried out, with the id of what it will make. Whoever writes it has the turn,
for 30 s; a retry that comes after that, because the process died, takes the turn over with the same id, and finds what
was made. So one key makes one thing, also when both are under way. See
https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bson import ObjectId
from mongoengine import BinaryField, DateTimeField, Document, IntField, ObjectIdField, StringField
from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from app.clock import utcnow
from app.database import collection_of
from app.errors import IdempotencyInProgress, IdempotencyMismatch

KEPT = timedelta(hours=24)
TURN = timedelta(seconds=30)
MOST_TRIES = 10


@dataclass(frozen=True)
class Chosen:
    """The id of what a request makes. `fresh`: nobody can have made it before."""

    id: ObjectId = field(default_factory=ObjectId)
    fresh: bool = True


@dataclass(frozen=True)
class KeyedRequest:
    """`id` stands for who sent which key where, `fingerprint` for what was sent; `content_id` for what it is about."""

    id: str
    fingerprint: str
    user_id: ObjectId
    content_id: ObjectId | None


@dataclass(frozen=True)
class Answer:
    """An accepted request's answer, to be sent again."""

    status: int
    body: bytes
    media_type: str
    location: str | None = None
    etag: str | None = None


@dataclass(frozen=True)
class Turn:
    """The right to carry a request out. Lost when it takes too long."""

    request_id: str
    token: str
    chosen: Chosen


class IdempotentRequest(Document):
    """A request with a key. It has an answer once it was accepted, and until then whose turn it is, until when."""

    id: str = StringField(primary_key=True)
    fingerprint: str = StringField(required=True)
    user_id: ObjectId = ObjectIdField(required=True)
    content_id: ObjectId = ObjectIdField(required=True)
    chosen: ObjectId = ObjectIdField(required=True)
    token: str = StringField(required=True)
    turn_until: datetime | None = DateTimeField()
    at: datetime = DateTimeField(required=True, default=utcnow)
    status: int | None = IntField()
    body: bytes | None = BinaryField()
    media_type: str | None = StringField()
    location: str | None = StringField()
    etag: str | None = StringField()

    meta = {  # noqa: RUF012  # MongoEngine reads this class attribute as it is
        "collection": "idempotency",
        "strict": False,
        "auto_create_index": False,
        "indexes": [
            # TTL: MongoDB removes what is older than a day
            {"fields": ["at"], "expireAfterSeconds": int(KEPT.total_seconds())},
            # what belongs to a content, and to a person; erased with them
            {"fields": ["content_id"]},
            {"fields": ["user_id"]},
        ],
    }

    @classmethod
    def begin(cls, request: KeyedRequest) -> Turn | Answer:
        """The turn to carry a request out, or the answer that it was given before.

        Raises IdempotencyMismatch when the key was sent with something else, IdempotencyInProgress while somebody else
        has the turn.
        """
        for _ in range(MOST_TRIES):
            if turn := cls._first(request):
                return turn
            row: dict[str, Any] | None = collection_of(cls).find_one({"_id": request.id})
            if row is None or cls._is_over(row):
                continue
            if row["fingerprint"] != request.fingerprint:
                raise IdempotencyMismatch
            if "status" in row:
                return Answer(row["status"], row["body"], row["media_type"], row.get("location"), row.get("etag"))
            if turn := cls._take_over(row):
                return turn
            left = (row["turn_until"] - utcnow()).total_seconds()
            if left > 0:
                raise IdempotencyInProgress(retry_after=max(1, math.ceil(left)))
        raise IdempotencyInProgress(retry_after=1)

    @classmethod
    def finish(cls, turn: Turn, answer: Answer) -> None:
        """Keeps the answer of a request that was accepted."""
        kept = {"status": answer.status, "body": answer.body, "media_type": answer.media_type}
        headers = {"location": answer.location, "etag": answer.etag}
        kept |= {name: value for name, value in headers.items() if value}
        collection_of(cls).update_one(cls._held(turn), {"$set": kept, "$unset": {"turn_until": ""}})

    @classmethod
    def forget(cls, turn: Turn) -> None:
        """Lets the key be used as if it had never been sent: the request was refused, and made nothing."""
        collection_of(cls).delete_one(cls._held(turn))

    @classmethod
    def give_up(cls, turn: Turn) -> None:
        """Lets a retry have the turn at once, with the same id: nobody knows what the request has made."""
        collection_of(cls).update_one(cls._held(turn), {"$set": {"turn_until": utcnow()}})

    @classmethod
    def erase(cls, content_ids: Iterable[Any]) -> None:
        """Deletes the answers that were about contents that are deleted for good: they hold their texts."""
        collection_of(cls).delete_many({"content_id": {"$in": list(content_ids)}})

    @classmethod
    def erase_person(cls, user_id: Any) -> None:
        """Deletes the answers that a person was given."""
        collection_of(cls).delete_many({"user_id": ObjectId(user_id)})

    @classmethod
    def _first(cls, request: KeyedRequest) -> Turn | None:
        """The turn of the first request with this key; None when there was one before."""
        chosen, token, now = Chosen(), uuid.uuid4().hex, utcnow()
        row = {
            "_id": request.id,
            "fingerprint": request.fingerprint,
            "user_id": request.user_id,
            "content_id": request.content_id or chosen.id,
            "chosen": chosen.id,
            "token": token,
            "turn_until": now + TURN,
            "at": now,
        }
        try:
            collection_of(cls).insert_one(row)
        except DuplicateKeyError:
            return None
        return Turn(request.id, token, chosen)

    @classmethod
    def _take_over(cls, row: dict[str, Any]) -> Turn | None:
        """The turn after somebody whose time is over; None when it is not, or somebody else has taken it."""
        token, now = uuid.uuid4().hex, utcnow()
        over = {"_id": row["_id"], "token": row["token"], "status": None, "turn_until": {"$lte": now}}
        taken = collection_of(cls).find_one_and_update(
            over, {"$set": {"token": token, "turn_until": now + TURN}}, return_document=ReturnDocument.AFTER
        )
        return None if taken is None else Turn(row["_id"], token, Chosen(taken["chosen"], fresh=False))

    @classmethod
    def _is_over(cls, row: dict[str, Any]) -> bool:
        """Whether the row is older than a day; MongoDB's own removal comes once a minute."""
        if row["at"] > utcnow() - KEPT:
            return False
        collection_of(cls).delete_one({"_id": row["_id"], "token": row["token"]})
        return True

    @staticmethod
    def _held(turn: Turn) -> dict[str, Any]:
        return {"_id": turn.request_id, "token": turn.token}
