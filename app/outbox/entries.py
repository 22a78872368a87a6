"""Outbox entries, and the table of the handlers that each kind of entry has.

A state change appends its entry to the document's `outbox` array in the same atomic write (`pushed`). `outbox_at` is
when the oldest pending entry was added. The relay (app.outbox.relay) handles the entries and removes them. See
Richardson, "Pattern: Transactional outbox", https://microservices.io/patterns/data/transactional-outbox.html.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from bson import ObjectId

STARTED, RETRYING, COMPLETED, FAILED, VOIDED = "started", "retrying", "completed", "failed", "voided"
CHANGED = "changed"
TRASHED = "trashed"
REWRITE_COMPLETED, REWRITE_FAILED = "rewrite completed", "rewrite failed"
"""Kinds under which COMPLETED and FAILED entries of a rewrite are published. They are never stored."""
CANCELLED = "cancelled"
BATCH_PROGRESS, BATCH_FINISHED = "batch_progress", "batch_finished"
WEBHOOK_DISABLED = "webhook_disabled"
COUNTERS, EVENTS, QUEUE, WEBHOOKS, QUOTAS = "counters", "events", "queue", "webhooks", "quotas"

HANDLERS_OF: Mapping[str, tuple[str, ...]] = {
    STARTED: (EVENTS, WEBHOOKS),
    RETRYING: (EVENTS,),
    COMPLETED: (EVENTS, COUNTERS, WEBHOOKS),
    FAILED: (EVENTS, COUNTERS, WEBHOOKS, QUOTAS),
    VOIDED: (QUEUE, COUNTERS, WEBHOOKS, QUOTAS),
    CHANGED: (EVENTS,),
    TRASHED: (QUEUE,),
    CANCELLED: (QUEUE, EVENTS, COUNTERS, WEBHOOKS, QUOTAS),
}
"""The handlers of each kind of entry. Delivery is at least once, so handlers must be idempotent."""

OF_THE_DOCUMENT = ("job_id", "attempt", "lease_owner")


@dataclass(frozen=True)
class Entry:
    """A state change with consequences. `handlers` are those still to be called, `tries` how often they have failed.

    `job_id`, `attempt` and `lease_owner` are those of the document just before the change, because a later run has
    others.
    """

    id: str
    kind: str
    at: datetime
    handlers: tuple[str, ...]
    job_id: str | None = None
    attempt: int = 0
    lease_owner: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    tries: int = 0
    parked: bool = False

    @classmethod
    def of(cls, kind: str, at: datetime, **data: Any) -> Self:
        """Returns a new entry for all handlers of its kind."""
        return cls(str(ObjectId()), kind, at, HANDLERS_OF[kind], data=data)

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self:
        """Returns the entry for its stored form."""
        members = {name: stored[name] for name in cls.__dataclass_fields__ if name in stored}
        return cls(**members | {"handlers": tuple(stored["handlers"])})

    def stored(self) -> dict[str, Any]:
        """Returns the stored form, without the members that `pushed` copies from the document."""
        return {"id": self.id, "kind": self.kind, "at": self.at, "handlers": list(self.handlers), "data": self.data}


def pushed(entry: Entry, when: Any = True) -> dict[str, Any]:
    """Returns members of a `$set` stage that append the entry to a document's outbox if the expression `when` is true.

    An entry contains user input. `$literal` keeps MongoDB from interpreting strings that begin with `$`.
    """
    waiting: Any = {"$ifNull": ["$outbox", []]}
    stored = {"$mergeObjects": [{"$literal": entry.stored()}, {name: f"${name}" for name in OF_THE_DOCUMENT}]}
    appended = {"$concatArrays": [waiting, [stored]]}
    since = {"$ifNull": ["$outbox_at", {"$literal": entry.at}]}
    if when is True:
        return {"outbox": appended, "outbox_at": since}
    return {"outbox": {"$cond": [when, appended, "$outbox"]}, "outbox_at": {"$cond": [when, since, "$outbox_at"]}}


def pulled(entry_ids: list[str]) -> list[dict[str, Any]]:
    """Returns a pipeline that removes these entries, and `outbox_at` once no entry is pending."""
    rest = {"$filter": {"input": {"$ifNull": ["$outbox", []]}, "cond": {"$not": [{"$in": ["$$this.id", entry_ids]}]}}}
    return [{"$set": {"outbox": rest}}, *_tidied("$outbox_at")]


def noted(entry_id: str, handlers: list[str], *, tries: int, parked: bool, again_at: datetime) -> list[dict[str, Any]]:
    """Returns a pipeline that records an entry's remaining handlers, its failures, and when to retry."""
    rest = {"$mergeObjects": ["$$this", {"handlers": handlers, "parked": parked, "tries": tries}]}
    changed = {"$cond": [{"$eq": ["$$this.id", entry_id]}, rest, "$$this"]}
    outbox = {"$map": {"input": {"$ifNull": ["$outbox", []]}, "in": changed}}
    return [{"$set": {"outbox": outbox}}, *_tidied({"$literal": again_at})]


def _tidied(look_at: Any) -> list[dict[str, Any]]:
    """Returns stages that remove an empty outbox, and `outbox_at` if only parked entries remain."""
    to_do = {"$filter": {"input": "$outbox", "cond": {"$not": [{"$ifNull": ["$$this.parked", False]}]}}}
    return [
        {
            "$set": {
                "outbox_at": {"$cond": [{"$eq": [to_do, []]}, "$$REMOVE", look_at]},
                "outbox": {"$cond": [{"$eq": ["$outbox", []]}, "$$REMOVE", "$outbox"]},
            }
        }
    ]
