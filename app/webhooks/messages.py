"""What webhooks are told: which changes become which event, and its body, which holds ids and states but no texts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from app.clock import iso
from app.content.document import CANCELLED, COMPLETED, FAILED, PROCESSING
from app.outbox import entries
from app.outbox.entries import Entry

BATCH_FINISHED = "batch.finished"
TEST = "webhook.test"

_OF_A_RUN: Mapping[str, tuple[str, str]] = {
    entries.STARTED: ("content.generation.started", PROCESSING),
    entries.COMPLETED: ("content.generation.completed", COMPLETED),
    entries.FAILED: ("content.generation.failed", FAILED),
    entries.CANCELLED: ("content.generation.cancelled", CANCELLED),
    entries.VOIDED: ("content.generation.cancelled", CANCELLED),  # its content went into the trash
}
"""By the entry's kind: the event, and the status of the generation that it tells of."""
EVENTS = (*dict.fromkeys(event for event, _ in _OF_A_RUN.values()), BATCH_FINISHED)
"""What a webhook can ask for."""

Stored = Mapping[str, Any]


def event_of(entry: Entry) -> str:
    """The event that an entry becomes."""
    return BATCH_FINISHED if entry.kind == entries.BATCH_FINISHED else _OF_A_RUN[entry.kind][0]


def body_of(entry: Entry, document: Stored) -> str:
    """The body of the entry's message, about a content or a batch with its `counts`."""
    if entry.kind == entries.BATCH_FINISHED:
        return body(BATCH_FINISHED, entry.at, {"batchId": str(document["_id"]), "counts": document["counts"]})
    event, status = _OF_A_RUN[entry.kind]
    batch_id = document.get("batch_id")
    data = {
        "contentId": str(document["_id"]),
        "jobId": entry.job_id,
        "status": status,
        "contentType": document.get("content_type"),
        "batchId": batch_id and str(batch_id),
    }
    if entry.kind == entries.FAILED:
        data["failureCode"] = document.get("failure_code")
    return body(event, entry.at, data)


def body(event: str, at: datetime, data: Mapping[str, Any]) -> str:
    """A body as it is stored and sent."""
    return orjson.dumps({"type": event, "timestamp": iso(at), "data": data}).decode()
