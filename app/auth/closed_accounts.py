"""Accounts whose owners have deleted them: closed at once, erased part by part, and remembered for a short while.

The access tokens of an erased account are genuine until they expire, and must not work. So a row stays that holds no
more than a hash of the person's id, until the last of those tokens has expired.
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
    """Closes an account for good in one write, which takes away everything that tells whose it is.

    Returns False if the password has changed since `user` was read, or somebody else was first.
    """
    unchanged = {"_id": user.id, "password_hash": user.password_hash, "deleting_at": None}
    nameless = {"deleting_at": utcnow(), "email": f"deleted:{user.id}", "password_hash": "-"}  # no hash is like it
    gone = dict.fromkeys(("first_name", "last_name", "preferences"), "")
    changed = collection_of(User).update_one(unchanged, {"$set": nameless, "$unset": gone})
    return bool(changed.modified_count)


def closed_before(moment: datetime) -> list[ObjectId]:
    """The people whose accounts were closed before then and are not erased yet."""
    return list(User.objects(deleting_at__lt=moment).scalar("id"))


def forget_person(user_id: Any) -> None:
    """Removes a closed account itself, after everything that belongs to it."""
    collection_of(User).delete_one({"_id": user_id, "deleting_at": {"$ne": None}})


class ErasedAccount(Document):
    """Its id is `hash_of` the person's. Without a row nobody knows that there ever was such an account."""

    id: str = StringField(primary_key=True)
    until: datetime = DateTimeField(required=True)

    meta = {  # noqa: RUF012  # MongoEngine reads this class attribute as it is
        "collection": "erased_accounts",
        "strict": False,
        "auto_create_index": False,
        "indexes": [
            # TTL: MongoDB removes a row when nothing of the account can be valid any more
            {"fields": ["until"], "expireAfterSeconds": 0},
        ],
    }

    @classmethod
    def note(cls, user_id: object, until: datetime) -> None:
        """Notes that this account is gone. Doing so again postpones the end."""
        collection_of(cls).update_one({"_id": hash_of(user_id)}, {"$max": {"until": until}}, upsert=True)

    @classmethod
    def recent(cls) -> set[str]:
        """The hashes of the accounts whose tokens may still look valid."""
        return {str(each) for each in cls.objects(until__gt=utcnow()).scalar("id")}
