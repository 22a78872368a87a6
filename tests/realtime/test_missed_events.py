"""Events published while a web process was not subscribed reach its sockets once, before later ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from bson import ObjectId
from flask import Flask
from redis import Redis

from app.clock import utcnow
from app.config import Settings
from app.outbox.entries import CHANGED, Entry
from app.realtime.bus import message_bus
from app.realtime.event_log import EPOCH_KEY, EventLog
from app.realtime.event_reader import EventReader, LoggedEvent
from app.realtime.events import room_of
from app.realtime.missed_events import MissedEvents
from app.services import services_of

ME, ANOTHER = str(ObjectId()), str(ObjectId())


class Process:
    """A web process with one socket, whose Redis connection the test controls."""

    def __init__(self, redis: Redis, settings: Settings) -> None:
        self.log = EventLog(redis)
        self.bus = message_bus(settings, redis)
        self.sent: list[int] = []
        self.missed = MissedEvents(self.bus, EventReader(redis), lambda: [ME])
        self.bus.deliver = self.receive  # type: ignore[method-assign]  # where python-socketio would send it

    def tell(self, revision: int, user_id: str = ME, entry: Entry | None = None) -> LoggedEvent:
        """Logs an event. Returns what a subscribed process would get."""
        content = {"_id": ObjectId(), "user_id": user_id, "revision": revision}
        self.log.tell(entry or Entry.of(CHANGED, utcnow()), content)
        return EventReader(self.log._tell.registered_client).page(user_id, None, 500).events[-1]

    def hear(self, told: LoggedEvent) -> None:
        self.receive(told.event, told.payload, room_of(ME), told.entry)

    def receive(self, event: str, payload: dict[str, Any], room: str, entry: str) -> None:
        if self.missed.is_new({"event": event, "data": [payload], "room": room, "entry": entry}):
            self.sent.append(payload["revision"])


@pytest.fixture
def process(app: Flask) -> Iterator[Process]:
    settings = services_of(app).get(Settings)
    with Redis.from_url(settings.redis_url) as redis:
        redis.delete(f"events:user:{ME}", f"events:user:{ANOTHER}")
        yield Process(redis, settings)


def test_missed_events_are_sent_before_later_ones(process: Process) -> None:
    process.hear(process.tell(1))
    process.bus.channels.on_disconnected()
    process.tell(2)
    process.tell(9, ANOTHER)
    both = process.tell(3)
    process.missed.deliver()
    process.hear(both)
    process.hear(process.tell(4))
    assert process.sent == [1, 2, 3, 4]


def test_a_socket_without_any_event_yet(process: Process) -> None:
    process.missed.deliver()
    process.bus.channels.on_disconnected()
    process.tell(1)
    process.missed.deliver()
    process.missed.deliver()
    assert process.sent == [1]


def test_redis_restarted_empty(process: Process) -> None:
    """All events of the new log are new."""
    process.hear(process.tell(1))
    process.bus.channels.on_disconnected()
    process.log._tell.registered_client.delete(EPOCH_KEY, f"events:user:{ME}")
    process.tell(2)
    process.missed.deliver()
    assert process.sent == [1, 2]


def test_an_event_that_is_published_again_after_redis_lost_it_is_delivered_once(process: Process) -> None:
    """Its worker died before it had acknowledged the entry and Redis lost its data: the sweep publishes it again."""
    entry = Entry.of(CHANGED, utcnow())
    process.hear(process.tell(1, entry=entry))
    process.bus.channels.on_disconnected()
    process.log._tell.registered_client.delete(EPOCH_KEY, f"events:user:{ME}", f"event:{entry.id}")
    again = process.tell(1, entry=entry)
    process.missed.deliver()
    process.hear(again)
    process.hear(process.tell(2))
    assert process.sent == [1, 2]
