"""What /metrics says of webhooks. That dashboard and alerts name it: tests/ops/test_metrics.py."""

from __future__ import annotations

import re
from datetime import timedelta

from bson import ObjectId
from flask import Flask
from redis import Redis

from app.clock import utcnow
from app.config import Settings
from app.generation.counters import Counters
from app.services import services_of
from app.webhooks.document import WebhookDelivery


def test_webhook_messages_are_counted(app: Flask) -> None:
    """By the result of their attempts. One waiting for a retry is not overdue; one that no sender takes is."""

    def figures() -> dict[str, float]:
        text = app.test_client().get("/metrics").text
        return {name: float(value) for name, value in re.findall(r"^(acg_webhook_\S+) (\S+)$", text, re.MULTILINE)}

    before, sent, now = figures(), Counters(), utcnow()
    for outcome in ("delivered", "delivered", "later", "failed"):
        sent.delivery_tried(outcome)
    sent.send(Redis.from_url(services_of(app).get(Settings).redis_url))
    made = {"webhook_id": ObjectId(), "user_id": ObjectId(), "type": "webhook.test", "body": "{}"}
    due = {"delivered": None, "retried": now + timedelta(hours=2), "overdue": now - timedelta(hours=1)}
    for name, next_at in due.items():
        WebhookDelivery(message_id=name, next_at=next_at, **made).save()
    after = figures()
    WebhookDelivery.objects(webhook_id=made["webhook_id"]).delete()
    gained = {name: after[name] - before[name] for name in after}
    assert 3600 <= gained.pop("acg_webhook_oldest_overdue_seconds") < 3700
    assert gained == {
        'acg_webhook_deliveries_total{outcome="delivered"}': 2,
        'acg_webhook_deliveries_total{outcome="later"}': 1,
        'acg_webhook_deliveries_total{outcome="failed"}': 1,
        "acg_webhook_deliveries_waiting": 2,
    }
