"""How many deliveries wait, and for how long, for the metrics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.clock import utcnow
from app.database import collection_of
from app.webhooks.document import WebhookDelivery

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class DeliveryBacklog:
    """The number of unfinished deliveries, and since when the one has been due that has waited longest for a sender."""

    waiting: int
    overdue_since: datetime | None


def delivery_backlog() -> DeliveryBacklog:
    """Counts the unfinished deliveries, using a partial index that leaves finished ones out."""
    deliveries: Any = collection_of(WebhookDelivery)
    waiting = deliveries.count_documents({"next_at": {"$gt": _LONG_AGO}})
    due = {"next_at": {"$gt": _LONG_AGO, "$lte": utcnow()}}
    first = deliveries.find_one(due, {"next_at": 1}, sort=[("next_at", 1)])
    return DeliveryBacklog(waiting, first and first["next_at"])
