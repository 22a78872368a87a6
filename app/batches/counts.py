"""Computes the counts of batches from the state of their rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from app.batches import document
from app.content.document import CANCELLED, GENERATION_STATUSES, PENDING, PROCESSING, Content
from app.database import collection_of

Counts = dict[str, int]


def counts_of(batch: Mapping[str, Any]) -> Counts:
    """Returns the number of rows in each state and in total. The batch is one of `without_rows`."""
    (counts,) = counts_of_each([batch])
    return counts


def counts_of_each(batches: Sequence[Mapping[str, Any]]) -> list[Counts]:
    """Returns the counts of each batch, like `counts_of`."""
    own = {"$match": {"batch_id": {"$in": [batch["_id"] for batch in batches]}}}
    state = {"batch": "$batch_id", "status": "$generation_status"}
    found: dict[Any, Counts] = defaultdict(dict)
    for each in collection_of(Content).aggregate([own, {"$group": {"_id": state, "count": {"$sum": 1}}}]):
        found[each["_id"]["batch"]][each["_id"]["status"]] = each["count"]
    return [_complete(batch, found[batch["_id"]]) for batch in batches]


def _complete(batch: Mapping[str, Any], found: Counts) -> Counts:
    """Adds the rows without a content to the counts of those with one."""
    total = batch["total"]
    counts = {status: found.get(status, 0) for status in GENERATION_STATUSES}
    missing = max(0, total - sum(counts.values()))
    to_come = min(missing, total - rows_made(batch, total))
    counts[PENDING] += to_come
    counts[CANCELLED] += missing - to_come
    return {"total": total, **counts}


def rows_made(batch: Mapping[str, Any], total: int) -> int:
    """Returns how many of the first rows get no content any more: theirs was created, or the batch was cancelled."""
    done = batch.get("made") or batch["state"] == document.CANCELLED
    return total if done else batch.get("made_rows") or 0


def is_under_way(counts: Counts) -> bool:
    return counts[PENDING] + counts[PROCESSING] > 0
