"""State changes of deliveries, each one atomic write. Decides what is sent, and when it is retried.

pending ──claim──▶ being sent ──acknowledged──▶ delivered       delivered | failed ──again──▶ pending
   ▲                   ├──not_acknowledged──▶ pending, due later, or failed
   └──(the sender died: due again when its lease expires)
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from bson import ObjectId
from pymongo import ReturnDocument
from pymongo.errors import BulkWriteError

from app.clock import utcnow
from app.database import collection_of
from app.outbox.entries import Entry
from app.webhooks.document import DELIVERED, EXHAUSTED, FAILED, GONE, PENDING, Webhook, WebhookDelivery
from app.webhooks.messages import body_of, event_of

Stored = dict[str, Any]

RETRIES = (
    timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=5),
    timedelta(hours=10), timedelta(hours=14), timedelta(hours=20), timedelta(hours=24),
)  # fmt: skip
"""The delays before the retries."""
LEASE = timedelta(seconds=30)
"""After this time a delivery whose sender died is taken over. An attempt takes at most a third of it."""
MOST_ATTEMPTS = 30
"""How many attempts are kept per delivery: the newest ones."""
_DUPLICATE = 11000


def announce(entry: Entry, document: Stored) -> None:
    """An outbox handler: adds one delivery for each webhook subscribed to the event. Idempotent."""
    heard = {"user_id": document["user_id"], "enabled": True, "events": event_of(entry)}
    if webhooks := list(_webhooks().find(heard, {"user_id": 1})):
        _add(webhooks, f"msg_{entry.id}", event_of(entry), body_of(entry, document))


def add(webhook: Stored, event: str, body: str) -> Stored:
    """Adds a delivery to one webhook, due now, and returns it."""
    (added,) = _add([webhook], f"msg_{ObjectId()}", event, body)
    return added


def _add(webhooks: Sequence[Stored], message_id: str, event: str, body: str) -> list[Stored]:
    now = utcnow()
    shared = {"message_id": message_id, "type": event, "body": body, "status": PENDING, "attempts": [], "tries": 0}
    shared |= {"next_at": now, "created_at": now}
    added = [{"webhook_id": each["_id"], "user_id": each["user_id"], **shared} for each in webhooks]
    try:
        _deliveries().insert_many(added, ordered=False)
    except BulkWriteError as error:
        if any(each["code"] != _DUPLICATE for each in error.details["writeErrors"]):
            raise
    return added


def claim(
    busy_webhooks: Collection[Any], busy_people: Collection[Any], lease: timedelta = LEASE, *, unclaimed: bool = False
) -> Stored | None:
    """Takes the delivery that has been due longest, for `lease`. Returns None if none is due, except for busy ones.

    With `unclaimed` it takes none whose lease has expired.
    """
    now = utcnow()
    free: Stored = {"webhook_id": {"$nin": list(busy_webhooks)}, "user_id": {"$nin": list(busy_people)}}
    if unclaimed:
        free["owner"] = None  # also matches documents without the field
    taken = {"$set": {"next_at": now + lease, "owner": uuid.uuid4().hex}}
    found: Stored | None = _deliveries().find_one_and_update(
        {"next_at": {"$lte": now}} | free, taken, sort=[("next_at", 1)], return_document=ReturnDocument.AFTER
    )
    return found


def acknowledged(delivery: Stored, attempt: Stored) -> None:
    """Marks a delivery as delivered, even if the lease has expired, so that it is not sent again."""
    ended = {"$set": {"status": DELIVERED}, "$unset": {"next_at": "", "owner": ""}}
    _deliveries().update_one({"_id": delivery["_id"], "status": PENDING}, ended | _logged(attempt))


def not_acknowledged(delivery: Stored, attempt: Stored) -> bool:
    """Records a failed attempt and schedules the next. Returns False if it was the last one."""
    tries = delivery["tries"] + 1
    held = {"_id": delivery["_id"], "owner": delivery["owner"]}
    if tries > len(RETRIES):
        ended = {"$set": {"status": FAILED, "tries": tries}, "$unset": {"next_at": "", "owner": ""}}
        _deliveries().update_one(held, ended | _logged(attempt))
        return False
    later = {"$set": {"next_at": utcnow() + RETRIES[tries - 1], "tries": tries}, "$unset": {"owner": ""}}
    _deliveries().update_one(held, later | _logged(attempt))
    return True


def refused(delivery: Stored, attempt: Stored) -> None:
    """Records a failed attempt after which there is no retry."""
    ended = {"$set": {"status": FAILED}, "$unset": {"next_at": "", "owner": ""}}
    _deliveries().update_one({"_id": delivery["_id"], "owner": delivery["owner"]}, ended | _logged(attempt))


def again(delivery_id: Any, webhook_id: Any) -> Stored | None:
    """Makes a delivery due now, with all its retries, unless it is being sent. Returns None if it does not exist."""
    own = {"_id": delivery_id, "webhook_id": webhook_id}
    due = {"status": PENDING, "next_at": utcnow(), "tries": 0}
    changed: Stored | None = _deliveries().find_one_and_update(
        own | {"owner": None}, {"$set": due}, return_document=ReturnDocument.AFTER
    )
    return changed or _deliveries().find_one(own)


def call_off(webhook_id: Any) -> None:
    """Fails the pending deliveries of a disabled webhook. Those being sent are left to their sender."""
    waiting = {"webhook_id": webhook_id, "status": PENDING, "owner": None}
    _deliveries().update_many(waiting, {"$set": {"status": FAILED}, "$unset": {"next_at": ""}})


def drop(delivery: Stored) -> None:
    """Ends a delivery whose webhook was disabled or deleted after it was claimed."""
    if _webhooks().find_one({"_id": delivery["webhook_id"]}, {"_id": 1}):
        ended = {"$set": {"status": FAILED}, "$unset": {"next_at": "", "owner": ""}}
        _deliveries().update_one({"_id": delivery["_id"], "owner": delivery["owner"]}, ended)
    else:
        _deliveries().delete_one({"_id": delivery["_id"]})


def disable(webhook_id: Any, *, gone: bool) -> Stored | None:
    """Disables a webhook and fails its pending deliveries. Returns None if it is already disabled or deleted."""
    now = utcnow()
    off = {"enabled": False, "disabled_at": now, "disabled_reason": GONE if gone else EXHAUSTED, "updated_at": now}
    webhook: Stored | None = _webhooks().find_one_and_update(
        {"_id": webhook_id, "enabled": True}, {"$set": off}, return_document=ReturnDocument.AFTER
    )
    if webhook is not None:
        call_off(webhook_id)
    return webhook


def signing(webhook: Stored, at: datetime) -> list[str]:
    """Returns the secrets that sign at `at`: the current one, and those rotated less than a day before."""
    return [webhook["secret"], *(old["secret"] for old in webhook.get("old_secrets", ()) if old["until"] > at)]


def _logged(attempt: Stored) -> dict[str, Any]:
    return {"$push": {"attempts": {"$each": [attempt], "$slice": -MOST_ATTEMPTS}}}


def _webhooks() -> Any:
    return collection_of(Webhook)


def _deliveries() -> Any:
    return collection_of(WebhookDelivery)
