"""Workers killed while sending webhooks: what the receiver acknowledged but no worker recorded."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from bson import ObjectId
from pymongo import MongoClient
from redis import Redis

from app.clock import utcnow
from app.generation.counters import read_totals
from app.webhooks.document import PENDING, Webhook, WebhookDelivery
from app.webhooks.messages import EVENTS
from app.webhooks.sending import OF_ONE_WEBHOOK
from app.webhooks.signatures import new_secret
from tests.dying_worker import ANSWERED
from tests.patience import until
from tests.webhooks.receiver import Receiver
from tools.system import Servers, System

DEATHS = (1, 10)
EVENTS_OF_ALL = (8, 200)
GOOD = 3


@pytest.fixture
def workers(servers: Servers, tmp_path: Path) -> Iterator[System]:
    """Workers whose webhooks may go to this machine."""
    environ = servers.environ("killed-senders", redis_db=9, WEBHOOKS_ALLOW_PRIVATE="true", WORKER_CONCURRENCY="1")
    running = System(environ, tmp_path)
    yield running
    running.stop()


@pytest.fixture
def stored(workers: System) -> Iterator[Any]:
    """The database of these workers."""
    with MongoClient[dict[str, Any]](workers.environ["MONGO_URI"]) as client:
        yield client.get_default_database()
        client.drop_database(client.get_default_database().name)


def add(stored: Any, url: str, message_ids: list[str]) -> None:
    """A webhook, and a delivery of each message that is due."""
    webhook = Webhook(id=ObjectId(), user_id=ObjectId(), url=url, secret=new_secret(), events=list(EVENTS))
    stored.webhooks.insert_one(webhook.to_mongo())
    common = {"webhook_id": webhook.id, "user_id": webhook.user_id, "type": EVENTS[1], "next_at": utcnow()}
    made = [WebhookDelivery(message_id=each, body=f'{{"of": "{each}"}}', **common).to_mongo() for each in message_ids]
    stored.webhook_deliveries.insert_many(made)


def test_working_receivers_get_repeated_events_with_the_same_id(
    workers: System, stored: Any, rounds: Callable[[int, int], int]
) -> None:
    """Killed after the receiver's response but before recording it: the next worker sends only that one again."""
    deaths, ids = rounds(*DEATHS), [f"msg_{ObjectId()}" for _ in range(rounds(*EVENTS_OF_ALL))]
    deliveries = stored.webhook_deliveries
    with contextlib.ExitStack() as stack:
        receivers = [stack.enter_context(Receiver()) for _ in range(GOOD)]
        for receiver in receivers:
            add(stored, receiver.url, ids)
        for _ in range(deaths):
            killed = workers.start_worker(["-m", "tests.dying_worker", ANSWERED])
            until(lambda process=killed: not process.child.running)
            assert not deliveries.find_one({"status": {"$ne": PENDING}})
            claimed = {"owner": {"$exists": True}}
            assert deliveries.find_one(claimed)
            deliveries.update_many(claimed, {"$set": {"next_at": utcnow() - timedelta(seconds=1)}})  # the lease ends
        workers.add_worker()
        until(lambda: not deliveries.find_one({"status": PENDING}))
        workers.stop()
        bodies = [{(each.id, each.body) for each in receiver.received} for receiver in receivers]
        counts = [Counter(receiver.ids) for receiver in receivers]
    assert all(each == {(one, f'{{"of": "{one}"}}'.encode()) for one in ids} for each in bodies)
    again = [count.total() - len(ids) for count in counts]
    assert sum(again) > 0, "nobody was killed in between"
    assert max(again) <= deaths * OF_ONE_WEBHOOK
    assert deliveries.count_documents({"status": "delivered", "owner": None, "next_at": None}) == GOOD * len(ids)
    assert read_totals(Redis.from_url(workers.environ["REDIS_URL"])).deliveries["delivered"] == GOOD * len(ids)
