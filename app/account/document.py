"""Stored password reset links: hashed, single-use, valid for an hour."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from bson import ObjectId
from mongoengine import DateTimeField, Document, ObjectIdField, StringField

from app.clock import utcnow
from app.database import collection_of

LIFETIME = timedelta(hours=1)
TOKEN_BYTES = 32


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class PasswordReset(Document):
    """A password reset link. Its id is the SHA-256 of its token. A user has at most one."""

    id: str = StringField(primary_key=True)
    user_id: ObjectId = ObjectIdField(required=True)
    expires_at: datetime = DateTimeField(required=True)

    meta = {  # noqa: RUF012  # MongoEngine reads this class attribute as it is
        "collection": "password_resets",
        "strict": False,
        "auto_create_index": False,
        "indexes": [
            # a newer link replaces the older one; erased with the account
            {"fields": ["user_id"]},
            # TTL
            {"fields": ["expires_at"], "expireAfterSeconds": 0},
        ],
    }

    @classmethod
    def make(cls, user_id: Any) -> str:
        """Creates a link and returns its token. Older links of this user stop working."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        row = {"_id": hash_of(token), "user_id": user_id, "expires_at": utcnow() + LIFETIME}
        collection_of(cls).delete_many({"user_id": user_id})
        collection_of(cls).insert_one(row)
        return token

    @classmethod
    def owner_of(cls, token: str) -> ObjectId | None:
        """Returns the link's user, or None if it is not valid."""
        return cls._owner(collection_of(cls).find_one(cls._usable(token)))

    @classmethod
    def use(cls, token: str) -> ObjectId | None:
        """Consumes the link atomically. Returns its user, or None if it is not valid any more."""
        return cls._owner(collection_of(cls).find_one_and_delete(cls._usable(token)))

    @staticmethod
    def _usable(token: str) -> dict[str, Any]:
        return {"_id": hash_of(token), "expires_at": {"$gt": utcnow()}}

    @staticmethod
    def _owner(row: dict[str, Any] | None) -> ObjectId | None:
        return None if row is None else ObjectId(row["user_id"])
