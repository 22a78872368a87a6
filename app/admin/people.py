"""Lists and changes users for operators."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from bson import ObjectId

from app.admin.document import AuditEntry
from app.auth import permissions
from app.auth.models import User
from app.database import collection_of
from app.errors import NotFound
from app.quotas.limits import Limits

LIMITS = tuple(each.name for each in fields(Limits))
_SHOWN = ("email", "first_name", "last_name", "role", "disabled_at", "limits", "created_at")

Shown = dict[str, Any]


def page_of_people(words: str, page: int, limit: int) -> tuple[list[Shown], int]:
    """Returns a page of the users whose name or email contains all words, newest first, and their total number."""
    wanted = {"deleting_at": None} | ({"$and": [_has(word) for word in words.split()]} if words.split() else {})
    found = _users().find(wanted, dict.fromkeys(_SHOWN, 1)).sort("_id", -1).skip((page - 1) * limit).limit(limit)
    return [_shown(each) for each in found], _users().count_documents(wanted)


def person(user_id: str) -> Shown:
    """Returns a user. Raises NotFound."""
    return _shown(_found(user_id))


def change(operator_id: str, user_id: str, *, disabled: bool | None, limits: Mapping[str, int | None]) -> Shown:
    """Disables or enables a user, and sets own limits. Raises NotFound or LastOperator."""
    found = _found(user_id)
    if limits:
        AuditEntry.note(operator_id, "user.limits", found["_id"], **limits)
        permissions.set_limits(found["_id"], limits)
    if disabled is not None and disabled != bool(found.get("disabled_at")):
        AuditEntry.note(operator_id, "user.disabled" if disabled else "user.enabled", found["_id"])
        (permissions.disable if disabled else permissions.enable)(found["_id"])
    return person(user_id)


def emails_of(user_ids: Iterable[Any]) -> dict[str, str]:
    """Returns the emails of these users by id, without deleted accounts."""
    found = _users().find({"_id": {"$in": [each for each in set(user_ids) if each]}}, {"email": 1})
    return {str(each["_id"]): each["email"] for each in found}


def _found(user_id: str) -> dict[str, Any]:
    found = _users().find_one({"_id": ObjectId(user_id), "deleting_at": None}) if ObjectId.is_valid(user_id) else None
    if found is None:
        raise NotFound("User not found")
    return dict(found)


def _has(word: str) -> dict[str, Any]:
    like = {"$regex": re.escape(word), "$options": "i"}
    return {"$or": [{name: like} for name in ("email", "first_name", "last_name")]}


def _shown(user: Mapping[str, Any]) -> Shown:
    limits = user.get("limits") or {}
    shown = {name: user.get(name) for name in _SHOWN}
    own = {name: limits.get(name) for name in LIMITS}
    return shown | {"id": str(user["_id"]), "role": user.get("role") or "user", "limits": own}


def _users() -> Any:
    return collection_of(User)
