"""Pauses and resumes a batch by postponing its waiting runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from app.clock import utcnow
from app.content.document import PENDING, Content
from app.database import collection_of
from app.generation import transitions
from app.generation.transitions import Stored

PUT_OFF = timedelta(days=3650)
"""How far paused runs are postponed, well beyond the latest `runAt` (app.generation.schemas)."""


def put_off(batch_id: Any) -> None:
    """Postpones all waiting runs of the batch. Idempotent."""
    until = utcnow() + PUT_OFF
    waiting = _waiting(batch_id) | {"due_at": {"$lt": until - timedelta(days=1)}}
    collection_of(Content).update_many(waiting, {"$set": {"due_at": until, "wake_at": until}})


def take_up(batch_id: Any) -> Iterator[Stored]:
    """Makes the postponed runs of the batch due now. Yields each updated content."""
    later = _waiting(batch_id) | {"due_at": {"$gt": utcnow() + PUT_OFF - timedelta(days=365)}}
    for content in list(collection_of(Content).find(later, {"user_id": 1})):
        due = transitions.run_now(str(content["user_id"]), content["_id"])
        if due is not None:
            yield due


def _waiting(batch_id: Any) -> dict[str, Any]:
    return {"batch_id": batch_id, "deleted": False, "generation_status": PENDING}
