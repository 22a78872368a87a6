"""Computes how much a user has stored: the texts of contents, including the trash, and of all versions."""

from __future__ import annotations

from typing import Any

from bson import ObjectId
from mongoengine import Document

from app.content import queries
from app.content.document import Content
from app.content.versions import Version
from app.database import collection_of


def stored_bytes(user_id: str) -> int:
    """Returns the size of a user's titles, prompts and texts in UTF-8 bytes."""
    return _size(Content, user_id, "title", "prompt", "generated_text") + _size(Version, user_id, "title", "text")


def size_of(values: dict[str, Any]) -> int:
    """Returns the size of a content's texts in UTF-8 bytes."""
    return sum(len((values.get(name) or "").encode()) for name in ("title", "prompt", "generated_text"))


def growth_of(user_id: str, content_id: str, changes: dict[str, Any]) -> int:
    """Returns how many bytes a content grows by these changes. 0 if it is not this user's."""
    own = {"_id": queries.content_id(content_id), "user_id": ObjectId(user_id)}
    content = collection_of(Content).find_one(own, dict.fromkeys(changes, 1))
    return 0 if content is None else size_of(changes) - size_of({name: content.get(name) for name in changes})


def _size(kind: type[Document], user_id: str, *names: str) -> int:
    size = {"$add": [{"$strLenBytes": {"$ifNull": [f"${name}", ""]}} for name in names]}
    own = {"$match": {"user_id": ObjectId(user_id)}}
    found = collection_of(kind).aggregate([own, {"$group": {"_id": None, "size": {"$sum": size}}}])
    return next((int(each["size"]) for each in found), 0)
