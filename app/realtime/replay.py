"""A socket that was away first gets what it missed, in order and once, and then what is new.

A socket that connects with `lastEventId` does not enter its owner's room at once: what is told there meanwhile is held
back for it. When everything in the log has been sent, what was held back and is newer follows, and only then does the
socket enter the room.
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
"""How many packets may wait for a client before it gets more; session rules end it at five times that."""
PAUSE_SECONDS = 0.05


@dataclass
class Held:
    """A socket that is being told what it missed. `seen` is the id of the last event that was sent to it."""

    sid: str
    user_id: str
    seen: object
    complete: bool = True
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


@dataclass(frozen=True)
class Sockets:
    """What the replay needs of the Socket.IO server of this process."""

    emit: Callable[[str, str, dict[str, Any]], None]
    enter: Callable[[str, str], None]
    unsent: Callable[[str], int | None]
    """How many packets wait for a socket; None when it has gone."""


class Replay:
    """The sockets of this process that are being told what they missed. Thread-safe."""

    def __init__(self, reader: EventReader, sockets: Sockets) -> None:
        self._reader = reader
        self._sockets = sockets
        self._lock = threading.RLock()
        self._held: dict[str, Held] = {}

    def hold(self, sid: str, user_id: str, last_event_id: object) -> None:
        """From now on what this socket's owner is told is held back for it."""
        seen = "" if last_event_id is None else last_event_id
        with self._lock:
            self._held[sid] = Held(sid, user_id, seen if isinstance(seen, str) else "?")

    def begin(self, sid: str) -> None:
        """Once the socket knows that it is connected: sends it what it missed, in a thread of its own."""
        held = self._held.get(sid)
        if held is not None:
            threading.Thread(target=self._run, args=(held,), daemon=True).start()

    def forget(self, sid: str) -> None:
        with self._lock:
            self._held.pop(sid, None)

    def hear(self, message: dict[str, Any]) -> None:
        """An event that was just sent to a room."""
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
            for told in page.events:
                self._sockets.emit(held.sid, told.event, told.payload)
            held.complete = held.complete and page.complete
            held.seen, more = page.last_event_id, page.more

    def _may_send(self, held: Held) -> bool:
        """Waits until the client has taken most of what it was sent; False when it has gone."""
        while self._held.get(held.sid) is held:
            unsent = self._sockets.unsent(held.sid)
            if unsent is None:
                return False
            if unsent <= MOST_UNSENT:
                return True
            time.sleep(PAUSE_SECONDS)
        return False

    def _release(self, held: Held) -> None:
        """What was held back, as far as it is newer; from here on the socket is in its owner's room."""
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
    """Whether an event comes after the last one that was sent; all that have another epoch do."""
    this, last = EventId.read(event_id), EventId.read(seen)
    return this is None or last is None or this.epoch != last.epoch or this.position > last.position
