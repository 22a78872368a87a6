"""API keys, as stored: their hash, what they may do, and until when."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self, cast

from bson import ObjectId
from mongoengine import DateTimeField, Document, ListField, ObjectIdField, StringField

from app.clock import utcnow
from app.errors import Conflict

MOST_KEYS = 20
"""Of one person, not counting those that have expired or were revoked."""
NOTED_EVERY = timedelta(minutes=1)
"""How exact `last_used_at` is."""


class TooManyKeys(Conflict):
    code = "too_many_keys"
    default_message = f"You have {MOST_KEYS} API keys already - revoke one first"


class ApiKey(Document):
    """A key of a person. It stays stored for a day after it was revoked, so that every process learns of that."""

    user_id: ObjectId = ObjectIdField(required=True)
    name: str = StringField(required=True)
    scopes: list[str] = ListField(StringField(), required=True)
    key_hash: str = StringField(required=True)
    created_at: datetime = DateTimeField(required=True, default=utcnow)
    expires_at: datetime = DateTimeField(required=True)
    last_used_at: datetime | None = DateTimeField()
    revoked_at: datetime | None = DateTimeField()

    meta = {  # noqa: RUF012  # MongoEngine reads this class attribute as it is
        "collection": "api_keys",
        "strict": False,  # a later release may add fields while this one still runs
        "auto_create_index": False,
        "indexes": [
            # authentication: one lookup by the hash
            {"fields": ["key_hash"], "unique": True},
            # a person's keys
            {"fields": ["user_id"]},
            # what was revoked a moment ago: its sockets and streams end
            {"fields": ["revoked_at"], "sparse": True},
            # TTL: MongoDB removes a key when it has expired
            {"fields": ["expires_at"], "expireAfterSeconds": 0},
        ],
    }

    @classmethod
    def add(cls, user_id: str, **values: Any) -> Self:
        """Stores a key. Raises TooManyKeys when the person has MOST_KEYS, also under a race: the later one goes."""
        key = cast("Self", cls(user_id=user_id, **values).save(force_insert=True))
        older = cls._live(user_id).filter(id__lt=key.id).count()
        if older >= MOST_KEYS:
            key.delete()
            raise TooManyKeys
        return key

    @classmethod
    def live_of(cls, user_id: str) -> list[Self]:
        """A person's keys that work, newest first."""
        return list(cls._live(user_id).order_by("-id"))

    @classmethod
    def with_hash(cls, key_hash: str) -> Self | None:
        """The key that works and has this hash; notes its use, at most once a minute."""
        found = cast("Self | None", cls.objects(key_hash=key_hash, revoked_at=None, expires_at__gt=utcnow()).first())
        if found is not None and (found.last_used_at is None or found.last_used_at <= utcnow() - NOTED_EVERY):
            cls.objects(id=found.id).update_one(set__last_used_at=utcnow())
        return found

    @classmethod
    def revoke(cls, user_id: str, key_id: str) -> Self | None:
        """Ends a key of this person; None when they have no such key."""
        if not ObjectId.is_valid(key_id):
            return None
        revoked = cls._live(user_id).filter(id=key_id).modify(new=True, set__revoked_at=utcnow())
        return cast("Self | None", revoked)

    @classmethod
    def revoke_all(cls, user_id: Any) -> None:
        """Ends all keys of a person."""
        cls._live(user_id).update(set__revoked_at=utcnow())

    @classmethod
    def revoked_since(cls, moment: datetime) -> list[tuple[ObjectId, datetime]]:
        """Ids and end of the keys that were revoked since then."""
        return list(cls.objects(revoked_at__gte=moment).scalar("id", "revoked_at"))

    @classmethod
    def _live(cls, user_id: Any) -> Any:
        return cls.objects(user_id=user_id, revoked_at=None, expires_at__gt=utcnow())
