"""What belongs to a content and goes with it for good. This module only wires the packages together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from redis import Redis

from app.content import versions
from app.content.trash import Eraser, Stored
from app.database import collection_of
from app.generation.run_history import PastRun
from app.idempotency import IdempotentRequest
from app.realtime.event_log import EventLog
from app.realtime.live_text import LiveTexts
from app.rewriting.document import Rewrite


def erasers_of(redis: Redis) -> Sequence[Eraser]:
    """Versions, past runs, rewrites and kept answers in MongoDB; live text and log entries in Redis."""
    live, event_log = LiveTexts(redis), EventLog(redis)

    def forget_live_text(contents: Sequence[Stored]) -> None:
        live.forget(*(each["job_id"] for each in contents if each.get("job_id")))

    def forget_events(contents: Sequence[Stored]) -> None:
        for user_id in {each["user_id"] for each in contents}:
            event_log.erase(user_id, {str(each["_id"]) for each in contents if each["user_id"] == user_id})

    def erase_rows(contents: Sequence[Stored]) -> None:
        ids = [each["_id"] for each in contents]
        for erase in (versions.erase, PastRun.erase, IdempotentRequest.erase, _erase_rewrites):
            erase(ids)

    return (forget_live_text, forget_events, erase_rows)


def _erase_rewrites(content_ids: Iterable[Any]) -> None:
    collection_of(Rewrite).delete_many({"content_id": {"$in": list(content_ids)}})
