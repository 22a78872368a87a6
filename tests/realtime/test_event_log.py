"""The event log: one Redis script logs and publishes each event once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from bson import ObjectId
from flask import Flask
from redis import Redis

from app.clock import utcnow
from app.config import Settings
from app.outbox.entries import CHANGED, Entry
from app.realtime.bus import CHANNEL
from app.realtime.event_log import EventLog, stream_of
from app.services import services_of


@pytest.fixture
def redis(app: Flask) -> Iterator[Redis]:
    with Redis.from_url(services_of(app).get(Settings).redis_url) as client:
        yield client


def test_change_events_have_the_stored_revision(redis: Redis) -> None:
    """Clients can see that the content has changed; publishing the entry again has no effect."""
    content: dict[str, Any] = {"_id": ObjectId(), "user_id": ObjectId(), "revision": 7, "title": "$secret"}
    entry = Entry.of(CHANGED, utcnow())
    log = EventLog(redis)
    with redis.pubsub(ignore_subscribe_messages=True) as heard:
        heard.subscribe(CHANNEL)
        heard.get_message(timeout=5)
        log.tell(entry, content)
        log.tell(entry, content)
        log.tell(Entry.of(CHANGED, utcnow()), content | {"revision": 8})
        told = [orjson.loads(message["data"]) for message in iter(lambda: heard.get_message(timeout=0.3), None)]
    (first, second) = [each["data"][0] for each in told if each["room"] == f"user:{content['user_id']}"]
    assert first == {
        "contentId": str(content["_id"]),
        "revision": 7,
        "eventId": first["eventId"],
        "timestamp": first["timestamp"],
    }
    assert second["revision"] == 8
    assert second["eventId"] > first["eventId"]
    logged: Any = redis.xrange(stream_of(content["user_id"]))
    assert [members[b"event"] for _, members in logged] == [b"content:changed"] * 2
