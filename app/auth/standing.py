"""What operators decide about a person."""

from __future__ import annotations

from bson import ObjectId

from app.auth.models import User
from app.database import collection_of


def own_limits(user_id: str) -> dict[str, int]:
    """The limits that a person has of their own, by the names of app.quotas.limits.Limits."""
    found = collection_of(User).find_one({"_id": ObjectId(user_id)}, {"limits": 1}) or {}
    return dict(found.get("limits") or {})
