"""The trash: deleted contents can be restored until their owner or the purge deletes them permanently."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from bson import ObjectId
from pymongo import ReturnDocument

from app.clock import utcnow
from app.content import queries
from app.content.document import Content
from app.content.versions import revised
from app.database import collection_of
from app.errors import NotFound
from app.library_errors import NotInTrash
from app.logs import get_logger
from app.outbox.entries import CHANGED, TRASHED, Entry, pushed
from app.outbox.relay import Relay
from app.periodic import keep_doing

log = get_logger(__name__)

Stored = dict[str, Any]
Eraser = Callable[[Sequence[Stored]], None]
"""Deletes what belongs to the given contents, before the contents themselves are deleted."""

PURGE_SECONDS = 60.0
BATCH = 100


class Trash:
    """The trash. `along` returns further stages for the update that moves a content there."""

    def __init__(
        self, relay: Relay, along: Callable[[datetime], list[dict[str, Any]]], erasers: Sequence[Eraser]
    ) -> None:
        self._relay = relay
        self._along = along
        self._erasers = erasers

    def put(self, user_id: str, content_id: str) -> None:
        """Moves a content to the trash and cancels its unfinished generation or rewrite. Raises NotFound."""
        now = utcnow()
        told = [{"$set": pushed(Entry.of(kind, now))} for kind in (CHANGED, TRASHED)]
        content = Content.trash(
            user_id, queries.content_id(content_id), [*self._along(now), {"$set": revised()}, *told]
        )
        if content is None:
            raise NotFound("Content not found")
        self._relay.carry(content)

    def take_back(self, user_id: str, content_id: str) -> queries.Shown:
        """Restores a content from the trash. Its generation stays cancelled.

        Raises NotInTrash if it is not in the trash, NotFound if it does not exist or cannot be restored.
        """
        now = utcnow()
        back = {"deleted": False, "deleted_at": "$$REMOVE", "in_trash": "$$REMOVE", "updated_at": now}
        told = [{"$set": back | revised() | pushed(Entry.of(CHANGED, now))}]
        content = self._change(user_id, content_id, told)
        self._relay.carry(content)
        return queries.shown(content)

    def erase(self, user_id: str, content_id: str) -> None:
        """Permanently deletes a content in the trash and what belongs to it, except its usage.

        After the first write it can be neither listed nor restored; the purge finishes an interrupted deletion. Raises
        like `take_back`.
        """
        content = self._change(user_id, content_id, [{"$set": {"in_trash": "$$REMOVE"}}])
        if not content.get("outbox"):
            self._erase([content])

    def keep_purging(self, kept: timedelta, stopping: threading.Event) -> None:
        """Purges every minute until `stopping` is set, also through outages. Run it in a separate thread."""

        def purge_all() -> None:
            while self.purge(kept) == BATCH and not stopping.is_set():
                pass

        keep_doing("purge", purge_all, PURGE_SECONDS, stopping)

    def purge(self, kept: timedelta) -> int:
        """Permanently deletes up to 100 contents trashed longer than `kept` ago, or deleted before there was a trash.

        Returns the number of contents found.
        """
        over = {"in_trash": True, "deleted_at": {"$lte": utcnow() - kept}}
        ended = {"deleted": True, "outbox": None, "lease_owner": None}
        found = list(_contents().find(ended | over, limit=BATCH))
        found += _contents().find(ended | {"in_trash": None}, limit=max(1, BATCH - len(found)))
        found = found[:BATCH]
        purged = [each for each in found if self._is_lost(each)]
        self._erase(purged)
        if purged:
            log.info("purged", count=len(purged))
        return len(found)

    def _is_lost(self, content: Stored) -> bool:
        """Prevents the content from being restored. Returns False if it was restored meanwhile."""
        seen = {"_id": content["_id"], "deleted": True, "deleted_at": content.get("deleted_at")}
        lost: bool = _contents().update_one(seen, {"$unset": {"in_trash": ""}}).matched_count == 1
        return lost

    def _erase(self, contents: Sequence[Stored]) -> None:
        if contents:
            for erase in self._erasers:
                erase(contents)
            _contents().delete_many({"_id": {"$in": [each["_id"] for each in contents]}, "deleted": True})

    def _change(self, user_id: str, content_id: str, stages: list[dict[str, Any]]) -> Stored:
        own = {"_id": queries.content_id(content_id), "user_id": ObjectId(user_id)}
        there = own | {"deleted": True, "in_trash": True}
        content = _contents().find_one_and_update(there, stages, return_document=ReturnDocument.AFTER)
        if content is None:
            raise (
                NotInTrash
                if _contents().find_one(own | {"deleted": False}, {"_id": 1})
                else NotFound("Content not found")
            )
        return dict(content)


def _contents() -> Any:
    return collection_of(Content)
