"""The quota holds of a batch: one generation for each row, all reserved when it is accepted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.batches.document import Batch, row_ids
from app.content.document import Content, first_job_of
from app.database import collection_of
from app.quotas.document import Hold, QuotaDay


def holds_of(batch: Mapping[str, Any]) -> list[Hold]:
    """Returns the holds of the batch's rows, with the job ids that their contents will have."""
    return [Hold(first_job_of(row["id"]), row["id"], batch["_id"]) for row in batch["rows"]]


def to_come(holds: Sequence[Hold]) -> set[str]:
    """Returns the holds' jobs whose batch is unfinished, so that their contents may still be created."""
    ids = list({each.batch_id for each in holds if each.batch_id})
    found = collection_of(Batch).find({"_id": {"$in": ids}, "unfinished": True}, {"_id": 1}) if ids else ()
    under_way = {each["_id"] for each in found}
    return {each.job for each in holds if each.batch_id in under_way}


def give_back_unmade(batch: Mapping[str, Any]) -> None:
    """Releases the holds of rows for which no content was created, because the batch was cancelled."""
    if not batch.get("made"):
        unmade = row_ids(batch["_id"])[batch.get("made_rows") or 0 :]
        made = {each["_id"] for each in collection_of(Content).find({"_id": {"$in": unmade}}, {"_id": 1})}
        QuotaDay.give_back(batch["user_id"], [first_job_of(each) for each in unmade if each not in made])
