"""Creates, lists, updates, deletes and tests webhooks, and reads their delivery log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bson import ObjectId
from pymongo import ReturnDocument

from app.clock import utcnow
from app.database import collection_of
from app.errors import FieldError, InvalidInput, NotFound
from app.places import insert_in_place
from app.webhooks import deliveries
from app.webhooks.addresses import Reach, Target, UnusableUrl
from app.webhooks.document import Webhook, WebhookDelivery
from app.webhooks.errors import MOST_WEBHOOKS, TooManyWebhooks, WebhookDisabled
from app.webhooks.messages import TEST, body
from app.webhooks.signatures import new_secret

ROTATING = timedelta(hours=24)
"""How long messages are also signed with a rotated secret."""
MOST_OLD_SECRETS = 5

Shown = dict[str, Any]


@dataclass(frozen=True)
class DeliveryPage:
    """A page of the delivery log, newest first. `total` counts all deliveries."""

    deliveries: list[Shown]
    total: int
    page: int
    limit: int

    @property
    def total_pages(self) -> int:
        return -(-self.total // self.limit)


class Webhooks:
    """Operations on a user's webhooks. All raise NotFound. Only `create` and `rotate` return the `secret`."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach

    def create(self, user_id: str, **values: Any) -> Shown:
        """Creates a webhook. Raises InvalidInput for an unusable URL, TooManyWebhooks beyond ten, also concurrently."""
        self._check(values)
        webhook = Webhook(id=ObjectId(), user_id=user_id, secret=new_secret(), **values)
        webhook.validate()
        document = webhook.to_mongo()
        if not insert_in_place(Webhook, document, {"user_id": webhook.user_id}, MOST_WEBHOOKS):
            raise TooManyWebhooks
        return _shown(document, secret=webhook.secret)

    def all_of(self, user_id: str) -> list[Shown]:
        """Returns the webhooks, newest first."""
        return [_shown(each) for each in _webhooks().find({"user_id": ObjectId(user_id)}, sort=[("_id", -1)])]

    def get(self, user_id: str, webhook_id: str) -> Shown:
        return _shown(_read(user_id, webhook_id))

    def update(self, user_id: str, webhook_id: str, **changes: Any) -> Shown:
        """Updates a webhook. Raises InvalidInput like `create`, or if there are no changes."""
        if not changes:
            raise InvalidInput([FieldError("body", "Give at least one field to change.")])
        own = _own(user_id, webhook_id)
        self._check(changes)
        on = {"disabled_at": "", "disabled_reason": ""} if changes.get("enabled") else {}
        update = {"$set": changes | {"updated_at": utcnow()}} | ({"$unset": on} if on else {})
        changed = _changed(own, update)
        if not changed["enabled"]:
            deliveries.call_off(changed["_id"])
        return _shown(changed)

    def delete(self, user_id: str, webhook_id: str) -> None:
        """Deletes a webhook and its log."""
        own = _own(user_id, webhook_id)
        if not _webhooks().delete_one(own).deleted_count:
            raise NotFound("Webhook not found")
        _deliveries().delete_many({"webhook_id": own["_id"]})

    def rotate(self, user_id: str, webhook_id: str) -> Shown:
        """Rotates the secret. The previous one stays valid for a day."""
        webhook, now = _read(user_id, webhook_id), utcnow()
        kept = [old for old in webhook.get("old_secrets", ()) if old["until"] > now]
        kept = [{"secret": webhook["secret"], "until": now + ROTATING}, *kept][:MOST_OLD_SECRETS]
        secret = new_secret()
        own = _own(user_id, webhook_id) | {"secret": webhook["secret"]}
        rotated = {"$set": {"secret": secret, "old_secrets": kept, "updated_at": now}}
        return _shown(_changed(own, rotated), secret=secret)

    def test(self, user_id: str, webhook_id: str) -> Shown:
        """Sends a message of type `webhook.test` and returns its delivery. Raises WebhookDisabled."""
        webhook = _enabled(user_id, webhook_id)
        return _in_log(deliveries.add(webhook, TEST, body(TEST, utcnow(), {"webhookId": str(webhook["_id"])})))

    def page(self, user_id: str, webhook_id: str, page: int, limit: int) -> DeliveryPage:
        """Returns a page of the delivery log, which goes back 30 days."""
        logged = {"webhook_id": _read(user_id, webhook_id)["_id"]}
        total = _deliveries().count_documents(logged)
        found = _deliveries().find(logged, sort=[("_id", -1)], skip=(page - 1) * limit, limit=limit)
        return DeliveryPage([_in_log(each) for each in found], total, page, limit)

    def redeliver(self, user_id: str, webhook_id: str, delivery_id: str) -> Shown:
        """Sends a delivery again, with the same id and body. Raises WebhookDisabled."""
        webhook = _enabled(user_id, webhook_id)
        found = deliveries.again(ObjectId(delivery_id), webhook["_id"]) if ObjectId.is_valid(delivery_id) else None
        if found is None:
            raise NotFound("Delivery not found")
        return _in_log(found)

    def _check(self, values: Mapping[str, Any]) -> None:
        try:
            if "url" in values:
                Target.of(values["url"], self._reach)
        except UnusableUrl as error:
            raise InvalidInput([FieldError("url", str(error))]) from None


def erase_of(user_id: Any) -> None:
    """Deletes a user's webhooks and their log."""
    own = {"user_id": ObjectId(user_id)}
    _webhooks().delete_many(own)
    _deliveries().delete_many(own)


def _own(user_id: str, webhook_id: str) -> dict[str, Any]:
    if not ObjectId.is_valid(webhook_id):
        raise NotFound("Webhook not found")
    return {"_id": ObjectId(webhook_id), "user_id": ObjectId(user_id)}


def _read(user_id: str, webhook_id: str) -> Shown:
    found: Shown | None = _webhooks().find_one(_own(user_id, webhook_id))
    if found is None:
        raise NotFound("Webhook not found")
    return found


def _enabled(user_id: str, webhook_id: str) -> Shown:
    webhook = _read(user_id, webhook_id)
    if not webhook["enabled"]:
        raise WebhookDisabled
    return webhook


def _changed(own: dict[str, Any], update: dict[str, Any]) -> Shown:
    changed: Shown | None = _webhooks().find_one_and_update(own, update, return_document=ReturnDocument.AFTER)
    if changed is None:
        raise NotFound("Webhook not found")
    return changed


def _shown(document: Mapping[str, Any], **secret: str) -> Shown:
    now = utcnow()
    until = [old["until"] for old in document.get("old_secrets", ()) if old["until"] > now]
    absent = dict.fromkeys(("description", "disabled_at", "disabled_reason"))
    shown = {name: value for name, value in document.items() if name not in {"secret", "old_secrets"}}
    return absent | shown | {"id": str(document["_id"]), "old_secret_until": max(until, default=None)} | secret


def _in_log(document: Mapping[str, Any]) -> Shown:
    next_at = None if document.get("owner") else document.get("next_at")
    return {**document, "id": str(document["_id"]), "next_attempt_at": next_at}


def _webhooks() -> Any:
    return collection_of(Webhook)


def _deliveries() -> Any:
    return collection_of(WebhookDelivery)
