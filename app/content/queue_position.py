"""The position of a waiting generation among those of its owner.

MongoDB counts along the index `line`, so that no documents are read even if ten thousand are waiting.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.content.document import PENDING, Content
from app.database import aggregated, collection_of

NEEDED = ("user_id", "generation_status", "due_at")
"""The fields needed for this, besides the id."""


def add_positions(contents: Iterable[dict[str, Any]]) -> None:
    """Sets the `position` of each waiting content of one user: how many of the user's generations are ahead."""
    waiting = [each for each in contents if each.get("generation_status") == PENDING and each.get("due_at")]
    if len(waiting) == 1:
        waiting[0]["position"] = ahead_in(along_the_line(counting_ahead(waiting[0])))
    elif waiting:
        positions = _positions(waiting)
        for each in waiting:
            each["position"] = positions.get(each["_id"])  # None if it started meanwhile


def counting_ahead(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Returns the stages that count the generations ahead of this content, which need not be stored yet."""
    earlier = {"$or": [{"$lt": ["$due_at", content["due_at"]]}, {"$lt": ["$_id", content["_id"]]}]}
    return [
        {"$match": _line_of(content, until=content["due_at"])},
        {"$group": {"_id": None, "ahead": {"$sum": {"$cond": [earlier, 1, 0]}}}},
    ]


def ahead_in(rows: Iterable[Mapping[str, Any]]) -> int:
    """Returns the number of generations ahead from the rows that `counting_ahead` and further stages found."""
    return next((int(each["ahead"]) for each in rows if "ahead" in each), 0)


def along_the_line(stages: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Runs an aggregation over contents that begins with a user's queue, along its index."""
    return aggregated(collection_of(Content), stages, "line")


def _positions(contents: Sequence[Mapping[str, Any]]) -> dict[Any, int]:
    """Returns the position of each of these contents that is still waiting, by id."""
    counted = {"$sum": 1, "window": {"documents": ["unbounded", "current"]}}
    stages: list[dict[str, Any]] = [
        {"$match": _line_of(contents[0], until=max(each["due_at"] for each in contents))},
        {"$project": {"due_at": 1}},
        {"$setWindowFields": {"sortBy": {"due_at": 1, "_id": 1}, "output": {"place": counted}}},
        {"$match": {"_id": {"$in": [each["_id"] for each in contents]}}},
    ]
    return {each["_id"]: each["place"] - 1 for each in along_the_line(stages)}


def _line_of(content: Mapping[str, Any], *, until: datetime) -> dict[str, Any]:
    own = {"user_id": content["user_id"], "generation_status": PENDING, "deleted": False}
    return own | {"due_at": {"$lte": until}}
