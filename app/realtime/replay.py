"""Replays missed events to a reconnecting socket, in order and without duplicates, before live ones.

A socket that connects with `lastEventId` does not join its owner's room at once: live events are buffered for it. After
the events of the log it is sent the buffered ones that are newer, and only then joins the room.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app.database import OUTAGES as DATABASE_OUTAGES
from app.logs import get_logger
from app.realtime.event_reader import EventId, EventReader
from app.realtime.events import room_of
from app.realtime.payloads import CAUGHT_UP
from app.redis_client import OUTAGES as REDIS_OUTAGES

log = get_logger(__name__)

PAGE = 50
MOST_HELD_BACK = 1000
MOST_UNSENT = 200
"""Packets queued for a client above which the replay pauses. admission.py closes the session at five times that."""
PAUSE_SECONDS = 0.05


@dataclass
class Held:
    """A socket whose replay is in progress. `seen` is the id of the last event sent to it; `events` are buffered."""

    sid: str
    user_id: str
    seen: object
    complete: bool = True
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


@dataclass(frozen=True)
class Sockets:
    """The operations of this process's Socket.IO server that the replay needs."""

    emit: Callable[[str, str, dict[str, Any]], None]
    enter: Callable[[str, str], None]
    unsent: Callable[[str], int | None]
    """The number of packets queued for a socket, or None once it has disconnected."""


class Replay:
    """The replays in progress in this process. Thread-safe."""

    def __init__(self, reader: EventReader, sockets: Sockets) -> None:
        self._reader = reader
        self._sockets = sockets
        self._lock = threading.RLock()
        self._held: dict[str, Held] = {}

    def hold(self, sid: str, user_id: str, last_event_id: object) -> None:
        """Starts buffering live events for this socket."""
        seen = "" if last_event_id is None else last_event_id
        with self._lock:
            self._held[sid] = Held(sid, user_id, seen if isinstance(seen, str) else "?")

    def begin(self, sid: str) -> None:
        """Starts the replay in a separate thread. Call it once the socket's CONNECT was accepted."""
        held = self._held.get(sid)
        if held is not None:
            threading.Thread(target=self._run, args=(held,), daemon=True).start()

    def forget(self, sid: str) -> None:
        with self._lock:
            self._held.pop(sid, None)

    def hear(self, message: dict[str, Any]) -> None:
        """Buffers a live event for the sockets that are still being replayed to. A listener of the bus."""
        if not self._held:
            return
        data = message.get("data")
        payload = data[0] if isinstance(data, list) and data else data
        with self._lock:
            for held in self._held.values():
                if message.get("room") == room_of(held.user_id) and isinstance(payload, dict):
                    held.complete = held.complete and len(held.events) < MOST_HELD_BACK
                    if held.complete:
                        held.events.append((message["event"], payload))

    def _run(self, held: Held) -> None:
        try:
            self._send_missed(held)
        except (*REDIS_OUTAGES, *DATABASE_OUTAGES) as error:
            log.warning("missed events not read", error=str(error)[:200])
            held.complete = False
        except Exception:
            log.exception("missed events not sent")
            held.complete = False
        self._release(held)

    def _send_missed(self, held: Held) -> None:
        more = True
        while more and self._may_send(held):
            page = self._reader.page(held.user_id, held.seen, PAGE)
            for logged in page.events:
                self._sockets.emit(held.sid, logged.event, logged.payload)
            held.complete = held.complete and page.complete
            held.seen, more = page.last_event_id, page.more

    def _may_send(self, held: Held) -> bool:
        """Waits until the client's queue is short enough. Returns False if it has disconnected."""
        while self._held.get(held.sid) is held:
            unsent = self._sockets.unsent(held.sid)
            if unsent is None:
                return False
            if unsent <= MOST_UNSENT:
                return True
            time.sleep(PAUSE_SECONDS)
        return False

    def _release(self, held: Held) -> None:
        """Sends the buffered events that are newer than the replayed ones, then adds the socket to its owner's room."""
        with self._lock:
            if self._held.pop(held.sid, None) is not held or self._sockets.unsent(held.sid) is None:
                return
            for event, payload in held.events:
                if _is_newer(payload.get("eventId"), held.seen):
                    self._sockets.emit(held.sid, event, payload)
                    held.seen = payload.get("eventId", held.seen)
            self._sockets.enter(held.sid, room_of(held.user_id))
            seen = held.seen if EventId.read(held.seen) else ""
            answer = {"lastEventId": seen, "complete": held.complete}
            self._sockets.emit(held.sid, CAUGHT_UP.name, CAUGHT_UP.payload().dump(answer))


def _is_newer(event_id: object, seen: object) -> bool:
    """Whether an event is newer than the last one sent. One of another epoch counts as newer."""
    this, last = EventId.read(event_id), EventId.read(seen)
    return this is None or last is None or this.epoch != last.epoch or this.position > last.position
