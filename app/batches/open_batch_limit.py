"""Limits a user's unfinished batches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bson import ObjectId

from app.batches.document import Batch
from app.library_errors import TooManyBatches
from app.places import free_places, insert_in_place

MOST_OPEN = 3


def require_place(user_id: str) -> None:
    """Raises TooManyBatches if MOST_OPEN batches are unfinished."""
    if not free_places(Batch, _unfinished(user_id), MOST_OPEN):
        raise TooManyBatches


def insert(batch: Mapping[str, Any]) -> None:
    """Stores a batch. Raises TooManyBatches, also if concurrent requests take the last places.

    A retried batch is unfinished without having a place.
    """
    if not insert_in_place(Batch, batch, _unfinished(batch["user_id"]), MOST_OPEN):
        raise TooManyBatches


def _unfinished(user_id: Any) -> dict[str, Any]:
    return {"user_id": ObjectId(user_id), "unfinished": True}
