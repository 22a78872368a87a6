"""Queries for unfinished, overdue and failed generations, used by the sweep, the metrics and operators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

from bson import ObjectId
from mongoengine import Document
from mongoengine.queryset.visitor import Q

from app.clock import utcnow
from app.content.document import FAILED, Content, queue_owner_of
from app.queueing.schedule import DueAttempt

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Backlog:
    """Counts of unfinished generations. `overdue_since` is the due time of the one that has been overdue longest."""

    waiting: int
    running: int
    overdue: int
    overdue_since: datetime | None


@dataclass(frozen=True, slots=True)
class Overdue:
    """The fields of a content that the sweep needs. Lighter than a document, as there may be thousands."""

    id: ObjectId
    user_id: ObjectId
    job_id: str
    due_at: datetime
    wake_at: datetime
    queue_owner: ObjectId
    attempt: int = 0
    lease_owner: str | None = None
    lease_expires_at: datetime | None = None
    request_id: str | None = None
    batch_id: ObjectId | None = None

    @property
    def next_attempt(self) -> DueAttempt:
        return DueAttempt(
            str(self.id),
            str(self.user_id),
            self.job_id,
            self.attempt + 1,
            self.due_at,
            self.request_id,
            str(self.queue_owner),
        )


NEXT_ATTEMPT = ("user_id", "job_id", "attempt", "due_at", "request_id", "batch_id", "queue_owner")
"""The fields that `next_attempt` needs, besides the id."""


def next_attempt(content: Mapping[str, Any]) -> DueAttempt:
    """Returns the next attempt of a stored content, due at its `due_at`."""
    return DueAttempt(
        str(content["_id"]),
        str(content["user_id"]),
        content["job_id"],
        content.get("attempt", 0) + 1,
        content["due_at"],
        content.get("request_id"),
        str(queue_owner_of(content)),
    )


def log_ids(content: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the ids to log in every line about this content."""
    return {
        "request_id": content.get("request_id"),
        "content_id": str(content["_id"]),
        "job_id": content.get("job_id"),
    }


def overdue(
    until: datetime, after: tuple[datetime, Any] | None, limit: int, of: type[Document] = Content
) -> list[Overdue]:
    """Returns unfinished documents with `wake_at` up to `until`, earliest first, after the given (wake_at, id)."""
    found = overdue_query(until, after, limit, of).as_pymongo()
    return [Overdue(id=each.pop("_id"), **(each | {"queue_owner": queue_owner_of(each)})) for each in found]


def overdue_query(until: datetime, after: tuple[datetime, Any] | None, limit: int, of: type[Document] = Content) -> Any:
    """The query behind `overdue`. Uses the index `wake`."""
    found: Any = of.objects(wake_at__lte=until)
    if after is not None:
        wake_at, last_id = after
        found = found.filter(Q(wake_at__gt=wake_at) | Q(wake_at=wake_at, id__gt=last_id))
    wanted = (field.name for field in fields(Overdue) if hasattr(of, field.name))
    return found.order_by("wake_at", "id").only(*wanted).limit(limit)


def backlog() -> Backlog:
    """Counts the unfinished generations, using sparse indexes that leave finished ones out."""
    unfinished_now: int = Content.objects(wake_at__gt=_LONG_AGO).count()
    running: int = Content.objects(lease_owner__gt="").count()
    late: Any = Content.objects(wake_at__lte=utcnow())
    first = late.order_by("wake_at").only("wake_at").first()
    return Backlog(max(0, unfinished_now - running), running, late.count(), first.wake_at if first else None)


def unfinished(limit: int) -> list[Content]:
    """Returns waiting and running generations, ordered by `wake_at`."""
    found: Any = Content.objects(wake_at__gt=_LONG_AGO).order_by("wake_at").limit(limit)
    return list(found)


def failed_since(moment: datetime | None = None) -> Any:
    """Returns a queryset of generations that failed after `moment`, latest first. None means all."""
    failed: Any = Content.objects(generation_status=FAILED, deleted=False, finished_at__gt=moment or _LONG_AGO)
    return failed.order_by("-finished_at")


def given_up() -> int:
    """The number of contents with a parked outbox entry; see app.outbox.relay."""
    return int(Content.objects(outbox__parked=True).count())
