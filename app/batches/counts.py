"""The counts of a batch, always made from what its rows are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.batches import document
from app.content.document import CANCELLED, GENERATION_STATUSES, PENDING, PROCESSING, Content
from app.database import collection_of

Counts = dict[str, int]


def counts_of(batch: Mapping[str, Any]) -> Counts:
    """How many rows are in each state, and in all. The batch has its rows, or is one of `without_rows`."""
    grouped = collection_of(Content).aggregate(
        [{"$match": {"batch_id": batch["_id"]}}, {"$group": {"_id": "$generation_status", "count": {"$sum": 1}}}]
    )
    found = {each["_id"]: each["count"] for each in grouped}
    counts = {status: found.get(status, 0) for status in GENERATION_STATUSES}
    total = batch["total"] if "total" in batch else len(batch["rows"])
    counts[status_of_missing(batch)] += max(0, total - sum(counts.values()))
    return {"total": total, **counts}


def status_of_missing(batch: Mapping[str, Any]) -> str:
    """What a row is that has no content: not made yet, or called off or removed since."""
    return CANCELLED if batch.get("made") or batch["state"] == document.CANCELLED else PENDING


def is_under_way(counts: Counts) -> bool:
    return counts[PENDING] + counts[PROCESSING] > 0
