"""Limits how many generations of one person may wait, even if many requests arrive at the same moment."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from bson import ObjectId
from mongoengine import Document, ObjectIdField
from pymongo import WriteConcern
from pymongo.errors import DuplicateKeyError

from app.content.document import Content
from app.database import collection_of
from app.errors import QueueFull, Unavailable

PATIENCE_SECONDS = 3.0
LONGEST_PAUSE_SECONDS = 0.02


class Seen(NamedTuple):
    """A person's line as it was before a request: the last turn that was taken, and then how many waited."""

    turn: ObjectId | None
    waiting: int


class WaitingTurn(Document):
    """Which request was the last to take a place among a person's waiting generations.

    Its `_id` is the person's. If it is lost, the next request makes a new one.
    """

    id: ObjectId = ObjectIdField(primary_key=True)
    turn: ObjectId = ObjectIdField(required=True)

    meta = {"collection": "waiting_turns", "auto_create_index": False}  # noqa: RUF012  # MongoEngine reads it as it is

    @classmethod
    def seen(cls, user_id: ObjectId, most: int) -> Seen:
        """A person's line now. No more than `most` are counted."""
        return seen_in(cls._quickly().aggregate([{"$match": {"_id": user_id}}, _counted(user_id, most)]))

    @classmethod
    def with_current(cls, user_id: ObjectId) -> dict[str, Any]:
        """A stage that adds the turn of a person, as a row {turn}, to what an aggregation finds."""
        return {"$unionWith": {"coll": cls._quickly().name, "pipeline": [{"$match": {"_id": user_id}}]}}

    @classmethod
    def take(cls, user_id: ObjectId, after: ObjectId | None) -> bool:
        """Takes the turn after `after`. Returns False if somebody else has taken it."""
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
        """The collection, with writes that do not wait for the journal. After a crash no turn is under way anyway."""
        return collection_of(cls).with_options(write_concern=WriteConcern(w=1, j=False))


def seen_in(rows: Iterable[Mapping[str, Any]]) -> Seen:
    """What the rows of an aggregation say of a person's line."""
    found: dict[str, Any] = {name: each[name] for each in rows for name in ("turn", "waiting") if name in each}
    return Seen(found.get("turn"), found.get("waiting", 0))


def _counted(user_id: ObjectId, most: int) -> dict[str, Any]:
    waiting = Content.counting_waiting(user_id, most)
    return {"$unionWith": {"coll": collection_of(Content).name, "pipeline": waiting}}


class WaitingPlaces:
    """Lets at most this many generations of one person wait; 0 means any number."""

    def __init__(self, most: int, retry_after: int) -> None:
        self._most = most
        self._retry_after = retry_after

    def with_seen(self, user_id: ObjectId) -> list[dict[str, Any]]:
        """Stages that add the rows in which `seen_in` finds a person's line to what an aggregation finds.

        They are carried out one after the other: who waits is counted after the turn was read, never before it.
        """
        return [WaitingTurn.with_current(user_id), _counted(user_id, self._most)] if self._most else []

    def store(
        self,
        user_id: ObjectId,
        insert: Callable[[], None],
        withdraw: Callable[[], bool],
        seen: Seen | None = None,
    ) -> None:
        """Stores a request for a text. Raises QueueFull, and stores nothing, if too many are waiting already.

        `withdraw` takes back what `insert` has stored; it returns False if that has begun. `seen` is the person's line
        a moment ago, for a caller who knows it.

        Requests that arrive at the same moment are each stored before they are sure of their place. One that finds that
        another has taken a place meanwhile steps back and tries again. So there are never too many, and somebody always
        gets the last place.
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
            time.sleep(random.uniform(0, LONGEST_PAUSE_SECONDS))  # noqa: S311  # dice, not a secret
        raise Unavailable("Too many requests for a text at the same moment - please try again", retry_after=1)

    def _full(self) -> QueueFull:
        message = f"{self._most} generations are waiting already - please try again when one has begun"
        return QueueFull(message, retry_after=self._retry_after)
