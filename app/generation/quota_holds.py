"""Looks up generations for the quotas that count them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from bson import ObjectId

from app.content.document import UNFINISHED, Content
from app.database import collection_of
from app.generation.run_history import PastRun
from app.outbox.entries import Entry
from app.quotas.document import Hold
from app.quotas.service import give_back_uncalled
from app.usage.document import UsageRow


def known_jobs(holds: Sequence[Hold]) -> set[str]:
    """Returns those jobs of the holds that are or were a run of a content, or for which the model was called."""
    jobs = [each.job for each in holds]
    if not jobs:
        return set()
    wanted = {"$in": jobs}
    runs = {each["job_id"] for each in collection_of(Content).find({"job_id": wanted}, {"job_id": 1})}
    past = {each["_id"] for each in collection_of(PastRun).find({"_id": wanted}, {"_id": 1})}
    return runs | past | UsageRow.jobs_called([each.content_id for each in holds], jobs)


def jobs_since(user_id: str, moment: datetime) -> Iterable[Hold]:
    """Yields a user's generations for which the model was called since `moment`, and the unfinished ones."""
    called = {"user_id": ObjectId(user_id), "at": {"$gte": moment}, "rewrite": None, "job_id": {"$type": "string"}}
    for row in collection_of(UsageRow).find(called, {"job_id": 1, "content_id": 1}):
        yield Hold(row["job_id"], row["content_id"])
    waiting = {"user_id": ObjectId(user_id), "deleted": False, "generation_status": {"$in": list(UNFINISHED)}}
    for content in collection_of(Content).find(waiting, {"job_id": 1}):
        yield Hold(content["job_id"], content["_id"])


def give_back(entry: Entry, content: dict[str, Any]) -> None:
    """An outbox handler that releases the quota hold of a run that ended, unless the model was called."""
    give_back_uncalled(content["user_id"], content["_id"], entry.job_id, entry.at)
