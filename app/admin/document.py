"""The audit log of operators' actions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bson import ObjectId
from mongoengine import DateTimeField, DictField, Document, ObjectIdField, StringField

from app.clock import utcnow
from app.database import collection_of

COMMAND = None
"""The operator id of actions by a server command."""


class AuditEntry(Document):
    """An action by an operator. Entries are never deleted.

    `operator_id` is None for a server command. `subject_id` is that of a user or a content. References to a deleted
    account are removed.
    """

    at: datetime = DateTimeField(required=True, default=utcnow)
    operator_id: ObjectId | None = ObjectIdField()
    act: str = StringField(required=True)
    subject_id: ObjectId | None = ObjectIdField()
    details: dict[str, Any] = DictField(default=dict)

    meta = {  # noqa: RUF012  # MongoEngine reads this class attribute as it is
        "collection": "audit",
        "strict": False,
        "auto_create_index": False,
        "indexes": [
            # the list, newest first
            {"fields": ["-at"]},
        ],
    }

    @classmethod
    def forget_person(cls, user_id: Any) -> None:
        """Removes the references to this user from all entries."""
        for role in ("operator_id", "subject_id"):
            collection_of(cls).update_many({role: user_id}, {"$unset": {role: ""}, "$set": {f"{role}_erased": True}})

    @classmethod
    def note(cls, operator_id: str | None, act: str, subject_id: Any = None, **details: Any) -> None:
        """Records an action. Call it right before the action, so that none goes unrecorded."""
        entry = {"at": utcnow(), "act": act, "details": details}
        entry |= {"operator_id": ObjectId(operator_id)} if operator_id else {}
        entry |= {"subject_id": ObjectId(subject_id)} if subject_id else {}
        collection_of(cls).insert_one(entry)
