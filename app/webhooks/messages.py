"""Maps state changes to webhook events and their bodies, which contain ids and statuses but no texts."""

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
    entries.VOIDED: ("content.generation.cancelled", CANCELLED),  # its content was moved to the trash
}
"""By entry kind: the event, and the generation status it reports."""
EVENTS = (*dict.fromkeys(event for event, _ in _OF_A_RUN.values()), BATCH_FINISHED)
"""The events that a webhook can subscribe to."""

Stored = Mapping[str, Any]


def event_of(entry: Entry) -> str:
    """Returns the event for an outbox entry."""
    return BATCH_FINISHED if entry.kind == entries.BATCH_FINISHED else _OF_A_RUN[entry.kind][0]


def body_of(entry: Entry, document: Stored) -> str:
    """Returns the body of the entry's message about a content, or about a batch with its `counts`."""
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
    """Returns the JSON body, as stored and sent."""
    return orjson.dumps({"type": event, "timestamp": iso(at), "data": data}).decode()
