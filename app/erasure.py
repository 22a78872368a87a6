"""The erasers that permanently delete the data of a content or of a user.

This module only wires the packages together. A package that stores user data registers its eraser in
`person_erasers_of`; tests/account/test_deletion.py walks all collections to find omissions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from bson import ObjectId
from redis import Redis

from app.account.deletion import PersonEraser
from app.account.document import PasswordReset
from app.admin.document import AuditEntry
from app.auth.api_keys import ApiKey
from app.auth.models import RefreshToken, Session
from app.batches.document import Batch
from app.content import versions
from app.content.document import Content, queue_owner_of
from app.content.fingerprints import Fingerprints
from app.content.trash import Eraser, Stored
from app.content.versions import Version
from app.database import collection_of
from app.generation.run_history import PastRun
from app.generation.stops import publish_stop
from app.generation.waiting_limit import WaitingTurn
from app.idempotency import IdempotentRequest
from app.queueing.schedule import GenerationQueue, rq_job_id
from app.quotas.document import QuotaDay, StorageHolds
from app.realtime import open_streams
from app.realtime.event_log import EventLog, stream_of, trimmed_key_of
from app.realtime.live_text import LiveTexts
from app.rewriting.document import Rewrite
from app.templates.document import Template
from app.usage.document import UsageRow
from app.webhooks.service import erase_of

RUNS_AT_ONCE = 500


def erasers_of(redis: Redis) -> Sequence[Eraser]:
    """Returns the erasers of versions, past runs, rewrites, stored responses, live text and events."""
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


def person_erasers_of(redis: Redis, queue: GenerationQueue) -> Mapping[str, PersonEraser]:
    """Returns the erasers in the order to run them: producers such as batches first, then their products."""
    return {
        "batches": partial(_erase_rows, Batch),
        "webhooks": erase_of,
        "texts": partial(_erase_runs, redis, queue, Content),
        "rewrites": partial(_erase_runs, redis, queue, Rewrite),
        "what belongs to texts": partial(_erase_rows, Version, Fingerprints, PastRun, IdempotentRequest),
        "templates": partial(_erase_rows, Template),
        "usage and quotas": partial(_erase_rows, UsageRow, QuotaDay),
        "record of operators": AuditEntry.forget_person,
        "places in line and storage holds": partial(_erase_document, WaitingTurn, StorageHolds),
        "sessions and keys": partial(_erase_rows, Session, RefreshToken, ApiKey, PasswordReset),
        "events and streams": lambda user_id: redis.delete(
            stream_of(user_id), trimmed_key_of(user_id), open_streams.key_of(str(user_id))
        ),
    }


def _erase_rows(*arguments: Any) -> None:
    """Deletes the user's rows of each document class. The user id is the last argument."""
    *documents, user_id = arguments
    for document in documents:
        collection_of(document).delete_many({"user_id": user_id})


def _erase_document(*arguments: Any) -> None:
    """Deletes the user's only row of each document class. The user id is the last argument."""
    *documents, user_id = arguments
    for document in documents:
        collection_of(document).delete_one({"_id": user_id})


def _erase_runs(redis: Redis, queue: GenerationQueue, document: Any, user_id: ObjectId) -> None:
    """Deletes texts or rewrites. Running attempts are stopped, and waiting ones removed from the queue."""
    rows, live = collection_of(document), LiveTexts(redis)
    fields = dict.fromkeys(("job_id", "user_id", "batch_id", "queue_owner", "lease_owner", "wake_at", "attempt"), 1)
    while found := list(rows.find({"user_id": user_id}, fields, limit=RUNS_AT_ONCE)):
        rows.delete_many({"_id": {"$in": [each["_id"] for each in found]}})
        for each in found:
            if each.get("lease_owner"):
                publish_stop(redis, each["lease_owner"])
            if each.get("wake_at") and each.get("job_id"):
                queue.discard(rq_job_id(queue_owner_of(each), each["job_id"], each.get("attempt", 0) + 1))
        live.forget(*(each["job_id"] for each in found if each.get("job_id")))
