"""Cancels the rewrites of a content that is moved to the trash."""

from __future__ import annotations

from typing import Any

from app.content.document import UNFINISHED
from app.database import collection_of
from app.generation import transitions
from app.outbox.relay import Relay
from app.rewriting.document import Rewrite

IN_THE_TRASH = "The text was moved to the trash"


def call_off_rewrites(content_id: Any, relay: Relay) -> None:
    """Cancels the content's pending and running rewrites. Running calls to the model are aborted."""
    unfinished = {"content_id": content_id, "generation_status": {"$in": list(UNFINISHED)}}
    for each in collection_of(Rewrite).find(unfinished, {"_id": 1}):
        if called_off := transitions.call_off(each["_id"], IN_THE_TRASH, Rewrite):
            relay.carry(called_off)
