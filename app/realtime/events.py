"""Maps each outbox entry to its event: the name, and the payload for the content's owner."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from marshmallow import Schema

from app.clock import iso, utcnow
from app.content.document import CANCELLED, COMPLETED, FAILED, PROCESSING
from app.outbox import entries
from app.outbox.entries import Entry
from app.realtime.payloads import (
    BATCH_FINISHED,
    BATCH_PROGRESS,
    CANCELLED_EVENT,
    CHANGED,
    COMPLETED_EVENT,
    FAILED_EVENT,
    RETRYING,
    REWRITE_COMPLETED,
    REWRITE_FAILED,
    STARTED,
    WEBHOOK_DISABLED,
    Event,
)

TEXTS = frozenset({"title", "generatedText", "replacement"})
"""Payload members that hold user or generated text. They are never written to the event log."""

Stored = Mapping[str, Any]


def room_of(user_id: object) -> str:
    """The room that all of a user's sockets join."""
    return f"user:{user_id}"


def _no_more_members(_entry: Entry, _content: Stored) -> dict[str, Any]:
    return {}


def _retrying(entry: Entry, content: Stored) -> dict[str, Any]:
    """The number of the next attempt and when it is due."""
    return {
        "attempt": entry.attempt + 1,
        "maxAttempts": content.get("max_attempts"),
        "retryInMs": milliseconds_until(entry.data["due_at"]),
        "reason": entry.data["reason"],
    }


def _completed(_entry: Entry, content: Stored) -> dict[str, Any]:
    return {
        "title": content["title"],
        "contentType": content["content_type"],
        "generatedText": content["generated_text"],
    }


def _failed(_entry: Entry, content: Stored) -> dict[str, Any]:
    return {"failureReason": content.get("failure_reason")}


def _rewritten(_entry: Entry, rewrite: Stored) -> dict[str, Any]:
    return {"rewriteId": str(rewrite["rewrite_id"]), "replacement": rewrite["generated_text"]}


def _not_rewritten(_entry: Entry, rewrite: Stored) -> dict[str, Any]:
    return {"rewriteId": str(rewrite["rewrite_id"]), "failureReason": rewrite.get("failure_reason")}


def _changed(_entry: Entry, content: Stored) -> dict[str, Any]:
    """The current revision. A client that already has this revision or a later one need not fetch the content."""
    return {"revision": content.get("revision") or 0}


def _counted(_entry: Entry, batch: Stored) -> dict[str, Any]:
    return {"batchId": str(batch["_id"]), "counts": batch["counts"]}


def _disabled(_entry: Entry, webhook: Stored) -> dict[str, Any]:
    return {"webhookId": str(webhook["_id"]), "reason": webhook["disabled_reason"]}


_EVENTS: Mapping[str, tuple[Event, str | None, Callable[[Entry, Stored], dict[str, Any]]]] = {
    entries.STARTED: (STARTED, PROCESSING, _no_more_members),
    entries.RETRYING: (RETRYING, PROCESSING, _retrying),
    entries.COMPLETED: (COMPLETED_EVENT, COMPLETED, _completed),
    entries.FAILED: (FAILED_EVENT, FAILED, _failed),
    entries.CHANGED: (CHANGED, None, _changed),
    entries.CANCELLED: (CANCELLED_EVENT, CANCELLED, _no_more_members),
    entries.BATCH_PROGRESS: (BATCH_PROGRESS, None, _counted),
    entries.BATCH_FINISHED: (BATCH_FINISHED, None, _counted),
    entries.REWRITE_COMPLETED: (REWRITE_COMPLETED, None, _rewritten),
    entries.REWRITE_FAILED: (REWRITE_FAILED, None, _not_rewritten),
    entries.WEBHOOK_DISABLED: (WEBHOOK_DISABLED, None, _disabled),
}
"""By entry kind: the event, the status its payload carries, and a function for the remaining payload members."""


def event_of(entry: Entry) -> Event:
    """Returns the event for an outbox entry."""
    return _EVENTS[entry.kind][0]


def payload_of(entry: Entry, content: Stored, event_id: str) -> dict[str, Any]:
    """Returns the payload of the entry's event, serialised by its schema."""
    event, status, members = _EVENTS[entry.kind]
    ids = {"contentId": str(content["_id"]), "jobId": entry.job_id, "eventId": event_id}
    batch = {"batchId": str(content["batch_id"])} if content.get("batch_id") else {}
    values = ids | batch | {"status": status, "timestamp": iso(entry.at)} | members(entry, content)
    payload: dict[str, Any] = _schema(event.payload).dump(values)
    return payload


@cache
def _schema(payload: type[Schema]) -> Schema:
    """One object for all events: making one takes longer than using it."""
    return payload()


def milliseconds_until(moment: datetime) -> int:
    return max(0, math.ceil((moment - utcnow()).total_seconds() * 1000))
