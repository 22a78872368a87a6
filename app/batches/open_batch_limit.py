"""Limits a user's unfinished batches: each takes a slot, and a unique index prevents taking a slot twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bson import ObjectId
from pymongo.errors import DuplicateKeyError

from app.batches.document import Batch
from app.database import collection_of
from app.library_errors import TooManyBatches

MOST_OPEN = 3


def free_places(user_id: str) -> list[int]:
    """Returns the free slots. Raises TooManyBatches if MOST_OPEN batches are unfinished.

    A retried batch, or one stored by the previous release, is unfinished without having a slot.
    """
    unfinished = {"user_id": ObjectId(user_id), "unfinished": True}
    places = [each.get("place") for each in collection_of(Batch).find(unfinished, {"place": 1}).limit(MOST_OPEN)]
    if len(places) >= MOST_OPEN:
        raise TooManyBatches
    return [place for place in range(MOST_OPEN) if place not in places]


def insert(batch: Mapping[str, Any]) -> None:
    """Stores a batch in a free slot. Raises TooManyBatches, also if concurrent requests take the last slots."""
    for place in free_places(str(batch["user_id"])):
        try:
            collection_of(Batch).insert_one({**batch, "place": place})
        except DuplicateKeyError as error:
            if "place" not in (error.details or {}).get("keyPattern", {}):
                raise
        else:
            return
    raise TooManyBatches
