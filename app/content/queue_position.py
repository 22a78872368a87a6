"""The position of a waiting generation in the queue of its owner: its user, or its batch.

MongoDB counts along the index `queue`, so that no documents are read even if ten thousand are waiting.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.content.document import PENDING, Content, queue_owner_of
from app.database import aggregated, collection_of

NEEDED = ("user_id", "batch_id", "queue_owner", "generation_status", "due_at")
"""The fields needed for this, besides the id."""


def add_positions(contents: Iterable[dict[str, Any]]) -> None:
    """Sets the `position` of each waiting content: how many generations are ahead of it in its queue.

    Held ones have no position.
    """
    waiting = [each for each in contents if each.get("generation_status") == PENDING and each.get("due_at")]
    if len(waiting) == 1:
        waiting[0]["position"] = ahead_in(along_the_queue(counting_ahead(waiting[0])))
    elif waiting:
        positions = _positions(waiting)
        for each in waiting:
            each["position"] = positions.get(each["_id"])  # None if it started meanwhile


def counting_ahead(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Returns the stages that count the generations ahead of this content, which need not be stored yet."""
    earlier = {"$or": [{"$lt": ["$due_at", content["due_at"]]}, {"$lt": ["$_id", content["_id"]]}]}
    return [
        {"$match": _waiting(queue_owner_of(content), until=content["due_at"])},
        {"$group": {"_id": None, "ahead": {"$sum": {"$cond": [earlier, 1, 0]}}}},
    ]


def ahead_in(rows: Iterable[Mapping[str, Any]]) -> int:
    """Returns the number of generations ahead from the rows that `counting_ahead` and further stages found."""
    return next((int(each["ahead"]) for each in rows if "ahead" in each), 0)


def along_the_queue(stages: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Runs an aggregation over contents that begins with an owner's queue, along its index."""
    return aggregated(collection_of(Content), stages, "queue")


def _positions(contents: Sequence[Mapping[str, Any]]) -> dict[Any, int]:
    """Returns the position of each of these contents that is still waiting, by id."""
    owners = list({queue_owner_of(each) for each in contents})
    counted = {"$sum": 1, "window": {"documents": ["unbounded", "current"]}}
    order = {"due_at": 1, "_id": 1}
    stages: list[dict[str, Any]] = [
        {"$match": _waiting({"$in": owners}, until=max(each["due_at"] for each in contents))},
        {"$project": {"queue_owner": 1, "due_at": 1}},
        {"$setWindowFields": {"partitionBy": "$queue_owner", "sortBy": order, "output": {"place": counted}}},
        {"$match": {"_id": {"$in": [each["_id"] for each in contents]}}},
    ]
    return {each["_id"]: each["place"] - 1 for each in along_the_queue(stages)}


def _waiting(queue_owner: Any, *, until: datetime) -> dict[str, Any]:
    return {
        "queue_owner": queue_owner,
        "generation_status": PENDING,
        "deleted": False,
        "due_at": {"$lte": until},
    }
