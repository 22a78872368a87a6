"""Deleted accounts: closed at once, erased step by step, and remembered briefly.

An erased account's access tokens have valid signatures until they expire. So a row with only a hash of the user's id is
kept until the last of them has expired, to reject them.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from bson import ObjectId
from mongoengine import DateTimeField, Document, StringField

from app.auth.models import User
from app.clock import utcnow
from app.database import collection_of


def hash_of(user_id: object) -> str:
    return hashlib.sha256(f"erased account {user_id}".encode()).hexdigest()


def close_account(user: User) -> bool:
    """Closes an account permanently in one write that removes all personal data.

    Returns False if the password was changed since `user` was read, or the account is already closed.
    """
    unchanged = {"_id": user.id, "password_hash": user.password_hash, "deleting_at": None}
    nameless = {"deleting_at": utcnow(), "email": f"deleted:{user.id}", "password_hash": "-"}  # not a valid hash
    gone = dict.fromkeys(("first_name", "last_name", "preferences"), "")
    changed = collection_of(User).update_one(unchanged, {"$set": nameless, "$unset": gone})
    return bool(changed.modified_count)


def closed_before(moment: datetime) -> list[ObjectId]:
    """Returns the users whose accounts were closed before `moment` and are not erased yet."""
    return list(User.objects(deleting_at__lt=moment).scalar("id"))


def forget_person(user_id: Any) -> None:
    """Deletes a closed account's user, after all its data."""
    collection_of(User).delete_one({"_id": user_id, "deleting_at": {"$ne": None}})


class ErasedAccount(Document):
    """A recently erased account. Its id is `hash_of` the user's id."""

    id: str = StringField(primary_key=True)
    until: datetime = DateTimeField(required=True)

    meta = {  # noqa: RUF012  # MongoEngine reads this class attribute as it is
        "collection": "erased_accounts",
        "strict": False,
        "auto_create_index": False,
        "indexes": [
            # TTL: removed once no token of the account can be valid
            {"fields": ["until"], "expireAfterSeconds": 0},
        ],
    }

    @classmethod
    def note(cls, user_id: object, until: datetime) -> None:
        """Records that this account was erased. Calling it again can only extend `until`."""
        collection_of(cls).update_one({"_id": hash_of(user_id)}, {"$max": {"until": until}}, upsert=True)

    @classmethod
    def recent(cls) -> set[str]:
        """Returns the hashes of accounts whose tokens may not have expired yet."""
        return {str(each) for each in cls.objects(until__gt=utcnow()).scalar("id")}
