"""Where a generation stands among those of its owner that wait.

MongoDB counts them along the index `line`, so that nobody reads a line of ten thousand to say where one of them is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.content.document import PENDING, Content
from app.database import aggregated, collection_of

NEEDED = ("user_id", "generation_status", "due_at")
"""What has to be known of a content for that, besides its id."""


def add_positions(contents: Iterable[dict[str, Any]]) -> None:
    """Says of each content that waits, all of one person, how many of theirs are ahead: its `position`."""
    waiting = [each for each in contents if each.get("generation_status") == PENDING and each.get("due_at")]
    if len(waiting) == 1:
        waiting[0]["position"] = _ahead_of(waiting[0])
    elif waiting:
        positions = _positions(waiting)
        for each in waiting:
            each["position"] = positions.get(each["_id"])  # None: it has begun meanwhile


def ahead_of(content: Mapping[str, Any], *others: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows that one question finds: {ahead}, how many are ahead of this one, and what `others`, its stages, add.

    No row with `ahead`: none is. The content need not be stored yet.
    """
    earlier = {"$or": [{"$lt": ["$due_at", content["due_at"]]}, {"$lt": ["$_id", content["_id"]]}]}
    stages = [
        {"$match": _line_of(content, until=content["due_at"])},
        {"$group": {"_id": None, "ahead": {"$sum": {"$cond": [earlier, 1, 0]}}}},
        *others,
    ]
    return _along_the_line(stages)


def _ahead_of(content: Mapping[str, Any]) -> int:
    return next((each["ahead"] for each in ahead_of(content)), 0)


def _positions(contents: Sequence[Mapping[str, Any]]) -> dict[Any, int]:
    """Of each of these contents that still waits, by id."""
    counted = {"$sum": 1, "window": {"documents": ["unbounded", "current"]}}
    stages: list[dict[str, Any]] = [
        {"$match": _line_of(contents[0], until=max(each["due_at"] for each in contents))},
        {"$project": {"due_at": 1}},
        {"$setWindowFields": {"sortBy": {"due_at": 1, "_id": 1}, "output": {"place": counted}}},
        {"$match": {"_id": {"$in": [each["_id"] for each in contents]}}},
    ]
    return {each["_id"]: each["place"] - 1 for each in _along_the_line(stages)}


def _line_of(content: Mapping[str, Any], *, until: datetime) -> dict[str, Any]:
    own = {"user_id": content["user_id"], "generation_status": PENDING, "deleted": False}
    return own | {"due_at": {"$lte": until}}


def _along_the_line(stages: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return aggregated(collection_of(Content), stages, "line")
