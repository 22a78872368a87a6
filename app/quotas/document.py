"""The generations that a user has reserved on one day (UTC), and the bytes that requests are about to store.

The holds of a day are in one document, so that one write can count them. A hold is created before its generation is
stored. If the process dies in between, the hold is orphaned: `check_at` is when the sweep must check for such holds and
drop them (app.quotas.sweep).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bson import ObjectId
from mongoengine import DateTimeField, DictField, Document, ListField, ObjectIdField, StringField
from pymongo import ReturnDocument, WriteConcern
from pymongo.errors import DuplicateKeyError

from app.clock import utcnow
from app.database import collection_of

UNSURE = timedelta(seconds=60)
"""How long a hold may exist without its generation, because the request may still be in progress."""
KEPT = timedelta(days=40)
"""How long a day is kept. A generation can be scheduled 30 days ahead, and its hold is released if it is cancelled."""


@dataclass(frozen=True)
class Hold:
    """One reserved generation: its job, its content and, if any, its batch."""

    job: str
    content_id: ObjectId
    batch_id: ObjectId | None = None

    def stored(self, at: datetime) -> dict[str, Any]:
        """Returns the stored form of a new hold, which the sweep has not confirmed yet."""
        about = {"job": self.job, "content_id": self.content_id, "at": at, "unsure": True}
        return about | ({"batch_id": self.batch_id} if self.batch_id else {})


class QuotaDay(Document):
    """A user's holds of one day. Its `_id` is `<user id>:<day>`.

    Each entry of `holds` is {job, content_id, at, batch_id?, unsure?}.
    """

    id: str = StringField(primary_key=True)
    user_id: ObjectId = ObjectIdField(required=True)
    holds: list[dict[str, Any]] = ListField(DictField())
    check_at: datetime | None = DateTimeField()
    expires_at: datetime = DateTimeField(required=True)

    meta = {  # noqa: RUF012  # MongoEngine reads this class attribute as it is
        "collection": "quota_days",
        "strict": False,
        "auto_create_index": False,
        "indexes": [
            # all days of a user: to release holds, and to erase them with the account
            {"fields": ["user_id"]},
            # the sweep: days with unconfirmed holds only
            {"fields": ["check_at"], "sparse": True},
            # TTL: days that no generation can belong to any more
            {"fields": ["expires_at"], "expireAfterSeconds": 0},
        ],
    }

    @classmethod
    def holds_of(cls, user_id: str, day: date) -> list[dict[str, Any]] | None:
        """Returns the holds of a day, or None if the day has not begun."""
        found = _days().find_one({"_id": _key(user_id, day)}, {"holds": 1})
        return None if found is None else list(found["holds"])

    @classmethod
    def jobs_of(cls, user_id: str) -> set[str]:
        """Returns the jobs that a user has holds for, on any day."""
        found = _days().find({"user_id": ObjectId(user_id)}, {"holds.job": 1})
        return {hold["job"] for each in found for hold in each["holds"]}

    @classmethod
    def begin(cls, user_id: str, day: date, holds: Iterable[Hold]) -> None:
        """Creates a day with these holds, unless it exists."""
        now = utcnow()
        begun = {"_id": _key(user_id, day), "user_id": ObjectId(user_id), "expires_at": now + KEPT}
        sure = [{name: value for name, value in each.stored(now).items() if name != "unsure"} for each in holds]
        try:
            _days().insert_one(begun | {"holds": sure})
        except DuplicateKeyError:
            return

    @classmethod
    def add(cls, user_id: str, day: date, holds: Sequence[Hold], most: int | None) -> bool:
        """Reserves all of these or none, in one write. With `most`, the day has at most that many holds afterwards.

        Returns False if there would be too many, if one of them exists already, or if the day has not begun.
        """
        if most is not None and len(holds) > most:
            return False
        now = utcnow()
        wanted: dict[str, Any] = {"_id": _key(user_id, day), "holds.job": {"$nin": [each.job for each in holds]}}
        if most is not None:
            wanted[f"holds.{most - len(holds)}"] = {"$exists": False}
        added = {"$push": {"holds": {"$each": [each.stored(now) for each in holds]}}}
        return _days().find_one_and_update(wanted, added | {"$min": {"check_at": now + UNSURE}}, {"_id": 1}) is not None

    @classmethod
    def give_back(cls, user_id: Any, jobs: Collection[str], until: datetime | None = None) -> None:
        """Releases the holds of these jobs that were made up to `until`. Idempotent."""
        if jobs:
            held = {"job": {"$in": list(jobs)}, "at": {"$lte": until or utcnow()}}
            _days().update_many(
                {"user_id": ObjectId(user_id), "holds": {"$elemMatch": held}}, {"$pull": {"holds": held}}
            )

    @classmethod
    def to_check(cls, now: datetime, most: int) -> list[dict[str, Any]]:
        """Returns days with unconfirmed holds that are due to be checked."""
        return list(_days().find({"check_at": {"$lte": now}}).sort("check_at").limit(most))

    @classmethod
    def checked(cls, found: dict[str, Any], gone: Collection[str], sure: Collection[str], again: datetime) -> None:
        """Drops the holds of the `gone` jobs and confirms the `sure` ones. Schedules another check if some remain."""
        own = {"_id": found["_id"]}
        if gone:
            _days().update_one(own, {"$pull": {"holds": {"job": {"$in": list(gone)}, "unsure": True}}})
        if sure:
            _days().update_one(
                own, {"$unset": {"holds.$[each].unsure": ""}}, array_filters=[{"each.job": {"$in": list(sure)}}]
            )
        left = {"$anyElementTrue": {"$map": {"input": "$holds", "in": {"$ifNull": ["$$this.unsure", False]}}}}
        _days().update_one(own, [{"$set": {"check_at": {"$cond": [left, again, "$$REMOVE"]}}}])


class StorageHolds(Document):
    """What a user's concurrent requests are about to store, so that each counts those that came before it.

    Only users with a storage limit have one. Its `_id` is the user's; each entry of `holds` is {id, size, at}. A hold
    lasts as long as its request, and expires after UNSURE if the process died or MongoDB did not respond.
    """

    id: ObjectId = ObjectIdField(primary_key=True)
    holds: list[dict[str, Any]] = ListField(DictField())

    meta = {"collection": "storage_holds", "auto_create_index": False}  # noqa: RUF012  # MongoEngine reads it as it is

    @classmethod
    def add(cls, user_id: str, size: int) -> tuple[ObjectId, int]:
        """Adds a hold of so many bytes. Returns its id, and the bytes held by earlier requests."""
        now = utcnow()
        hold_id = ObjectId()
        hold = {"id": hold_id, "size": size, "at": now}
        recent = {"$gt": ["$$this.at", now - UNSURE]}
        others = {"$filter": {"input": {"$ifNull": ["$holds", []]}, "cond": recent}}
        added = [{"$set": {"holds": {"$concatArrays": [others, [hold]]}}}]
        before_and_this = _quickly(cls).find_one_and_update(
            {"_id": ObjectId(user_id)}, added, upsert=True, return_document=ReturnDocument.AFTER
        )
        return hold_id, sum(each["size"] for each in before_and_this["holds"][:-1])

    @classmethod
    def drop(cls, user_id: str, hold_id: ObjectId) -> None:
        """Removes a hold, after its request has stored something or given up."""
        _quickly(cls).update_one({"_id": ObjectId(user_id)}, {"$pull": {"holds": {"id": hold_id}}})


def _key(user_id: str, day: date) -> str:
    return f"{user_id}:{day.isoformat()}"


def _days() -> Any:
    return _quickly(QuotaDay)


def _quickly(document: type[Document]) -> Any:
    """The collection, with unjournaled writes: the write of what was reserved, which follows, is journaled."""
    return collection_of(document).with_options(write_concern=WriteConcern(w=1, j=False))
