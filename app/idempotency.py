"""Requests with an Idempotency-Key: each is executed once, and every repetition gets the same response.

Before a request is executed, a row is inserted with the id of the resource it will create. The insert acquires a lock
(`Turn`) for 30 s. If the process dies, a later retry takes over the lock with the same id and finds what was created,
so one key creates one resource even if both requests run concurrently. See
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
    """The id of the resource a request creates. `fresh` is True if no earlier request can have created it."""

    id: ObjectId = field(default_factory=ObjectId)
    fresh: bool = True


@dataclass(frozen=True)
class KeyedRequest:
    """`id` identifies user, key and route; `fingerprint` the body. `content_id` is the content it concerns."""

    id: str
    fingerprint: str
    user_id: ObjectId
    content_id: ObjectId | None


@dataclass(frozen=True)
class Answer:
    """The stored response of an accepted request."""

    status: int
    body: bytes
    media_type: str
    location: str | None = None
    etag: str | None = None


@dataclass(frozen=True)
class Turn:
    """The lock to execute a request. It expires after 30 s."""

    request_id: str
    token: str
    chosen: Chosen


class IdempotentRequest(Document):
    """A request with a key. It has a response once accepted, and until then the lock's token and expiry."""

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
            # TTL of 24 hours
            {"fields": ["at"], "expireAfterSeconds": int(KEPT.total_seconds())},
            # for deletion with a content or a user
            {"fields": ["content_id"]},
            {"fields": ["user_id"]},
        ],
    }

    @classmethod
    def begin(cls, request: KeyedRequest) -> Turn | Answer:
        """Returns the lock to execute a request, or its stored response.

        Raises IdempotencyMismatch if the key was sent with a different request, IdempotencyInProgress while another
        request holds the lock.
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
        """Stores the response of an accepted request."""
        kept = {"status": answer.status, "body": answer.body, "media_type": answer.media_type}
        headers = {"location": answer.location, "etag": answer.etag}
        kept |= {name: value for name, value in headers.items() if value}
        collection_of(cls).update_one(cls._held(turn), {"$set": kept, "$unset": {"turn_until": ""}})

    @classmethod
    def forget(cls, turn: Turn) -> None:
        """Releases the key of a request that was refused and created nothing. It can be reused."""
        collection_of(cls).delete_one(cls._held(turn))

    @classmethod
    def give_up(cls, turn: Turn) -> None:
        """Expires the lock, so that a retry can take over with the same id. For a request with an unknown outcome."""
        collection_of(cls).update_one(cls._held(turn), {"$set": {"turn_until": utcnow()}})

    @classmethod
    def erase(cls, content_ids: Iterable[Any]) -> None:
        """Deletes the stored responses about permanently deleted contents, since they contain the texts."""
        collection_of(cls).delete_many({"content_id": {"$in": list(content_ids)}})

    @classmethod
    def erase_person(cls, user_id: Any) -> None:
        """Deletes a user's stored responses."""
        collection_of(cls).delete_many({"user_id": ObjectId(user_id)})

    @classmethod
    def _first(cls, request: KeyedRequest) -> Turn | None:
        """Returns the lock for the first request with this key; None if the key is known."""
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
        """Takes over an expired lock; None if it has not expired or another request took it first."""
        token, now = uuid.uuid4().hex, utcnow()
        over = {"_id": row["_id"], "token": row["token"], "status": None, "turn_until": {"$lte": now}}
        taken = collection_of(cls).find_one_and_update(
            over, {"$set": {"token": token, "turn_until": now + TURN}}, return_document=ReturnDocument.AFTER
        )
        return None if taken is None else Turn(row["_id"], token, Chosen(taken["chosen"], fresh=False))

    @classmethod
    def _is_over(cls, row: dict[str, Any]) -> bool:
        """Deletes the row and returns True if it is older than 24 hours. MongoDB's TTL runs only once a minute."""
        if row["at"] > utcnow() - KEPT:
            return False
        collection_of(cls).delete_one({"_id": row["_id"], "token": row["token"]})
        return True

    @staticmethod
    def _held(turn: Turn) -> dict[str, Any]:
        return {"_id": turn.request_id, "token": turn.token}
