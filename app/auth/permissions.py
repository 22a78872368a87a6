"""What operators allow each user: the operator role, access at all (disabled accounts), and own quota limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bson import ObjectId
from pymongo import ReturnDocument

from app.auth.models import Session, User
from app.clock import utcnow
from app.database import collection_of
from app.errors import Conflict

ADMIN = "admin"

_LIMITS = {"_id": 0, "limits": 1}


class LastOperator(Conflict):
    """The user is the only operator."""

    code = "last_operator"
    default_message = "This is the last operator - make somebody else one first"


def own_limits(user_id: str) -> dict[str, int]:
    """Returns a user's own limits, by the field names of app.quotas.limits.Limits."""
    found = _users().find_one({"_id": ObjectId(user_id)}, {"limits": 1}) or {}
    return dict(found.get("limits") or {})


def with_own_limits(user_id: ObjectId) -> dict[str, Any]:
    """Returns a stage that appends the user's own limits as a row {limits}; the row is empty without any."""
    return {"$unionWith": {"coll": _users().name, "pipeline": [{"$match": {"_id": user_id}}, {"$project": _LIMITS}]}}


def set_limits(user_id: ObjectId, limits: Mapping[str, int | None]) -> None:
    """Sets the given limits. None restores the default from the settings."""
    given = {f"limits.{name}": value for name, value in limits.items() if value is not None}
    gone = {f"limits.{name}": "" for name, value in limits.items() if value is None}
    writes = {"$set": given, "$unset": gone}
    if limits:
        _users().update_one({"_id": user_id}, {name: each for name, each in writes.items() if each})


def is_operator(user_id: str) -> bool:
    """Whether the user is an operator. Queried on each request, so that revoking the role takes effect at once."""
    own = {"_id": ObjectId(user_id), "role": ADMIN, "disabled_at": None}
    return _users().find_one(own, {"_id": 1}) is not None


def promote(user_id: ObjectId) -> None:
    """Makes a user an operator."""
    _users().update_one({"_id": user_id}, {"$set": {"role": ADMIN}})


def demote(user_id: ObjectId) -> None:
    """Removes the operator role. Raises LastOperator and changes nothing if there is no other operator."""
    _unless_last(user_id, {"$unset": {"role": ""}}, {"$set": {"role": ADMIN}})


def disable(user_id: ObjectId) -> None:
    """Disables an account: no login, and all sessions, keys and sockets end. Raises LastOperator like `demote`."""
    _unless_last(user_id, {"$set": {"disabled_at": utcnow()}}, {"$set": {"disabled_at": None}})
    Session.revoke_all(user_id)


def enable(user_id: ObjectId) -> None:
    """Enables an account again, including its API keys."""
    _users().update_one({"_id": user_id}, {"$set": {"disabled_at": None}})


def _unless_last(user_id: ObjectId, change: dict[str, Any], undo: dict[str, Any]) -> None:
    """Applies a change unless the user is the last operator.

    The change is applied first, and undone if no operator is left. So if the last two operators demote each other at
    the same time, one change or both are undone, and at least one operator always remains.
    """
    before = _users().find_one_and_update({"_id": user_id}, change, return_document=ReturnDocument.BEFORE) or {}
    was_operator = before.get("role") == ADMIN and before.get("disabled_at") is None
    if was_operator and _users().find_one({"role": ADMIN, "disabled_at": None}, {"_id": 1}) is None:
        _users().update_one({"_id": user_id}, undo)
        raise LastOperator


def _users() -> Any:
    return collection_of(User)
