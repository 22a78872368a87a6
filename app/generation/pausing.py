"""Runs of a batch that wait are put off while it is paused, and are due again when it goes on."""

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
"""How far away the turn of a run is that is put off. Nobody may ask for one so late; see app.generation.schemas."""


def put_off(batch_id: Any) -> None:
    """Puts off all runs of the batch that wait. Those that are put off already stay as they are."""
    until = utcnow() + PUT_OFF
    waiting = _waiting(batch_id) | {"due_at": {"$lt": until - timedelta(days=1)}}
    collection_of(Content).update_many(waiting, {"$set": {"due_at": until, "wake_at": until}})


def take_up(batch_id: Any) -> Iterator[Stored]:
    """Makes the runs of the batch that were put off due now; each content as it is then."""
    later = _waiting(batch_id) | {"due_at": {"$gt": utcnow() + PUT_OFF - timedelta(days=365)}}
    for content in list(collection_of(Content).find(later, {"user_id": 1})):
        due = transitions.run_now(str(content["user_id"]), content["_id"])
        if due is not None:
            yield due


def _waiting(batch_id: Any) -> dict[str, Any]:
    return {"batch_id": batch_id, "deleted": False, "generation_status": PENDING}
