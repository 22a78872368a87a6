"""Reads contents as plain dicts for responses.

Creating MongoEngine objects took more than half of the time of a list request. Dates are timezone-aware, ids are
ObjectIds, and names are those of the fields of `Content`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import pymongo
from bson import ObjectId

from app.content.document import Content
from app.content.folding import fold
from app.content.queue_position import add_positions
from app.database import aggregated, collection_of
from app.errors import NotFound

Shown = dict[str, Any]

FIELDS = (
    "user_id", "title", "content_type", "prompt", "generated_text", "status", "job_id", "generation_status",
    "failure_reason", "failure_code", "due_at", "attempt", "max_attempts", "created_at", "updated_at",
    "brief", "checks", "words",
    "revision", "version",
    "tags", "batch_id",
    "retry_reason", "model",
)  # fmt: skip
"""The fields read besides the id. Fields that are not stored are None."""

LONGEST_LISTED_TEXT = 20_000
"""Characters of a text that lists show, to bound the size of responses."""

_PROJECTION: Mapping[str, Any] = dict.fromkeys((*FIELDS, "queue_owner"), 1)
_MAY_BE_LONG = {"$gt": [{"$strLenBytes": {"$ifNull": ["$generated_text", ""]}}, LONGEST_LISTED_TEXT]}
"""Cheap for MongoDB, as it does not read the text. A text with fewer bytes also has fewer characters."""
_LISTED: Mapping[str, Any] = {
    **_PROJECTION,
    "checks": dict.fromkeys(("check", "passed", "message", "value", "target", "count"), 1),
    "generated_text": {
        "$cond": [_MAY_BE_LONG, {"$substrCP": ["$generated_text", 0, LONGEST_LISTED_TEXT]}, "$generated_text"]
    },
    "truncated": {"$cond": [_MAY_BE_LONG, {"$gt": [{"$strLenCP": "$generated_text"}, LONGEST_LISTED_TEXT]}, False]},
}
"""MongoDB truncates texts and leaves out places, so that they are not transferred."""
_ABSENT: Mapping[str, Any] = {**dict.fromkeys(FIELDS), "revision": 1, "version": 0, "tags": [], "position": None}
_ALWAYS = ("id", "truncated", "deleted_at")


def content_id(text: str) -> ObjectId:
    """Parses a content id. Raises NotFound if it is not valid."""
    if not ObjectId.is_valid(text):
        raise NotFound("Content not found")
    return ObjectId(text)


def find_own(user_id: str, **conditions: Any) -> Shown | None:
    """Returns this user's content that meets the conditions and is not deleted, or None."""
    found = _collection().find_one(_own(user_id, conditions), _PROJECTION)
    return None if found is None else shown(found)


class Found(NamedTuple):
    """Contents of a list as stored. `total` is None unless requested."""

    contents: list[dict[str, Any]]
    total: int | None = None


def find_listed(
    conditions: Mapping[str, Any],
    *,
    sort: list[tuple[str, int]],
    skip: int,
    limit: int,
    only: frozenset[str],
    also: Sequence[str],
    index: str | None,
    counting: Mapping[str, Any] | None = None,
) -> Found:
    """Returns contents as stored, with the fields `only` (all if empty) and `also`.

    A text longer than LONGEST_LISTED_TEXT is cut off and `truncated` is true. The query uses `index` if it exists. With
    `counting`, also counts the contents that match these conditions, which is faster than a second query.
    """
    stages: list[dict[str, Any]] = [
        {"$match": conditions},
        {"$sort": dict(sort)},
        *([{"$skip": skip}] if skip else []),
        {"$limit": limit},
        {"$project": {**_wanted(only), **dict.fromkeys(also, 1)}},
        *([] if counting is None else [_counted(counting)]),
    ]
    rows = aggregated(_collection(), stages, index)
    if counting is None:
        return Found(rows)
    total = rows.pop()["total"] if rows and rows[-1]["_id"] is None else 0
    return Found(rows, total)


def _wanted(only: frozenset[str]) -> dict[str, Any]:
    """Returns the projection for these fields, or for all if there are none."""
    wanted = {name: value for name, value in _LISTED.items() if name in only or not only}
    return wanted | ({"truncated": _LISTED["truncated"]} if "generated_text" in only else {})


def _counted(conditions: Mapping[str, Any]) -> dict[str, Any]:
    """Returns a stage that appends a row without an id, whose `total` counts the contents that match."""
    counting = [{"$match": conditions}, {"$group": {"_id": None, "total": {"$sum": 1}}}]
    return {"$unionWith": {"coll": _collection().name, "pipeline": counting}}


def listed(document: Mapping[str, Any], only: frozenset[str]) -> Shown:
    """Returns a content of a list in the form for responses."""
    whole = _complete(document)
    whole = {name: whole[name] for name in (*FIELDS, "position", *_ALWAYS) if name in whole}
    if not whole.get("truncated"):
        whole.pop("truncated", None)
    return {name: whole[name] for name in whole if name in only or name in _ALWAYS} if only else whole


def texts_of(user_id: str, content_ids: Iterable[str]) -> list[Shown]:
    """Returns the titles and texts of those contents that belong to this user and are not deleted."""
    own = _own(user_id, {"_id": {"$in": [ObjectId(each) for each in content_ids]}})
    return [shown(each) for each in _collection().find(own, {"title": 1, "generated_text": 1})]


def tags_of(user_id: str) -> list[dict[str, Any]]:
    """Returns the tags of a user's contents outside the trash with their counts, most used first."""
    own = {"user_id": ObjectId(user_id), "deleted": False, "tag_keys": {"$gt": ""}}
    pairs = {"$zip": {"inputs": ["$tag_keys", "$tags"]}}
    grouped = {"_id": {"$first": "$pairs"}, "tag": {"$min": {"$last": "$pairs"}}, "count": {"$sum": 1}}
    found = _collection().aggregate(
        [{"$match": own}, {"$project": {"pairs": pairs}}, {"$unwind": "$pairs"}, {"$group": grouped}]
    )
    return sorted(found, key=lambda each: (-each["count"], fold(each["_id"])))


def _collection() -> pymongo.collection.Collection[dict[str, Any]]:
    return collection_of(Content)


def _own(user_id: str, conditions: Mapping[str, Any]) -> dict[str, Any]:
    """Adds owner and deletion state to the conditions, which cannot override them."""
    return {**conditions, "user_id": ObjectId(user_id), "deleted": False}


def shown(document: Mapping[str, Any], position: int | None = None) -> Shown:
    """Returns a stored content in the form for responses, with None for fields that are not stored.

    The position of a waiting content is queried unless it is given.
    """
    content = _complete(document)
    if position is None:
        add_positions([content])
    else:
        content["position"] = position
    return content


def _complete(document: Mapping[str, Any]) -> Shown:
    return {**_ABSENT, **document, "id": document["_id"]}
