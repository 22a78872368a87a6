"""Applies one action to many contents, each independently, and reports which succeeded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bson import ObjectId
from pymongo import ReturnDocument

from app.content import queries
from app.content.document import Content
from app.content.editing import counted
from app.content.folding import tag_key
from app.content.tags import MOST_TAGS
from app.content.trash import Trash
from app.database import collection_of
from app.errors import NotFound
from app.library_errors import NotInTrash
from app.outbox.relay import Relay

TRASH, UNTRASH, TAG, UNTAG, PURGE = "trash", "untrash", "tag", "untag", "purge"
ACTIONS = (TRASH, UNTRASH, TAG, UNTAG, PURGE)
MOST = 500


@dataclass(frozen=True)
class BulkResult:
    """Ids of the contents that are now as requested, and of those that do not exist or already have ten tags."""

    done: list[str]
    not_done: list[str]


class BulkActions:
    """Applies actions to many contents of one user."""

    def __init__(self, relay: Relay, trash: Trash) -> None:
        self._relay = relay
        self._trash = trash

    def carry_out(self, user_id: str, action: str, ids: Sequence[ObjectId], tag: str = "") -> BulkResult:
        """Applies the action to each content in order. Reports those it does not apply to in `not_done`."""
        acts: dict[str, Callable[[str], object]] = {
            TRASH: lambda each: self._trash.put(user_id, each),
            UNTRASH: lambda each: self._trash.take_back(user_id, each),
            PURGE: lambda each: self._trash.erase(user_id, each),
            TAG: lambda each: self._tag(user_id, each, tag),
            UNTAG: lambda each: self._untag(user_id, each, tag),
        }
        result = BulkResult([], [])
        for each in dict.fromkeys(map(str, ids)):
            try:
                acts[action](each)
            except (NotFound, NotInTrash):
                result.not_done.append(each)
            else:
                result.done.append(each)
        return result

    def _tag(self, user_id: str, content_id: str, tag: str) -> None:
        """Adds a tag. Idempotent. Raises NotFound also for a content that already has the maximum number of tags."""
        key = tag_key(tag)
        room = {"$expr": {"$lt": [{"$size": {"$ifNull": ["$tag_keys", []]}}, MOST_TAGS]}}
        added = {
            "tags": {"$concatArrays": [{"$ifNull": ["$tags", []]}, [{"$literal": tag}]]},
            "tag_keys": {"$concatArrays": [{"$ifNull": ["$tag_keys", []]}, [{"$literal": key}]]},
        }
        self._change(user_id, content_id, {"tag_keys": {"$ne": key}, **room}, {"tag_keys": key}, added)

    def _untag(self, user_id: str, content_id: str, tag: str) -> None:
        key = tag_key(tag)
        pairs = {"$zip": {"inputs": ["$tag_keys", "$tags"]}}
        rest = {
            "$filter": {"input": pairs, "cond": {"$ne": [{"$first": "$$this"}, {"$literal": key}]}},
        }
        removed = {
            "tags": {"$map": {"input": rest, "in": {"$last": "$$this"}}},
            "tag_keys": {"$map": {"input": rest, "in": {"$first": "$$this"}}},
        }
        self._change(user_id, content_id, {"tag_keys": key}, {"tag_keys": {"$ne": key}}, removed)

    def _change(
        self, user_id: str, content_id: str, when: dict[str, Any], otherwise: dict[str, Any], values: dict[str, Any]
    ) -> None:
        """Sets `values` if `when` matches. Raises NotFound if neither `when` nor `otherwise` (already done) matches."""
        own = {"_id": queries.content_id(content_id), "user_id": ObjectId(user_id), "deleted": False}
        contents = collection_of(Content)
        stages = [{"$set": values | counted()}]
        changed = contents.find_one_and_update(own | when, stages, return_document=ReturnDocument.AFTER)
        if changed is not None:
            self._relay.carry(changed)
        elif contents.find_one(own | otherwise, {"_id": 1}) is None:
            raise NotFound("Content not found")
