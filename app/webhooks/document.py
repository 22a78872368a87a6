"""The documents of webhooks: the endpoints, and one delivery for each event and endpoint."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bson import ObjectId
from mongoengine import (
    BooleanField,
    DateTimeField,
    DictField,
    Document,
    IntField,
    ListField,
    ObjectIdField,
    StringField,
)

from app.clock import utcnow
from app.places import place_index

PENDING, DELIVERED, FAILED = "pending", "delivered", "failed"
DELIVERY_STATUSES = (PENDING, DELIVERED, FAILED)

GONE, EXHAUSTED = "gone", "not_acknowledged"
DISABLED_REASONS = (GONE, EXHAUSTED)
"""Why a webhook was disabled: it responded with 410, or did not acknowledge the last retry of a delivery."""

KEPT = timedelta(days=30)
"""How long a delivery stays in the log."""


class Webhook(Document):
    """A URL and the events sent to it. The secrets are stored in plain text, because they are used to sign."""

    user_id: ObjectId = ObjectIdField(required=True)
    url: str = StringField(required=True)
    events: list[str] = ListField(StringField(), required=True)
    description: str | None = StringField()
    secret: str = StringField(required=True)
    old_secrets: list[dict[str, Any]] = ListField(DictField())  # {secret, until}: also used to sign until then
    enabled: bool = BooleanField(required=True, default=True)
    disabled_at: datetime | None = DateTimeField()
    disabled_reason: str | None = StringField(choices=DISABLED_REASONS)
    created_at: datetime = DateTimeField(required=True, default=utcnow)
    updated_at: datetime = DateTimeField(required=True, default=utcnow)
    place: int | None = IntField()  # see app.places

    meta = {  # noqa: RUF012  # MongoEngine reads this class attribute as it is
        "collection": "webhooks",
        "strict": False,
        "auto_create_index": False,
        "indexes": [
            # a user's webhooks, and those subscribed to an event
            {"name": "person", "fields": ["user_id", "enabled", "events"]},
            # no place is taken twice
            place_index(),
        ],
    }


class WebhookDelivery(Document):
    """A message to a webhook. `body` is exactly what is sent by every attempt.

    `next_at` is when it is next sent or, while it is being sent (`owner`), when it may be taken over. A finished
    delivery has none.
    """

    webhook_id: ObjectId = ObjectIdField(required=True)
    user_id: ObjectId = ObjectIdField(required=True)
    message_id: str = StringField(required=True)  # the header webhook-id
    type: str = StringField(required=True)
    body: str = StringField(required=True)
    status: str = StringField(required=True, default=PENDING, choices=DELIVERY_STATUSES)
    attempts: list[dict[str, Any]] = ListField(DictField())  # {at, status_code, response, error, duration_ms}
    tries: int = IntField(default=0)  # failed attempts since it was last requested
    next_at: datetime | None = DateTimeField()
    owner: str | None = StringField()
    created_at: datetime = DateTimeField(required=True, default=utcnow)

    meta = {  # noqa: RUF012  # MongoEngine reads this class attribute as it is
        "collection": "webhook_deliveries",
        "strict": False,
        "auto_create_index": False,
        "indexes": [
            # one delivery for each event and endpoint
            {"name": "once", "fields": ["webhook_id", "message_id"], "unique": True},
            # the log of an endpoint, newest first
            {"name": "log", "fields": ["webhook_id", "-id"]},
            # due deliveries; partial
            {
                "name": "due",
                "fields": ["next_at", "webhook_id", "user_id"],
                "partialFilterExpression": {"next_at": {"$exists": True}},
            },
            # erasing an account
            {"name": "person", "fields": ["user_id"]},
            # TTL
            {"name": "kept", "fields": ["created_at"], "expireAfterSeconds": int(KEPT.total_seconds())},
        ],
    }
