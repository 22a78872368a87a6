"""Holds the waiting runs of a batch, and releases them.

A held run has no `due_at`, so that no worker can begin it, and no `wake_at`, so that the sweep does not look at it. Its
due time is kept in `held_due_at`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.clock import utcnow
from app.content.document import PENDING, Content
from app.database import collection_of
from app.generation.backlog import NEXT_ATTEMPT, next_attempt
from app.queueing.schedule import DueAttempt

BEYOND_ANY_REQUEST = timedelta(days=31)
"""No request is due this far ahead. The previous release held generations by postponing them by ten years."""


def hold(batch_id: Any) -> None:
    """Holds all waiting runs of the batch. Idempotent."""
    _hold({"batch_id": batch_id})


def hold_queued(batch_id: Any) -> None:
    """Holds the runs that wait in the batch's queue, but not those that their owner requested or started singly."""
    _hold({"batch_id": batch_id, "queue_owner": {"$in": [batch_id, None]}})


def release(batch_id: Any) -> list[DueAttempt]:
    """Makes the held runs of the batch due when they would have been, or now. Returns what the caller must schedule."""
    held = {"batch_id": batch_id, "generation_status": PENDING, "held_due_at": {"$ne": None}}
    ids = [each["_id"] for each in _contents().find(held, {"_id": 1})]
    if not ids:
        return []
    now = utcnow()
    postponed = {"$gt": ["$held_due_at", now + BEYOND_ANY_REQUEST]}
    due = {"$cond": [postponed, now, {"$max": ["$held_due_at", now]}]}
    released = [{"$set": {"due_at": due, "wake_at": due}}, {"$unset": "held_due_at"}]
    _contents().update_many(held | {"_id": {"$in": ids}}, released)
    due_again = {"_id": {"$in": ids}, "generation_status": PENDING, "due_at": {"$ne": None}}
    return [next_attempt(each) for each in _contents().find(due_again, dict.fromkeys(NEXT_ATTEMPT, 1))]


def _hold(which: dict[str, Any]) -> None:
    waiting = which | {"generation_status": PENDING, "due_at": {"$ne": None}}
    held = [{"$set": {"held_due_at": "$due_at"}}, {"$unset": ["due_at", "wake_at"]}]
    _contents().update_many(waiting, held)


def _contents() -> Any:
    return collection_of(Content)
