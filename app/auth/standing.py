"""What operators decide about a person: who is an operator, who is kept out, and who has limits of their own."""

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
DISABLED = "This account is disabled - ask the person who runs this server"


_LIMITS = {"_id": 0, "limits": 1}


class LastOperator(Conflict):
    """Without this person nobody could run the server from the app."""

    code = "last_operator"
    default_message = "This is the last operator - make somebody else one first"


def own_limits(user_id: str) -> dict[str, int]:
    """The limits that a person has of their own, by the names of app.quotas.limits.Limits."""
    found = _users().find_one({"_id": ObjectId(user_id)}, {"limits": 1}) or {}
    return dict(found.get("limits") or {})


def with_own_limits(user_id: ObjectId) -> dict[str, Any]:
    """A stage that adds a row {limits} to what an aggregation finds: what `own_limits` says. No row: there are none."""
    return {"$unionWith": {"coll": _users().name, "pipeline": [{"$match": {"_id": user_id}}, {"$project": _LIMITS}]}}


def set_limits(user_id: ObjectId, limits: Mapping[str, int | None]) -> None:
    """Sets the limits that are given. With None, that of the settings applies again."""
    given = {f"limits.{name}": value for name, value in limits.items() if value is not None}
    gone = {f"limits.{name}": "" for name, value in limits.items() if value is None}
    writes = {"$set": given, "$unset": gone}
    if limits:
        _users().update_one({"_id": user_id}, {name: each for name, each in writes.items() if each})


def is_operator(user_id: str) -> bool:
    """Asked at each request, so that a role that was taken away does not outlive its session."""
    own = {"_id": ObjectId(user_id), "role": ADMIN, "disabled_at": None}
    return _users().find_one(own, {"_id": 1}) is not None


def promote(user_id: ObjectId) -> None:
    """Makes a person an operator."""
    _users().update_one({"_id": user_id}, {"$set": {"role": ADMIN}})


def demote(user_id: ObjectId) -> None:
    """Makes an operator an ordinary person again. Raises LastOperator, and changes nothing, if nobody else is one."""
    _unless_last(user_id, {"$unset": {"role": ""}}, {"$set": {"role": ADMIN}})


def disable(user_id: ObjectId) -> None:
    """Keeps a person out: no login, every session ends, keys and sockets too. Raises LastOperator as `demote`."""
    _unless_last(user_id, {"$set": {"disabled_at": utcnow()}}, {"$set": {"disabled_at": None}})
    Session.revoke_all(user_id)


def enable(user_id: ObjectId) -> None:
    """Lets a person log in again. Their API keys work again, too."""
    _users().update_one({"_id": user_id}, {"$set": {"disabled_at": None}})


def _unless_last(user_id: ObjectId, change: dict[str, Any], undo: dict[str, Any]) -> None:
    """Two operators who do this to each other at once may both stay, but never both go."""
    before = _users().find_one_and_update({"_id": user_id}, change, return_document=ReturnDocument.BEFORE) or {}
    was_operator = before.get("role") == ADMIN and before.get("disabled_at") is None
    if was_operator and _users().find_one({"role": ADMIN, "disabled_at": None}, {"_id": 1}) is None:
        _users().update_one({"_id": user_id}, undo)
        raise LastOperator


def _users() -> Any:
    return collection_of(User)
