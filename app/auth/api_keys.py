"""Stored API keys: hash, scopes and expiry."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self, cast

from bson import ObjectId
from mongoengine import DateTimeField, Document, IntField, ListField, ObjectIdField, StringField

from app.clock import utcnow
from app.database import collection_of
from app.errors import Conflict
from app.places import insert_in_place, place_index

MOST_KEYS = 20
"""Per user, not counting expired and revoked keys."""
NOTED_EVERY = timedelta(minutes=1)
"""The resolution of `last_used_at`."""


class TooManyKeys(Conflict):
    code = "too_many_keys"
    default_message = f"You have {MOST_KEYS} API keys already - revoke one first"


class ApiKey(Document):
    """A user's key. A revoked key stays stored until it expires, so that every process learns of the revocation."""

    user_id: ObjectId = ObjectIdField(required=True)
    name: str = StringField(required=True)
    scopes: list[str] = ListField(StringField(), required=True)
    key_hash: str = StringField(required=True)
    created_at: datetime = DateTimeField(required=True, default=utcnow)
    expires_at: datetime = DateTimeField(required=True)
    last_used_at: datetime | None = DateTimeField()
    revoked_at: datetime | None = DateTimeField()
    place: int | None = IntField()  # see app.places

    meta = {  # noqa: RUF012  # MongoEngine reads this class attribute as it is
        "collection": "api_keys",
        "strict": False,  # a later release may add fields while this one still runs
        "auto_create_index": False,
        "indexes": [
            # authentication: one lookup by the hash
            {"fields": ["key_hash"], "unique": True},
            # a user's keys
            {"fields": ["user_id"]},
            # recently revoked keys, whose sockets and streams are closed
            {"fields": ["revoked_at"], "sparse": True},
            # TTL: MongoDB removes a key when it has expired
            {"fields": ["expires_at"], "expireAfterSeconds": 0},
            # no place is taken twice
            place_index(),
        ],
    }

    @classmethod
    def add(cls, user_id: str, **values: Any) -> Self:
        """Stores a key. Raises TooManyKeys if the user has MOST_KEYS, also for concurrent requests."""
        key = cls(id=ObjectId(), user_id=user_id, **values)
        key.validate()
        own, now = {"user_id": key.user_id}, utcnow()
        ended = {"$or": [{"revoked_at": {"$ne": None}}, {"expires_at": {"$lte": now}}]}
        collection_of(cls).update_many(own | ended, {"$unset": {"place": ""}})
        live = {"revoked_at": None, "expires_at": {"$gt": now}}
        if not insert_in_place(cls, key.to_mongo(), own | live, MOST_KEYS):
            raise TooManyKeys
        return key

    @classmethod
    def live_of(cls, user_id: str) -> list[Self]:
        """Returns a user's valid keys, newest first."""
        return list(cls._live(user_id).order_by("-id"))

    @classmethod
    def with_hash(cls, key_hash: str) -> Self | None:
        """Returns the valid key with this hash, or None. Records its use, at most once a minute."""
        found = cast("Self | None", cls.objects(key_hash=key_hash, revoked_at=None, expires_at__gt=utcnow()).first())
        if found is not None and (found.last_used_at is None or found.last_used_at <= utcnow() - NOTED_EVERY):
            cls.objects(id=found.id).update_one(set__last_used_at=utcnow())
        return found

    @classmethod
    def revoke(cls, user_id: str, key_id: str) -> Self | None:
        """Revokes a key of this user and returns it, or None if there is no such key."""
        if not ObjectId.is_valid(key_id):
            return None
        revoked = cls._live(user_id).filter(id=key_id).modify(new=True, set__revoked_at=utcnow())
        return cast("Self | None", revoked)

    @classmethod
    def revoke_all(cls, user_id: Any) -> None:
        """Revokes all keys of a user."""
        cls._live(user_id).update(set__revoked_at=utcnow())

    @classmethod
    def revoked_since(cls, moment: datetime) -> list[tuple[ObjectId, datetime]]:
        """Returns the ids and revocation times of keys revoked since `moment`."""
        return list(cls.objects(revoked_at__gte=moment).scalar("id", "revoked_at"))

    @classmethod
    def _live(cls, user_id: Any) -> Any:
        return cls.objects(user_id=user_id, revoked_at=None, expires_at__gt=utcnow())
