"""Delivers events that were published while this process was disconnected from Redis.

After reconnecting, and before reading from the channel, the process reads the log of each user with a socket here, from
the last event that was delivered to them. An event that arrives both from the log and the channel is delivered once,
and so is one that is published again because Redis lost its data before a worker had acknowledged the outbox entry.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Collection
from typing import Any

from app.database import OUTAGES as DATABASE_OUTAGES
from app.logs import get_logger
from app.realtime.bus import PatientRedisManager
from app.realtime.event_reader import EventId, EventReader, LoggedEvent
from app.realtime.events import room_of
from app.redis_client import OUTAGES as REDIS_OUTAGES

log = get_logger(__name__)

MOST_PEOPLE = 10_000
MOST_EVENTS = 200
"""Per user. Clients that missed more see the rest with their next GET."""
MOST_ENTRIES = 10_000
"""How many events are remembered by their outbox entries: far more than are unacknowledged at any time."""
MARGIN_SECONDS = 5.0
"""The maximum delay until a lost connection is noticed."""


class MissedEvents:
    """Remembers the last event delivered to each user, and the latest events. For the bus's listening thread only."""

    def __init__(self, bus: PatientRedisManager, reader: EventReader, people: Callable[[], Collection[str]]) -> None:
        self._bus = bus
        self._reader = reader
        self._people = people
        self._delivered: OrderedDict[str, EventId] = OrderedDict()
        self._entries: OrderedDict[str, None] = OrderedDict()
        bus.is_new = self.is_new
        bus.channels.connected.insert(0, self.deliver)

    def is_new(self, message: dict[str, Any]) -> bool:
        """Returns whether an event is newer than the last one delivered to its user, and records it as delivered."""
        data, room = message.get("data"), message.get("room")
        payload = data[0] if isinstance(data, list) and data else None
        event_id = EventId.read(payload.get("eventId")) if isinstance(payload, dict) else None
        if event_id is None or not isinstance(room, str):
            return True
        last = self._delivered.get(room)
        if last is not None and last.epoch == event_id.epoch and event_id.position <= last.position:
            return False
        self._delivered[room] = event_id
        self._delivered.move_to_end(room)
        if len(self._delivered) > MOST_PEOPLE:
            self._delivered.popitem(last=False)
        return self._is_new_entry(message.get("entry"))

    def _is_new_entry(self, entry: object) -> bool:
        """Returns whether no event of this outbox entry was delivered, and records it. Older workers send none."""
        if not isinstance(entry, str) or not entry:
            return True
        if entry in self._entries:
            return False
        self._entries[entry] = None
        if len(self._entries) > MOST_ENTRIES:
            self._entries.popitem(last=False)
        return True

    def deliver(self) -> None:
        """Delivers the missed events after a reconnection. Does nothing on the first connection."""
        lost_at, self._bus.channels.lost_at = self._bus.channels.lost_at, None
        if lost_at is None:
            return
        since = int((time.time() - (time.monotonic() - lost_at) - MARGIN_SECONDS) * 1000)
        try:
            for user_id in set(self._people()):
                for logged in self._missed(user_id, since):
                    self._bus.deliver(logged.event, logged.payload, room_of(user_id), logged.entry)
        except (*REDIS_OUTAGES, *DATABASE_OUTAGES) as error:
            log.warning("missed events not read", error=str(error)[:200])

    def _missed(self, user_id: str, since: int) -> list[LoggedEvent]:
        last = self._delivered.get(room_of(user_id))
        if last is None:
            return self._reader.since(user_id, since, MOST_EVENTS)
        return self._reader.page(user_id, str(last), MOST_EVENTS).events
