"""Reads the rows of a batch with their contents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.batches.counts import rows_made
from app.batches.document import row_ids, rows_at
from app.content.document import CANCELLED, PENDING, Content
from app.database import collection_of

Item = dict[str, Any]


def statuses_of(batch: Mapping[str, Any]) -> list[str]:
    """Returns the status of each row of a batch, in order."""
    ids = row_ids(batch["_id"])
    contents = collection_of(Content).find({"_id": {"$in": ids}}, {"generation_status": 1})
    found = {each["_id"]: each["generation_status"] for each in contents}
    return [found.get(each) or _status_of_missing(batch, place) for place, each in enumerate(ids)]


def items_of(batch: Mapping[str, Any], places: Sequence[int], *more: str) -> list[Item]:
    """Returns the rows at these indexes, with `more` fields of their contents."""
    rows = rows_at(batch["_id"], places)
    ids = [row["id"] for row in rows]
    fields = ("title", "generation_status", "failure_reason", "failure_code", "words", "deleted", *more)
    found = {each["_id"]: each for each in collection_of(Content).find({"_id": {"$in": ids}}, dict.fromkeys(fields, 1))}
    items = []
    for place, row in zip(places, rows, strict=True):
        content = found.get(row["id"])
        status = content["generation_status"] if content else _status_of_missing(batch, place)
        shown = {name: content.get(name) if content else None for name in fields}
        ids_shown = {"content_id": str(row["id"]) if content and not content.get("deleted") else None}
        items.append(shown | ids_shown | {"row": place + 1, "status": status, "values": row["values"]})
    return items


def _status_of_missing(batch: Mapping[str, Any], place: int) -> str:
    """Returns the status of a row without a content: it is yet to be created, or was cancelled or deleted."""
    return PENDING if place >= rows_made(batch, batch["total"]) else CANCELLED
