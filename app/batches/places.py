"""How many batches of a person may be unfinished: each takes a place, and a unique index gives no place twice."""

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
    """The places that nobody has. Raises TooManyBatches when there are none, however many batches have a place.

    A batch that was tried again, or that the release before stored, is unfinished without one.
    """
    unfinished = {"user_id": ObjectId(user_id), "unfinished": True}
    places = [each.get("place") for each in collection_of(Batch).find(unfinished, {"place": 1}).limit(MOST_OPEN)]
    if len(places) >= MOST_OPEN:
        raise TooManyBatches
    return [place for place in range(MOST_OPEN) if place not in places]


def insert(batch: Mapping[str, Any]) -> None:
    """Stores a batch in a free place. Raises TooManyBatches, even if others take the last places at this moment."""
    for place in free_places(str(batch["user_id"])):
        try:
            collection_of(Batch).insert_one({**batch, "place": place})
        except DuplicateKeyError as error:
            if "place" not in (error.details or {}).get("keyPattern", {}):
                raise
        else:
            return
    raise TooManyBatches
