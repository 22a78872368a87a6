"""Computes the counts of a batch from the state of its rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.batches import document
from app.content.document import CANCELLED, GENERATION_STATUSES, PENDING, PROCESSING, Content
from app.database import collection_of

Counts = dict[str, int]


def counts_of(batch: Mapping[str, Any]) -> Counts:
    """Returns the number of rows in each state and in total. The batch has `rows`, or `total` from `without_rows`."""
    grouped = collection_of(Content).aggregate(
        [{"$match": {"batch_id": batch["_id"]}}, {"$group": {"_id": "$generation_status", "count": {"$sum": 1}}}]
    )
    found = {each["_id"]: each["count"] for each in grouped}
    counts = {status: found.get(status, 0) for status in GENERATION_STATUSES}
    total = batch["total"] if "total" in batch else len(batch["rows"])
    counts[status_of_missing(batch)] += max(0, total - sum(counts.values()))
    return {"total": total, **counts}


def status_of_missing(batch: Mapping[str, Any]) -> str:
    """Returns the status of rows without a content: not created yet, or cancelled or deleted since."""
    return CANCELLED if batch.get("made") or batch["state"] == document.CANCELLED else PENDING


def is_under_way(counts: Counts) -> bool:
    return counts[PENDING] + counts[PROCESSING] > 0
