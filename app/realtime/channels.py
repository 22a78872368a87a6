"""Redis channels that share the message bus's connection, subscribed to on demand.

They share one connection because Redis keeps messages in order only within a connection, and the last piece of a text
must arrive before the event that ends it. Only the thread that reads a pub/sub connection may use it, so other threads
record which channels they want and wake the reader with a message on a private channel.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

from redis import Redis

from app.logs import get_logger
from app.redis_client import OUTAGES

log = get_logger(__name__)

CONFIRM_SECONDS = 1.0
"""How long `subscribe` waits for Redis to confirm a subscription."""

OnMessage = Callable[[str, bytes], None]


class Channels:
    """`subscribe` and `unsubscribe` are thread-safe; everything else is for the reading thread.

    `redis` publishes the wake-up message. `on_message` is called with the channel and the data of each message.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._wake_channel = f"wake:{uuid.uuid4().hex}"
        self._lock = threading.Lock()
        self._wanted: dict[str, threading.Event] = {}
        self._subscribed: set[str] = set()
        self._confirmed: set[str] = set()
        self._pubsub: Any = None
        self._away = False
        self.on_message: OnMessage | None = None
        self.connected: list[Callable[[], None]] = []
        """Called in order by the reading thread, after each (re)connection and before the first message."""
        self.lost_at: float | None = None
        """When the connection was lost (monotonic seconds). Reset by MissedEvents once the gap has been replayed."""

    def subscribe(self, name: str) -> bool:
        """Subscribes to a channel and returns whether Redis has confirmed it.

        During an outage this returns False; the subscription is made on reconnection.
        """
        with self._lock:
            confirmed = self._wanted.setdefault(name, threading.Event())
        return self._wake() and confirmed.wait(CONFIRM_SECONDS)

    def unsubscribe(self, name: str) -> None:
        """Unsubscribes from a channel."""
        with self._lock:
            self._wanted.pop(name, None)
        self._wake()

    def on_connected(self, pubsub: Any, main_channel: str) -> None:
        """Subscribes a new connection to the main channel and every wanted one."""
        pubsub.ignore_subscribe_messages = False
        with self._lock:
            self._pubsub, self._subscribed, self._confirmed = pubsub, set(self._wanted), set()
            pubsub.subscribe(main_channel, self._wake_channel, *self._wanted)
        self._away = False
        for connected in self.connected:
            self._call(connected)

    def on_disconnected(self) -> None:
        """Records that the connection was lost."""
        self._away = True
        if self.lost_at is None:
            self.lost_at = time.monotonic()
        with self._lock:
            self._pubsub = None
            for confirmed in self._wanted.values():
                confirmed.clear()

    def handle(self, message: dict[str, Any]) -> bool:
        """Handles a message of these channels. Returns False for one of the main channel, which is the caller's."""
        channel: str = message["channel"].decode()
        kind: str = message["type"]
        if kind == "subscribe":
            self._note(channel)
        elif kind == "message" and channel == self._wake_channel:
            self._adjust()
        elif kind == "message" and channel in self._subscribed:
            self._call(self.on_message, channel, message["data"])
        else:
            return kind != "message"
        return True

    def _wake(self) -> bool:
        """Wakes the reading thread. Returns False during an outage."""
        if self._away:
            return False
        try:
            self._redis.publish(self._wake_channel, b"")
        except OUTAGES:
            return False
        return True

    def _note(self, channel: str) -> None:
        with self._lock:
            self._confirmed.add(channel)
            if channel in self._wanted:
                self._wanted[channel].set()

    def _adjust(self) -> None:
        """Brings the connection's subscriptions in line with the wanted channels."""
        with self._lock:
            added, gone = set(self._wanted) - self._subscribed, self._subscribed - set(self._wanted)
            if added:
                self._pubsub.subscribe(*added)
            if gone:
                self._pubsub.unsubscribe(*gone)
            self._subscribed = set(self._wanted)
            self._confirmed -= gone
            for name in self._confirmed & set(self._wanted):
                self._wanted[name].set()

    def _call(self, what: Callable[..., None] | None, *arguments: Any) -> None:
        """Calls a callback, logging any exception so that the reading thread continues."""
        try:
            if what is not None:
                what(*arguments)
        except Exception:
            log.exception("message not handled")
