"""An application whose webhooks may go to this machine, and a sender that a test runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from bson import ObjectId
from flask import Flask

from app.config import Settings
from app.outbox.entries import Entry
from app.services import services_of
from app.webhooks import deliveries
from app.webhooks import sending as sender_module
from app.webhooks.addresses import Reach
from app.webhooks.connection import Outbound
from app.webhooks.document import Webhook, WebhookDelivery
from app.webhooks.messages import EVENTS
from app.webhooks.sending import WebhookSender
from app.webhooks.signatures import new_secret
from tests.person import Answer, Person

PRIVATE = Reach(allow_http=True, allow_private=True)


@pytest.fixture(autouse=True)
def no_webhooks(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001  # it has the connection
    """Nothing is left of other tests, and senders look often."""
    monkeypatch.setattr(sender_module, "LOOK_SECONDS", 0.02)
    Webhook.objects.delete()
    WebhookDelivery.objects.delete()


@pytest.fixture
def open_app(app: Flask, new_app: Callable[[Settings], Flask]) -> Flask:
    """An application whose webhooks may go to this machine."""
    return new_app(replace(services_of(app).get(Settings), webhooks_allow_private=True))


@pytest.fixture
def owner(open_app: Flask) -> Person:
    """A user whose webhooks may go to this machine."""
    client = open_app.test_client()

    def send(method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        response = client.open(path, method=method, headers=headers, **({} if body is None else {"json": body}))
        return response.status_code, response.get_json(silent=True)

    return Person.register(send)


def webhook(url: str, **values: Any) -> Webhook:
    """A stored webhook for all events."""
    made = Webhook(user_id=ObjectId(), url=url, secret=new_secret(), events=list(EVENTS))
    for name, value in values.items():
        setattr(made, name, value)
    return made.save()


def happen(of: Webhook, kind: str, **document: Any) -> Entry:
    """Something happens to a new content of the webhook's owner; told as the relay does."""
    entry = replace(Entry.of(kind, deliveries.utcnow()), job_id=str(ObjectId()))
    deliveries.announce(entry, {"_id": ObjectId(), "user_id": of.user_id, "content_type": "blog", **document})
    return entry


def stored() -> list[dict[str, Any]]:
    """All deliveries, oldest first."""
    return list(WebhookDelivery._get_collection().find().sort("_id"))


def make_due() -> None:
    """The time until the next try passes, for all that wait."""
    WebhookDelivery.objects(status="pending", owner=None).update(set__next_at=deliveries.utcnow())


@contextmanager
def sending(*, seconds: float = 5.0, on_disabled: Any = lambda _: None, **options: Any) -> Iterator[WebhookSender]:
    """A sender that runs within the block, and has sent all that it began when the block is left."""
    sender, stopping = WebhookSender(Outbound(PRIVATE, seconds), on_disabled, **options), threading.Event()
    thread = threading.Thread(target=sender.keep_sending, args=(stopping,), daemon=True)
    thread.start()
    try:
        yield sender
    finally:
        stopping.set()
        thread.join()
