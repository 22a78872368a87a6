"""Makes up for a lost connection to Redis: what was told meanwhile reaches the sockets that stayed connected.

A web process that comes back reads, for each person with a socket here, what their log has since the last event that
they were told, before it listens on. Of the events that both the log and the channel have, each is passed on once.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Collection
from typing import Any

from app.database import OUTAGES as DATABASE_OUTAGES
from app.logs import get_logger
from app.realtime.bus import PatientRedisManager
from app.realtime.event_reader import EventId, EventReader, Told
from app.realtime.events import room_of
from app.redis_client import OUTAGES as REDIS_OUTAGES

log = get_logger(__name__)

MOST_PEOPLE = 10_000
MOST_EVENTS = 200
"""For one person; somebody who missed more sees the rest in their next GET."""
MARGIN_SECONDS = 5.0
"""A lost connection is noticed so late, at most."""


class MakingUp:
    """Remembers what people were told last. Used by the thread that listens alone."""

    def __init__(self, bus: PatientRedisManager, reader: EventReader, people: Callable[[], Collection[str]]) -> None:
        self._bus = bus
        self._reader = reader
        self._people = people
        self._told: OrderedDict[str, EventId] = OrderedDict()
        bus.is_news = self.is_news
        bus.channels.connected.insert(0, self.make_up)

    def is_news(self, message: dict[str, Any]) -> bool:
        """Whether an event is newer than what its person was told last, which it is from now on."""
        data, room = message.get("data"), message.get("room")
        payload = data[0] if isinstance(data, list) and data else None
        event_id = EventId.read(payload.get("eventId")) if isinstance(payload, dict) else None
        if event_id is None or not isinstance(room, str):
            return True
        last = self._told.get(room)
        if last is not None and last.epoch == event_id.epoch and event_id.position <= last.position:
            return False
        self._told[room] = event_id
        self._told.move_to_end(room)
        if len(self._told) > MOST_PEOPLE:
            self._told.popitem(last=False)
        return True

    def make_up(self) -> None:
        """Passes on what was missed; nothing at the first connection."""
        lost_at, self._bus.channels.lost_at = self._bus.channels.lost_at, None
        if lost_at is None:
            return
        since = int((time.time() - (time.monotonic() - lost_at) - MARGIN_SECONDS) * 1000)
        try:
            for user_id in set(self._people()):
                for told in self._missed(user_id, since):
                    self._bus.pass_on(told.event, told.payload, room_of(user_id))
        except (*REDIS_OUTAGES, *DATABASE_OUTAGES) as error:
            log.warning("missed events not read", error=str(error)[:200])

    def _missed(self, user_id: str, since: int) -> list[Told]:
        last = self._told.get(room_of(user_id))
        if last is None:
            return self._reader.since(user_id, since, MOST_EVENTS)
        return self._reader.page(user_id, str(last), MOST_EVENTS).events
