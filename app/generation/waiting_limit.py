"""Limits the waiting generations per user, also for concurrent requests."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from bson import ObjectId
from mongoengine import Document, ObjectIdField
from pymongo import WriteConcern
from pymongo.errors import DuplicateKeyError

from app.content.document import PENDING, Content
from app.database import collection_of
from app.errors import QueueFull, Unavailable

PATIENCE_SECONDS = 3.0
LONGEST_PAUSE_SECONDS = 0.02


class Seen(NamedTuple):
    """A user's queue before a request: the last turn taken, and the number of waiting generations."""

    turn: ObjectId | None
    waiting: int


class WaitingTurn(Document):
    """The last request to take a place among a user's waiting generations: an optimistic lock.

    Its `_id` is the user's. If it is lost, the next request creates a new one.
    """

    id: ObjectId = ObjectIdField(primary_key=True)
    turn: ObjectId = ObjectIdField(required=True)

    meta = {"collection": "waiting_turns", "auto_create_index": False}  # noqa: RUF012  # MongoEngine reads it as it is

    @classmethod
    def seen(cls, user_id: ObjectId, most: int) -> Seen:
        """Returns the user's queue, counting at most `most`."""
        return seen_in(cls._quickly().aggregate([{"$match": {"_id": user_id}}, _counted(user_id, most)]))

    @classmethod
    def with_current(cls, user_id: ObjectId) -> dict[str, Any]:
        """Returns a stage that appends the user's last turn, if any, as a row {turn}."""
        return {"$unionWith": {"coll": cls._quickly().name, "pipeline": [{"$match": {"_id": user_id}}]}}

    @classmethod
    def take(cls, user_id: ObjectId, after: ObjectId | None) -> bool:
        """Takes the turn after `after`. Returns False if another request has taken it."""
        if after is None:
            try:
                cls._quickly().insert_one({"_id": user_id, "turn": ObjectId()})
            except DuplicateKeyError:
                return False
            return True
        taken = cls._quickly().update_one({"_id": user_id, "turn": after}, {"$set": {"turn": ObjectId()}})
        return bool(taken.modified_count)

    @classmethod
    def _quickly(cls) -> Any:
        """The collection with unjournaled writes: no turn is in progress after a crash."""
        return collection_of(cls).with_options(write_concern=WriteConcern(w=1, j=False))


def seen_in(rows: Iterable[Mapping[str, Any]]) -> Seen:
    """Returns a user's queue from the rows of an aggregation."""
    found: dict[str, Any] = {name: each[name] for each in rows for name in ("turn", "waiting") if name in each}
    return Seen(found.get("turn"), found.get("waiting", 0))


def _counted(user_id: ObjectId, most: int) -> dict[str, Any]:
    """Returns a stage that appends {waiting}: the generations in the user's own queue, counted up to `most`.

    It appends no row if there are none.
    """
    waiting = {"queue_owner": user_id, "generation_status": PENDING}
    stages = [{"$match": waiting}, {"$limit": most}, {"$count": "waiting"}]
    return {"$unionWith": {"coll": collection_of(Content).name, "pipeline": stages}}


class WaitingPlaces:
    """Limits the waiting generations per user to `most`; 0 means no limit. `retry_after` is in seconds."""

    def __init__(self, most: int, retry_after: int) -> None:
        self._most = most
        self._retry_after = retry_after

    def with_seen(self, user_id: ObjectId) -> list[dict[str, Any]]:
        """Returns stages that append the rows read by `seen_in` to an aggregation.

        They run in order: the waiting generations are counted after the turn was read.
        """
        return [WaitingTurn.with_current(user_id), _counted(user_id, self._most)] if self._most else []

    def store(
        self,
        user_id: ObjectId,
        insert: Callable[[], None],
        withdraw: Callable[[], bool],
        seen: Seen | None = None,
    ) -> None:
        """Stores a request by calling `insert`. Raises QueueFull and stores nothing if too many are waiting.

        `withdraw` deletes what `insert` stored, or returns False if a worker has claimed it. `seen` is the user's queue
        as just read, if the caller has it.

        Concurrent requests are each stored before their place is certain. A request that finds that another one took a
        place meanwhile is withdrawn and retried, so the limit is never exceeded and one of them gets the last place.
        """
        if not self._most:
            insert()
            return
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            line = seen or WaitingTurn.seen(user_id, self._most)
            seen = None
            if line.waiting >= self._most:
                raise self._full()
            insert()
            if WaitingTurn.take(user_id, line.turn) or not withdraw():
                return
            time.sleep(random.uniform(0, LONGEST_PAUSE_SECONDS))  # noqa: S311  # not security-relevant
        raise Unavailable("Too many requests for a text at the same moment - please try again", retry_after=1)

    def _full(self) -> QueueFull:
        message = f"{self._most} generations are waiting already - please try again when one has begun"
        return QueueFull(message, retry_after=self._retry_after)
